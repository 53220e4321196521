/** Proxy in front of a server: records requests, and responds instead of the server if a test wants it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  url: string;
  status: number;
  headers: IncomingMessage['headers'];
  /** Time of the request, in milliseconds. */
  at: number;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface Proxy {
  url: string;
  /** All requests in order, including those whose connection was closed. */
  seen: Seen[];
  /** Responses to the next requests, instead of those of the server. */
  instead: Answer[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Responds with a status, headers and a body. */
export const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

/** Closes the connection without a response. */
export const cutting: Answer = (response) => {
  response.destroy();
};

/** Starts a proxy on a free port; `await using` stops it. */
export async function proxyTo(target: string): Promise<Proxy> {
  const seen: Seen[] = [];
  const instead: Answer[] = [];
  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const entry = { method, url, headers, status: 0, at: performance.now() };
    response.on('close', () => {
      entry.status = response.writableFinished ? response.statusCode : 0;
    });
    seen.push(entry);
    const answer = instead.shift() ?? forwarding(target);
    answer(response, incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dispose = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url, seen, instead, [Symbol.asyncDispose]: dispose };
}

const forwarding =
  (target: string): Answer =>
  (response, incoming) => {
    const { method, headers, url = '' } = incoming;
    const outgoing = request(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  };
