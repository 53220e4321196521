import { hash } from 'node:crypto';

/** Returns a strong ETag for `parts`. */
export function createEtag(parts: unknown[]): string {
  return `"${hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 27)}"`;
}

/** Content encodings of this server. */
export type Encoding = 'br' | 'gzip';

/** Returns the ETag of a compressed form; strong ETags must differ between encodings (RFC 9110, section 8.8.1). */
export const addEncoding = (etag: string, encoding: Encoding): string => `${etag.slice(0, -1)}-${encoding}"`;

/** Reverses `addEncoding`. */
export const removeEncoding = (etag: string, encoding: Encoding): string =>
  `${etag.slice(0, -encoding.length - 2)}"`;

/**
 * True if an `If-None-Match` header contains `etag`, by the weak comparison that RFC 9110 requires. All
 * encodings of a response are equal: a client may have another one than it would get now.
 */
export const etagMatches = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch === etag || findMatchingTag(ifNoneMatch, etag) !== undefined;

/** Returns the ETag for a 304: that of the client's copy if it is one of this server, otherwise `etag`. */
export function chooseNotModifiedEtag(ifNoneMatch: string, etag: string): string {
  const tag = findMatchingTag(ifNoneMatch, etag)?.replace(WEAK, '');
  return tag !== undefined && isOwnForm(tag, etag) ? tag : etag;
}

/**
 * Comparison of an `If-Match` header with `etag`. `marked`: it contains the ETag only in a form that a proxy
 * gave it, which the strong comparison that RFC 9110 requires does not match.
 */
export function compareIfMatch(ifMatch: string, etag: string): 'match' | 'marked' | 'different' {
  if (splitTags(ifMatch).some((tag) => isOwnForm(tag, etag))) return 'match';
  return findMatchingTag(ifMatch, etag) === undefined ? 'different' : 'marked';
}

const splitTags = (list: string): string[] => list.split(',').map((tag) => tag.trim());

const isOwnForm = (tag: string, etag: string): boolean =>
  tag === etag || tag === addEncoding(etag, 'br') || tag === addEncoding(etag, 'gzip');

const WEAK = /^W\//;

/**
 * Suffixes of this server and of proxies that compress, also one after the other; Apache appends `-gzip`, Jetty
 * `--gzip`, and others `;gzip`.
 */
const SUFFIXES = /^(?:(?:--?|;)(?:br|gzip|deflate|zstd))*"$/;

function findMatchingTag(list: string, etag: string): string | undefined {
  return splitTags(list).find((tag) => {
    const opaqueTag = tag.replace(WEAK, '');
    const start = etag.slice(0, -1);
    return opaqueTag.startsWith(start) && SUFFIXES.test(opaqueTag.slice(start.length));
  });
}
