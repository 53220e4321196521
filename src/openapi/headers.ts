/** The headers of answers, as components of the OpenAPI documents. */
import { type ProblemCode, problems } from '../lib/problem-details.ts';
import type { JsonSchema } from './schemas.ts';

const header = (description: string) => ({ description, schema: { type: 'string' } });

export const headers: Record<string, JsonSchema> = {
  ETag: header('Send it back in If-None-Match: the answer is 304 as long as it would be the same.'),
  'Last-Modified': header('When the revision that was read was recorded.'),
  'Cache-Control': header('immutable where the request names its revision by asOf or a cursor.'),
  'Content-Disposition': header('The name of the file that a browser makes of it.'),
  Location: header('Where to ask instead.'),
  Link: header('The links of the body, and the other formats as rel="alternate", by RFC 8288.'),
  'Content-Length': header('How many bytes the file has: an answer with fewer was cut off.'),
  'Repr-Digest': header('SHA-256 of the file, by RFC 9530: `sha-256=:...:` with base64 between the colons.'),
  'Summit-Facts-Sha256': header('The same in hexadecimal, as `sha256sum` prints it.'),
  'Summit-Facts-Revision': header('The revision that was read; 0 of an empty store.'),
  Vary: header('The request headers that decide on the answer.'),
  'Retry-After': header('In how many seconds to ask again.'),
  'WWW-Authenticate': header('Which key is wanted, by RFC 6750.'),
  'X-Request-Id': header('The X-Request-Id of the request, or a new one.'),
  RateLimit: header('How many requests are left, and for how many seconds.'),
  'RateLimit-Policy': header('How many requests a client has in how many seconds.'),
};

export const RATE_HEADERS = ['RateLimit', 'RateLimit-Policy'];
export const STREAM_HEADERS = ['Content-Disposition', 'Summit-Facts-Revision'];
export const CACHE_HEADERS = ['ETag', 'Last-Modified', 'Cache-Control'];

/** Refers to the components of these names. */
export const refs = (names: string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The headers of a refusal for one of `codes`, which have a status in common. */
export function problemHeaders([code]: ProblemCode[]): { headers?: JsonSchema } {
  const name = code && BY_STATUS[problems[code].status];
  return name ? { headers: refs([name]) } : {};
}

const BY_STATUS: Record<number, string> = {
  401: 'WWW-Authenticate',
  403: 'WWW-Authenticate',
  429: 'Retry-After',
  503: 'Retry-After',
};
