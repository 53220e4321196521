/** HTTP client that reports the size of responses on the wire. */
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface HttpResponse {
  status: number;
  /** Names and values as received. */
  headers: [string, string][];
  body: Buffer;
  /** Size of head and body on the wire, if the body was not sent in chunks. */
  bytes: number;
}

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

/** Sends a GET request, and throws unless the status of the response is 200. */
export async function getOkResponse(url: string): Promise<HttpResponse> {
  const response = await getResponse(url);
  if (response.status !== 200)
    throw new Error(`GET ${url}: status ${response.status}, expected 200: ${response.body}`);
  return response;
}
