import { hash } from 'node:crypto';

/** Returns a strong ETag for `parts`. */
export function createEtag(parts: unknown[]): string {
  return `"${hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 27)}"`;
}

/** Returns the ETag of a compressed form; strong ETags must differ between encodings (RFC 9110, section 8.8.1). */
export const addEncoding = (etag: string, encoding: string): string => `${etag.slice(0, -1)}-${encoding}"`;

/** True if an `If-None-Match` header contains `etag`, by the weak comparison that RFC 9110 requires. */
export const etagMatches = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch === etag ||
  splitTags(ifNoneMatch).some((tag) => tag === etag || removeProxyMarks(tag) === etag);

/**
 * Comparison of an `If-Match` header with `etag`. `marked`: it contains the ETag only in the form that a proxy
 * gave it, which the strong comparison that RFC 9110 requires does not match.
 */
export function compareIfMatch(ifMatch: string, etag: string): 'match' | 'marked' | 'different' {
  const tags = splitTags(ifMatch);
  if (tags.includes(etag)) return 'match';
  return tags.some((tag) => removeProxyMarks(tag) === etag) ? 'marked' : 'different';
}

const splitTags = (list: string): string[] => list.split(',').map((tag) => tag.trim());

/** Marks of proxies that compress: nginx sends `W/"x"`, Apache `"x-gzip"`, Jetty `"x--gzip"`, others `"x;br"`. */
const PROXY_MARKS = /^(?:W\/)?("[^"]*?)(?:(?:--?|;)(?:gzip|br|deflate|zstd))?"$/;

const removeProxyMarks = (tag: string): string => tag.replace(PROXY_MARKS, '$1"');
