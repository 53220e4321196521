/** Conditional requests: an unchanged response is neither sent again nor read from the database. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Snapshot } from '../store/snapshot.ts';
import { buildId } from './build-id.ts';
import { chooseNotModifiedEtag, createEtag, etagMatches } from './etag.ts';

/** Headers by which clients and caches revalidate a response. */
export interface Validators {
  etag: string;
  /** RFC 3339 instant of the last change; null if there is none. */
  lastModified?: string | null;
  /** True if `lastModified`, in whole seconds, identifies the state of the resource. */
  lastModifiedIsReliable?: boolean;
  /** True if the response at this URL never changes. */
  isImmutable?: boolean;
  /** True if the response depends on the API key, so that shared caches must not serve it to other clients. */
  variesByKey?: boolean;
}

interface ConditionalOptions {
  /** True if the resource always exists, so that a 304 needs no content. */
  alwaysExists?: boolean;
  /** True if a matching ETag is not enough for a 304: producing the content also checks the client's rights. */
  alwaysProduce?: boolean;
}

/** Result instead of the content if the client's copy is current. */
export const NOT_MODIFIED = Symbol('not modified');

/** Returns the validators of the response at `url` for a snapshot. */
export const createSnapshotValidators = (
  { revision, redaction, recordedAt, immutable, lastModifiedIsReliable }: Snapshot,
  { url, mediaType }: { url: string; mediaType: string },
): Validators => ({
  // Another database may have the same revision number, recorded at another time.
  etag: createEtag([buildId, revision, recordedAt, redaction, url, mediaType]),
  lastModified: recordedAt,
  lastModifiedIsReliable,
  isImmutable: immutable,
});

/**
 * Sets the validators, and returns the content, or `NOT_MODIFIED` if the client's copy is current. Within a
 * snapshot, the caller sends the 304 after the snapshot is closed. If `produce` removes the ETag, its content
 * is returned in any case.
 */
export async function produceIfModified<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  validators: Validators,
  { alwaysExists = false, alwaysProduce = false }: ConditionalOptions,
  produce: () => T | Promise<T>,
): Promise<T | typeof NOT_MODIFIED> {
  setValidators(request, reply, validators);
  const state = checkPreconditions(request, validators);
  const { 'if-none-match': ifNoneMatch } = request.headers;
  if (state === 'etag-match' && ifNoneMatch !== undefined)
    reply.header('etag', chooseNotModifiedEtag(ifNoneMatch, validators.etag));
  const isCurrent = state === 'etag-match' || (alwaysExists && state === 'match-if-exists');
  if (isCurrent && !alwaysProduce) return NOT_MODIFIED;
  const content = await produce();
  return state === 'modified' || !reply.hasHeader('etag') ? content : NOT_MODIFIED;
}

/** Responds with the content, or with 304 if the client's copy is current. */
export async function conditionalResponse<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  validators: Validators,
  options: ConditionalOptions,
  produce: () => T | Promise<T>,
): Promise<T | FastifyReply> {
  const content = await produceIfModified(request, reply, validators, options, produce);
  return content === NOT_MODIFIED ? sendNotModified(reply) : content;
}

export const sendNotModified = (reply: FastifyReply): FastifyReply => reply.code(304).send();

function setValidators(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { etag, lastModified = null, isImmutable = false, variesByKey = false }: Validators,
): void {
  reply.header('etag', etag);
  if (lastModified !== null) reply.header('last-modified', new Date(lastModified).toUTCString());
  if (variesByKey) reply.header('vary', 'Authorization');
  const scope = variesByKey && headers.authorization !== undefined ? 'private' : 'public';
  reply.header('cache-control', `${scope}, ${isImmutable ? 'max-age=31536000, immutable' : 'no-cache'}`);
}

/**
 * State of the client's copy. `etag-match`: it is current, since the client can have this ETag only from an
 * equal response. `match-if-exists`: the client did not send the ETag, so its copy is current only if the
 * resource exists.
 */
type PreconditionState = 'etag-match' | 'match-if-exists' | 'modified';

function checkPreconditions(
  { headers }: FastifyRequest,
  { etag, lastModified = null, lastModifiedIsReliable = false }: Validators,
): PreconditionState {
  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = headers;
  if (ifNoneMatch === '*') return 'match-if-exists';
  if (ifNoneMatch !== undefined) return etagMatches(ifNoneMatch, etag) ? 'etag-match' : 'modified';
  // Last-Modified has a resolution of one second: it cannot distinguish two revisions of the same second.
  if (ifModifiedSince === undefined || lastModified === null || !lastModifiedIsReliable) return 'modified';
  const isUnmodified = Math.floor(Date.parse(lastModified) / 1000) <= Date.parse(ifModifiedSince) / 1000;
  return isUnmodified ? 'match-if-exists' : 'modified';
}
