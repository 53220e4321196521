/** Conditional requests: what has not changed is not sent again, nor even looked up. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reading } from '../store/snapshot.ts';
import { buildFingerprint } from './build-fingerprint.ts';

/**
 * Whether what the client has is still right. `proved`: it named the ETag, which it can only have from an answer
 * like this one. `if-there`: it did not, so it is right only if there is an answer at all.
 */
export type Freshness = 'proved' | 'if-there' | 'no';

/**
 * Sets the validators of the answer at `url`, and says how fresh the client's copy is, before the store is asked
 * anything else. Where it is fresh the handler answers 304.
 */
export function freshness(
  request: FastifyRequest,
  reply: FastifyReply,
  { revision, redaction, recordedAt, pinned, dated }: Reading,
  { url, mediaType }: { url: string; mediaType: string },
): Freshness {
  // Another store may have the same revision, recorded at another time.
  const etag = etagOf([buildFingerprint, revision, recordedAt, redaction, url, mediaType]);
  reply.header('etag', etag);
  reply.header('cache-control', pinned ? 'public, max-age=31536000, immutable' : 'public, no-cache');
  if (recordedAt !== null) reply.header('last-modified', new Date(recordedAt).toUTCString());

  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = request.headers;
  if (ifNoneMatch === '*') return 'if-there';
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag) ? 'proved' : 'no';
  // Last-Modified counts seconds: a revision that shares its second with another proves nothing.
  if (ifModifiedSince === undefined || recordedAt === null || !dated) return 'no';
  const unmodified = Math.floor(Date.parse(recordedAt) / 1000) <= Date.parse(ifModifiedSince) / 1000;
  return unmodified ? 'if-there' : 'no';
}

/** A strong ETag of `parts`. */
export function etagOf(parts: unknown[]): string {
  return `"${hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 27)}"`;
}

/** Whether an `If-None-Match` header names `etag`, by the weak comparison that RFC 9110 wants for it. */
export function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag) return true;
  const named = ifNoneMatch.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return named.includes(etag);
}
