/** One request, and all that came back. */
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface HttpResponse {
  status: number;
  /** As they came, names and values. */
  headers: [string, string][];
  body: Buffer;
  /** Of the whole answer as it came over the wire, if it came in one piece. */
  bytes: number;
}

/** As a client asks that goes on asking. */
const agent = new Agent({ keepAlive: true });

export async function getResponse(url: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
  const [response] = (await once(get(url, { agent, headers }), 'response')) as [IncomingMessage];
  const body = await buffer(response);
  const { rawHeaders, statusCode: status = 0, statusMessage = '', httpVersion } = response;
  const fields = rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] as string]] : [],
  );
  const headLines = [
    `HTTP/${httpVersion} ${status} ${statusMessage}`,
    ...fields.map((field) => field.join(': ')),
  ];
  return {
    status,
    headers: fields,
    body,
    bytes: Buffer.byteLength(`${headLines.join('\r\n')}\r\n\r\n`) + body.length,
  };
}

/** The same, which must be answered with 200. */
export async function getOkResponse(url: string): Promise<HttpResponse> {
  const response = await getResponse(url);
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}: ${response.body}`);
  return response;
}
