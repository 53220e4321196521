/** Conditional requests: an unchanged response is neither sent again nor read from the database. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Snapshot } from '../store/snapshot.ts';
import { buildId } from './build-id.ts';

/**
 * State of the client's copy. `etag-match`: it is current, since the client can have this ETag only from an
 * equal response. `match-if-exists`: the client did not send the ETag, so its copy is current only if the
 * resource exists.
 */
export type PreconditionResult = 'etag-match' | 'match-if-exists' | 'modified';

/**
 * Sets the validators of the response at `url`, and evaluates the preconditions of the request before the
 * handler runs further queries. If the client's copy is current, the handler responds with 304.
 */
export function checkPreconditions(
  request: FastifyRequest,
  reply: FastifyReply,
  { revision, redaction, recordedAt, immutable: isImmutable, lastModifiedIsReliable }: Snapshot,
  { url, mediaType }: { url: string; mediaType: string },
): PreconditionResult {
  // Another database may have the same revision number, recorded at another time.
  const etag = createEtag([buildId, revision, recordedAt, redaction, url, mediaType]);
  reply.header('etag', etag);
  reply.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'public, no-cache');
  if (recordedAt !== null) reply.header('last-modified', new Date(recordedAt).toUTCString());

  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = request.headers;
  if (ifNoneMatch === '*') return 'match-if-exists';
  if (ifNoneMatch !== undefined) return etagMatches(ifNoneMatch, etag) ? 'etag-match' : 'modified';
  // Last-Modified has a resolution of one second: it cannot distinguish two revisions of the same second.
  if (ifModifiedSince === undefined || recordedAt === null || !lastModifiedIsReliable) return 'modified';
  const isUnmodified = Math.floor(Date.parse(recordedAt) / 1000) <= Date.parse(ifModifiedSince) / 1000;
  return isUnmodified ? 'match-if-exists' : 'modified';
}

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
