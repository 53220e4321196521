/** Requests for a part of a file (RFC 9110, section 14), with which clients resume downloads and read single pages. */
import type { FastifyRequest } from 'fastify';
import { quoteText } from '../lib/graphemes.ts';
import { Problem } from '../lib/problem-details.ts';

/** Positions of the first and last byte. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * Returns the range that the request asks for; null to send the whole file, as for several ranges at once, which few clients
 * send. Throws a 416 if the file has no byte of the range.
 */
export function getRequestedRange(
  { method, headers }: FastifyRequest,
  { etag, sizeBytes }: { etag: string; sizeBytes: number },
): ByteRange | null {
  const { range } = headers;
  const ifRange = headers['if-range'];
  if (method !== 'GET' || range === undefined) return null;
  // A date has a resolution of one second, and two revisions may be recorded in one.
  if (ifRange !== undefined && ifRange !== etag) return null;
  const parsed = parseByteRange(range, sizeBytes);
  if (parsed !== 'unsatisfiable') return parsed;
  throw new Problem(
    'range-not-satisfiable',
    `The file has ${sizeBytes} bytes, and none in the range ${quoteText(range)}`,
    [],
    { 'content-range': `bytes */${sizeBytes}` },
  );
}

/** Parses a `Range` header with one range; null if it has several, another unit or an error, which RFC 9110 ignores. */
export function parseByteRange(header: string, sizeBytes: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header) ?? [];
  if (first === '' && last === '') return null;
  if (first === '')
    return Number(last) === 0 || sizeBytes === 0 ? 'unsatisfiable' : toSuffix(Number(last), sizeBytes);
  if (last !== '' && Number(last) < Number(first)) return null;
  if (Number(first) >= sizeBytes) return 'unsatisfiable';
  const end = sizeBytes - 1;
  return { first: Number(first), last: last === '' ? end : Math.min(Number(last), end) };
}

const toSuffix = (length: number, sizeBytes: number): ByteRange => ({
  first: Math.max(0, sizeBytes - length),
  last: sizeBytes - 1,
});
