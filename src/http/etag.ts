/** Conditional requests: what has not changed is not sent again, nor even looked up. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Snapshot } from '../store/snapshot.ts';
import { buildFingerprint } from './build-fingerprint.ts';

/**
 * Whether what the client has is still right. `proved`: it named the ETag, which it can only have from an answer
 * like this one. `if-there`: it did not, so it is right only if there is an answer at all.
 */
export type PreconditionResult = 'etag-match' | 'match-if-exists' | 'modified';

/**
 * Sets the validators of the answer at `url`, and says how fresh the client's copy is, before the store is asked
 * anything else. Where it is fresh the handler answers 304.
 */
export function checkPreconditions(
  request: FastifyRequest,
  reply: FastifyReply,
  { revision, redaction, recordedAt, immutable: isImmutable, lastModifiedIsReliable }: Snapshot,
  { url, mediaType }: { url: string; mediaType: string },
): PreconditionResult {
  // Another store may have the same revision, recorded at another time.
  const etag = createEtag([buildFingerprint, revision, recordedAt, redaction, url, mediaType]);
  reply.header('etag', etag);
  reply.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'public, no-cache');
  if (recordedAt !== null) reply.header('last-modified', new Date(recordedAt).toUTCString());

  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = request.headers;
  if (ifNoneMatch === '*') return 'match-if-exists';
  if (ifNoneMatch !== undefined) return etagMatches(ifNoneMatch, etag) ? 'etag-match' : 'modified';
  // Last-Modified counts seconds: a revision that shares its second with another proves nothing.
  if (ifModifiedSince === undefined || recordedAt === null || !lastModifiedIsReliable) return 'modified';
  const isUnmodified = Math.floor(Date.parse(recordedAt) / 1000) <= Date.parse(ifModifiedSince) / 1000;
  return isUnmodified ? 'match-if-exists' : 'modified';
}

/** A strong ETag of `parts`. */
export function createEtag(parts: unknown[]): string {
  return `"${hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 27)}"`;
}

/** Whether an `If-None-Match` header names `etag`, by the weak comparison that RFC 9110 wants for it. */
export function etagMatches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag) return true;
  const candidates = ifNoneMatch.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return candidates.includes(etag);
}
