/** Response headers, as components of the OpenAPI documents. */
import { PROBLEM_TYPES, type ProblemCode } from '../lib/problem-details.ts';
import { EXAMPLE_REQUEST_ID } from './problem-examples.ts';
import type { JsonSchema } from './schemas.ts';

const defineHeader = (description: string, example: string): JsonSchema => ({
  description,
  example,
  schema: { type: 'string' },
});

export const HEADER_COMPONENTS: Record<string, JsonSchema> = {
  ETag: defineHeader(
    'Send it back in If-None-Match: the response is 304 as long as it has not changed.',
    '"mqXviGAnP4SiY4wtM2pMxr-6HH4"',
  ),
  'Last-Modified': defineHeader(
    'Time at which the revision of the response was recorded.',
    'Tue, 24 Nov 2026 00:00:00 GMT',
  ),
  'Cache-Control': defineHeader(
    'Contains `immutable` if the response can never change: its revision is fixed, by a cursor or an earlier asOf, and so are the rights.',
    'public, no-cache',
  ),
  'Content-Disposition': defineHeader(
    'File name under which a browser saves the response.',
    'inline; filename="events.csv"',
  ),
  Location: defineHeader('URL to request instead.', '/v1/events.csv'),
  Link: defineHeader(
    'Links of the body, the other formats as rel="alternate", and the description of a CSV as rel="describedby" (RFC 8288).',
    '</v1/events>; rel="self", </v1/events.csv>; rel="alternate"; type="text/csv"',
  ),
  'Content-Length': defineHeader('Size of the file in bytes: a response with fewer was cut off.', '761856'),
  'Accept-Ranges': defineHeader(
    '`bytes`: a request can ask for a part of the file in `Range`, and name its ETag in `If-Range`.',
    'bytes',
  ),
  'Content-Range': defineHeader(
    'Positions of the first and last byte of the part, and the length of the file.',
    'bytes 0-99/761856',
  ),
  'Repr-Digest': defineHeader(
    'SHA-256 of the file (RFC 9530): `sha-256=:...:` with base64 between the colons.',
    'sha-256=:EolXL3h7Bxy0P5WFgjKy2q3/JdJxa3F/bGU3QPKLICM=:',
  ),
  'Summit-Facts-Sha256': defineHeader(
    'SHA-256 of the file in hexadecimal, as `sha256sum` prints it.',
    '1289572f787b071cb43f95858232b2daadff25d2716b717f6c653740f28b2023',
  ),
  'Summit-Facts-Revision': defineHeader('Revision of the response; 0 for an empty database.', '1'),
  Vary: defineHeader('Request headers that the response depends on.', 'Accept'),
  'Retry-After': defineHeader('Seconds to wait before the next request.', '30'),
  'WWW-Authenticate': defineHeader(
    'Key that the operation requires (RFC 6750).',
    'Bearer realm="Summit Facts"',
  ),
  'X-Request-Id': defineHeader('The X-Request-Id of the request, or a new one.', EXAMPLE_REQUEST_ID),
  RateLimit: defineHeader(
    'Number of requests left, and seconds until the count restarts.',
    '"default";r=999;t=60',
  ),
  'RateLimit-Policy': defineHeader(
    'Number of requests per client, and length of the window in seconds.',
    '"default";q=1000;w=60',
  ),
};

export const RATE_LIMIT_HEADERS = ['RateLimit', 'RateLimit-Policy'];
export const STREAM_HEADERS = ['Content-Disposition', 'Summit-Facts-Revision'];
export const CACHE_HEADERS = ['ETag', 'Last-Modified', 'Cache-Control'];

/** Returns references to the components with these names. */
export const createHeaderRefs = (names: string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Returns the headers of a problem response; all of `codes` have the same status. */
export function getProblemHeaders([code]: ProblemCode[]): { headers?: JsonSchema } {
  const name = code && HEADER_BY_STATUS[PROBLEM_TYPES[code].status];
  return name ? { headers: createHeaderRefs([name]) } : {};
}

const HEADER_BY_STATUS: Record<number, string> = {
  401: 'WWW-Authenticate',
  403: 'WWW-Authenticate',
  416: 'Content-Range',
  429: 'Retry-After',
  503: 'Retry-After',
};
