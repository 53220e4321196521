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
  const hostCount = countHostHeaders(request);
  // HTTP/1.0 knows requests without a host; no version knows requests with two.
  if (hostCount > 1 || (hostCount === 0 && request.raw.httpVersion === '1.1')) {
    throw new Problem('invalid-request', `The request has ${hostCount} Host headers, and must have one.`);
  }
  const { url } = request;
  const maxLength = /[?&]cursor=/.test(url) ? MAX_URL_LENGTH_WITH_CURSOR : MAX_URL_LENGTH;
  if (url.length > maxLength) {
    const detail = `The URL has ${url.length} characters; at most ${maxLength} are read.`;
    throw new Problem('url-too-long', detail);
  }
  if (url.includes('#')) throw new Problem('invalid-url', 'A fragment (#) is no part of a request.');
}

/** How many Host headers a request came with: Node keeps only the first. */
export function countHostHeaders({ raw: { rawHeaders } }: FastifyRequest): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
