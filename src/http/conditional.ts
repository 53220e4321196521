/** Conditional requests: what has not changed is not sent again, nor even looked up. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contractVersion } from './contract.ts';
import { canonicalQuery, splitUrl } from './query-string.ts';

/** What an answer was read at. */
export interface Reading {
  /** 0 of an empty store. */
  revision: number;
  recordedAt: string | null;
  /** Whether the answer is the same for ever, because the request names the revision. */
  pinned: boolean;
  /** Whether `recordedAt`, in whole seconds, tells this revision from the one before it. */
  dated: boolean;
}

/** The URL of a request with its parameters in order: what `links.self` shows and the ETag is made of. */
export function canonicalUrl(request: FastifyRequest): string {
  const { path, values } = splitUrl(request.url);
  return path + canonicalQuery(values);
}

/**
 * Sets the validators of the answer, and says whether the client's copy is still right: then the handler sends
 * a 304 and asks the store nothing.
 */
export function isFresh(
  request: FastifyRequest,
  reply: FastifyReply,
  { revision, recordedAt, pinned, dated }: Reading,
  mediaType: string,
): boolean {
  const etag = etagOf([contractVersion, revision, canonicalUrl(request), mediaType]);
  reply.header('etag', etag);
  reply.header('cache-control', pinned ? 'public, max-age=31536000, immutable' : 'public, no-cache');
  if (recordedAt !== null) reply.header('last-modified', new Date(recordedAt).toUTCString());

  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = request.headers;
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag);
  // Last-Modified counts seconds: a revision that shares its second with another proves nothing.
  if (ifModifiedSince === undefined || recordedAt === null || !dated) return false;
  return Math.floor(Date.parse(recordedAt) / 1000) <= Date.parse(ifModifiedSince) / 1000;
}

/** A strong ETag of `parts`. */
export function etagOf(parts: unknown[]): string {
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27)}"`;
}

/** Whether an `If-None-Match` header names `etag`, by the weak comparison that RFC 9110 wants for it. */
export function matches(ifNoneMatch: string, etag: string): boolean {
  const named = ifNoneMatch.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return named.includes('*') || named.includes(etag);
}
