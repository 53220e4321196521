/** Responses of the read routes: snapshots, conditional requests, slow queries and pagination. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import {
  createSnapshotValidators,
  NOT_MODIFIED,
  produceIfModified,
  sendNotModified,
  type Validators,
} from '../../http/conditional-response.ts';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Reader } from '../../store/database.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { type Alternate, stripPagination } from '../service/alternates.ts';
import { resolveAsOf, resolveCursorRevision } from '../service/as-of.ts';
import type { SerializedFactPage } from '../service/facts.ts';
import type { Page, PagePosition } from '../service/page.ts';
import { createLookup, type Query, runSlowQuery, runUnlessSlow } from '../service/query.ts';
import { createReader, type FactService, type SnapshotReader } from '../service/snapshot-reader.ts';
import { createClientSignal } from './client-signal.ts';
import { appendAlternateLinks, formatCanonicalLink, negotiateFormat } from './content-negotiation.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

export interface RequestContext {
  service: FactService;
  request: FastifyRequest;
  reply: FastifyReply;
}

interface RespondOptions {
  mediaType?: string;
  /** True if the resource always exists, so that a 304 needs no further query. */
  alwaysExists?: boolean;
  /** True if the response depends on the newest revision even with `asOf`, because today's rights apply. */
  dependsOnLatestRevision?: boolean;
  /** True if the response has absolute URLs, so that its ETag depends on the public URL. */
  hasAbsoluteUrls?: boolean;
  /** Value to use instead of the `asOf` query parameter. */
  asOf?: string | undefined;
  /** True if the response depends on the API key. */
  variesByKey?: boolean;
  /** Other formats of the resource. */
  alternates?: Alternate[];
}

/** Responds with the result of `read` at the requested revision, or with 304, both from one snapshot. */
export const respond = <T>(
  context: RequestContext,
  options: RespondOptions,
  read: (reader: SnapshotReader) => Promise<T>,
): Promise<unknown> => respondQuery(context, options, createLookup(read));

/**
 * Responds like `respond` with the result of a query, which runs elsewhere if it would be slow. `toBody` adds
 * the envelope.
 */
export async function respondQuery<T>(
  context: RequestContext,
  options: RespondOptions,
  query: Query<T>,
  toBody: (content: T, snapshot: Snapshot) => unknown = (content) => content,
): Promise<unknown> {
  const { request, reply } = context;
  const {
    mediaType = JSON_MEDIA_TYPE,
    alwaysExists = false,
    dependsOnLatestRevision = false,
    variesByKey = false,
  } = options;
  const { alternates, hasAbsoluteUrls = false } = options;
  const { asOf = (request.query as { asOf?: string }).asOf } = options;
  const redirectOrProblem = alternates ? negotiateFormat(request, reply, alternates) : null;
  const { server } = request;
  const canonical = getCanonicalUrl(request);
  const entityUrl = (hasAbsoluteUrls ? server.publicUrl() : server.linkBase) + canonical.url;
  const toValidators = (snapshot: Snapshot): Validators => {
    if (!variesByKey) markCacheable(reply, canonical.cacheUrl, snapshot);
    const url = dependsOnLatestRevision ? `${entityUrl}#${snapshot.latestRevision}` : entityUrl;
    const fixed = dependsOnLatestRevision && { immutable: false, lastModifiedIsReliable: false };
    return { ...createSnapshotValidators({ ...snapshot, ...fixed }, { url, mediaType }), variesByKey };
  };
  // If the response depends on a key, a matching ETag is not enough: the key may have been revoked since.
  const conditions = { alwaysExists, alwaysProduce: variesByKey || redirectOrProblem !== null };
  const result = await runConditionally(context, {
    resolve: (db) => resolveAsOf(db, asOf),
    toValidators,
    conditions,
    query,
  });
  // After the query, because a missing resource is a 404, not a redirect to another format or a 406.
  if (redirectOrProblem) throw redirectOrProblem;
  if (result === NOT_MODIFIED) return sendNotModified(reply);
  const link = appendAlternateLinks(formatCanonicalLink(request), alternates ?? []);
  if (link !== '') reply.header('link', link);
  reply.type(mediaType);
  return toBody(result.content, result.snapshot);
}

interface RespondPageOptions<Position extends PagePosition>
  extends Pick<RespondOptions, 'alwaysExists' | 'alternates'> {
  positionSchema: z.ZodType<Position>;
}

/** Content of a page; `total` is the number of entries on all pages, if it was requested. */
type PageContent<Position extends PagePosition> =
  | (Page<unknown, Position> & { total?: number })
  | SerializedFactPage;

/**
 * Responds with one page of a list. `positionSchema` validates the positions in its cursors, and `createQuery`
 * returns the query for the page after a position, or for the first page.
 */
export async function respondPage<Position extends PagePosition>(
  context: RequestContext,
  { positionSchema, alwaysExists = false, alternates }: RespondPageOptions<Position>,
  createQuery: (after: Position | null, limit: number) => Query<PageContent<Position>>,
): Promise<unknown> {
  const { request, reply } = context;
  const redirectOrProblem = alternates ? negotiateFormat(request, reply, alternates) : null;
  if (redirectOrProblem) throw redirectOrProblem;
  const { limit, cursor: encodedCursor, asOf } = request.query as PageParameters;
  const { path, values, url: selfUrl, cacheUrl } = getCanonicalUrl(request);
  const listUrl = path + formatCanonicalQuery(stripPagination(values));
  if (listUrl.length > MAX_URL_LENGTH) {
    throw new Problem(
      'url-too-long',
      `The canonical URL without a cursor has ${listUrl.length} characters; at most ${MAX_URL_LENGTH} are allowed`,
    );
  }
  const cursor = encodedCursor === undefined ? null : decodeCursor(encodedCursor, listUrl, positionSchema);
  const result = await runConditionally(context, {
    resolve: (db) => (cursor ? resolveCursorRevision(db, cursor.revision) : resolveAsOf(db, asOf)),
    toValidators(snapshot) {
      markCacheable(reply, cacheUrl, snapshot);
      const url = request.server.linkBase + selfUrl;
      return createSnapshotValidators(snapshot, { url, mediaType: JSON_MEDIA_TYPE });
    },
    conditions: { alwaysExists },
    query: createQuery(cursor?.position ?? null, limit),
  });
  if (result === NOT_MODIFIED) return sendNotModified(reply);

  const { content, snapshot } = result;
  const { revision } = snapshot;
  const nextCursor = content.next && encodeCursor({ revision, listUrl, position: content.next });
  const nextUrl = nextCursor && path + formatCanonicalQuery({ ...values, cursor: [nextCursor] });
  const links = [
    `<${selfUrl}>; rel="self"`,
    ...(nextUrl ? [`<${nextUrl}>; rel="next"`] : []),
    formatCanonicalLink(request),
  ];
  reply.header('link', appendAlternateLinks(links.filter(Boolean).join(', '), alternates ?? []));
  const meta = { revision, limit, nextCursor, ...(content.total !== undefined && { total: content.total }) };
  const envelope = { links: { self: selfUrl, next: nextUrl }, meta };
  if ('data' in content) return { data: content.data, ...envelope };
  reply.type(JSON_MEDIA_TYPE);
  return serializePage(content.serialized, JSON.stringify(envelope));
}

interface PageParameters {
  limit: number;
  cursor?: string;
  asOf?: string;
}

const DATA_PREFIX = Buffer.from('{"data":[');

/** Returns a page as JSON; `linksAndMeta` is a serialized object. */
function serializePage([first, ...others]: Uint8Array[], linksAndMeta: string): Buffer {
  const end = Buffer.from(`],${linksAndMeta.slice(1)}`);
  return Buffer.concat(first ? [DATA_PREFIX, first.subarray(1), ...others, end] : [DATA_PREFIX, end]);
}

interface ConditionalRead<T> {
  resolve(db: Reader): Promise<Snapshot>;
  toValidators(snapshot: Snapshot): Validators;
  conditions: Parameters<typeof produceIfModified>[3];
  query: Query<T>;
}

/** Runs the query on the resolved snapshot, unless the client's copy of the result is current. */
async function runConditionally<T>(
  { service, request, reply }: RequestContext,
  { resolve, toValidators, conditions, query }: ConditionalRead<T>,
): Promise<{ content: T; snapshot: Snapshot } | typeof NOT_MODIFIED> {
  const result = await service.store.read(async (db) => {
    const snapshot = await resolve(db);
    return produceIfModified(request, reply, toValidators(snapshot), conditions, async () => {
      const attempt = await runUnlessSlow(service, createReader(service, db, snapshot), query);
      return { attempt, snapshot };
    });
  });
  if (result === NOT_MODIFIED) return NOT_MODIFIED;
  const { attempt, snapshot } = result;
  if (attempt !== 'slow') return { content: attempt.result, snapshot };
  return { content: await runSlowQuery(service, snapshot, query, createClientSignal(reply)), snapshot };
}

/** Marks the response as the same for all clients until the next revision. */
function markCacheable(
  reply: FastifyReply,
  url: string,
  { latestRevision, latestRecordedAt }: Snapshot,
): void {
  reply.cacheable = { url, latestRevision, latestRecordedAt };
}
