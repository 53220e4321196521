import { hash } from 'node:crypto';

/** Returns a strong ETag for `parts`. */
export function createEtag(parts: unknown[]): string {
  return `"${hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 27)}"`;
}

/** True if an `If-None-Match` header contains `etag`, by the weak comparison that RFC 9110 requires. */
export function etagMatches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag) return true;
  const candidates = ifNoneMatch.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return candidates.includes(etag);
}
