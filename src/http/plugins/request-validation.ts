/** Refuses requests that no route could answer: a client that has gone, a wrong number of hosts, a URL too long. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import { MAX_URL_LENGTH, MAX_URL_LENGTH_WITH_CURSOR } from '../limits.ts';

export function requestValidation(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    validateRequest(request);
    done();
  });
}

function validateRequest(request: FastifyRequest): void {
  // What follows counts requests by address, and a connection that was reset has none.
  if (request.ip === undefined) throw new Problem('invalid-request', 'The client has gone.');
  const hosts = hostsIn(request);
  // HTTP/1.0 knows requests without a host; no version knows requests with two.
  if (hosts > 1 || (hosts === 0 && request.raw.httpVersion === '1.1')) {
    throw new Problem('invalid-request', `The request has ${hosts} Host headers, and must have one.`);
  }
  const { url } = request;
  const most = /[?&]cursor=/.test(url) ? MAX_URL_LENGTH_WITH_CURSOR : MAX_URL_LENGTH;
  if (url.length > most) {
    const detail = `The URL has ${url.length} characters; at most ${most} are read.`;
    throw new Problem('url-too-long', detail);
  }
  if (url.includes('#')) throw new Problem('invalid-url', 'A fragment (#) is no part of a request.');
}

/** How many Host headers a request came with: Node keeps only the first. */
export function hostsIn({ raw: { rawHeaders } }: FastifyRequest): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}
