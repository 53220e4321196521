/** One request, and all that came back. */
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Answer {
  status: number;
  /** As they came, names and values. */
  headers: [string, string][];
  body: Buffer;
  /** Of the whole answer as it came over the wire, if it came in one piece. */
  bytes: number;
}

/** As a client asks that goes on asking. */
const agent = new Agent({ keepAlive: true });

export async function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const [response] = (await once(get(url, { agent, headers }), 'response')) as [IncomingMessage];
  const body = await buffer(response);
  const { rawHeaders, statusCode: status = 0, statusMessage = '', httpVersion } = response;
  const fields = rawHeaders.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1] as string]] : [],
  );
  const head = [`HTTP/${httpVersion} ${status} ${statusMessage}`, ...fields.map((field) => field.join(': '))];
  return {
    status,
    headers: fields,
    body,
    bytes: Buffer.byteLength(`${head.join('\r\n')}\r\n\r\n`) + body.length,
  };
}

/** The same, which must be answered with 200. */
export async function askWell(url: string): Promise<Answer> {
  const answer = await ask(url);
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}: ${answer.body}`);
  return answer;
}
