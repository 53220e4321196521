/** The headers of answers, as components of the OpenAPI documents. */
import { PROBLEM_TYPES, type ProblemCode } from '../lib/problem-details.ts';
import type { JsonSchema } from './schemas.ts';

const defineHeader = (description: string) => ({ description, schema: { type: 'string' } });

export const HEADER_COMPONENTS: Record<string, JsonSchema> = {
  ETag: defineHeader('Send it back in If-None-Match: the answer is 304 as long as it would be the same.'),
  'Last-Modified': defineHeader('When the revision that was read was recorded.'),
  'Cache-Control': defineHeader('immutable where the request names its revision by asOf or a cursor.'),
  'Content-Disposition': defineHeader('The name of the file that a browser makes of it.'),
  Location: defineHeader('Where to ask instead.'),
  Link: defineHeader('The links of the body, and the other formats as rel="alternate", by RFC 8288.'),
  'Content-Length': defineHeader('How many bytes the file has: an answer with fewer was cut off.'),
  'Repr-Digest': defineHeader(
    'SHA-256 of the file, by RFC 9530: `sha-256=:...:` with base64 between the colons.',
  ),
  'Summit-Facts-Sha256': defineHeader('The same in hexadecimal, as `sha256sum` prints it.'),
  'Summit-Facts-Revision': defineHeader('The revision that was read; 0 of an empty store.'),
  Vary: defineHeader('The request headers that decide on the answer.'),
  'Retry-After': defineHeader('In how many seconds to ask again.'),
  'WWW-Authenticate': defineHeader('Which key is wanted, by RFC 6750.'),
  'X-Request-Id': defineHeader('The X-Request-Id of the request, or a new one.'),
  RateLimit: defineHeader('How many requests are left, and for how many seconds.'),
  'RateLimit-Policy': defineHeader('How many requests a client has in how many seconds.'),
};

export const RATE_LIMIT_HEADERS = ['RateLimit', 'RateLimit-Policy'];
export const STREAM_HEADERS = ['Content-Disposition', 'Summit-Facts-Revision'];
export const CACHE_HEADERS = ['ETag', 'Last-Modified', 'Cache-Control'];

/** Refers to the components of these names. */
export const createHeaderRefs = (names: string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The headers of a refusal for one of `codes`, which have a status in common. */
export function getProblemHeaders([code]: ProblemCode[]): { headers?: JsonSchema } {
  const name = code && HEADER_BY_STATUS[PROBLEM_TYPES[code].status];
  return name ? { headers: createHeaderRefs([name]) } : {};
}

const HEADER_BY_STATUS: Record<number, string> = {
  401: 'WWW-Authenticate',
  403: 'WWW-Authenticate',
  429: 'Retry-After',
  503: 'Retry-After',
};
