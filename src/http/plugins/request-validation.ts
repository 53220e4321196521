/** Validation before any route runs: client address, Host header, length and form of the URL. */
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
  // Later hooks count requests by client address, and a connection that was reset has none.
  if (request.ip === undefined) throw new Problem('invalid-request', 'The client has disconnected');
  const hostCount = countHostHeaders(request);
  // HTTP/1.0 allows requests without a Host header; no version allows two.
  if (hostCount > 1 || (hostCount === 0 && request.raw.httpVersion === '1.1')) {
    throw new Problem('invalid-request', `The request has ${hostCount} Host headers; it must have one`);
  }
  const { url } = request;
  const maxLength = /[?&]cursor=/.test(url) ? MAX_URL_LENGTH_WITH_CURSOR : MAX_URL_LENGTH;
  if (url.length > maxLength) {
    const detail = `The URL has ${url.length} characters; at most ${maxLength} are allowed`;
    throw new Problem('url-too-long', detail);
  }
  if (url.includes('#')) throw new Problem('invalid-url', 'The URL must not contain a fragment (#)');
}

/** Number of Host headers in the request; Node's parsed headers have only the first. */
export function countHostHeaders({ raw: { rawHeaders } }: FastifyRequest): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
