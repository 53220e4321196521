/** Responses of the read routes: snapshots, conditional requests and pagination. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import {
  createSnapshotValidators,
  NOT_MODIFIED,
  produceIfModified,
  sendNotModified,
} from '../../http/conditional-response.ts';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { integerBetween, singleValue } from '../../http/params.ts';
import { formatCanonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { runOrDefer } from '../../workers/slow-query.ts';
import { asOfParam, resolveAsOf, resolveCursorRevision } from './as-of.ts';
import { type Alternate, appendAlternateLinks, negotiateFormat } from './content-negotiation.ts';
import { type CursorPosition, decodeCursor, encodeCursor, MAX_CURSOR_LENGTH } from './cursor.ts';

export const MAX_LIMIT = 200;
export const DEFAULT_LIMIT = 50;

export const limitParam = singleValue(integerBetween(1, MAX_LIMIT))
  .default(DEFAULT_LIMIT)
  .describe(`Maximum number of entries per page, from 1 to ${MAX_LIMIT}. Default ${DEFAULT_LIMIT}.`);

const CursorParam = z
  .string()
  .max(MAX_CURSOR_LENGTH)
  .meta({ id: 'Cursor', description: 'Position in a list, valid only for the list that returned it.' });

/** Parameters of every paginated list. */
export const pageParameters = {
  limit: limitParam,
  cursor: singleValue(CursorParam)
    .optional()
    .describe('Cursor from `links.next` or `meta.nextCursor` of the previous page. Default: the first page.'),
  asOf: asOfParam,
};

export interface RequestContext {
  store: Store;
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
  read: ReadFunction<T>,
): Promise<unknown> => runOrDefer(context, () => respondOnce(context, options, read));

type ReadFunction<T> = (db: Reader, snapshot: Snapshot) => Promise<T>;

async function respondOnce<T>(
  { store, request, reply }: RequestContext,
  options: RespondOptions,
  read: ReadFunction<T>,
): Promise<T | FastifyReply> {
  const {
    mediaType = JSON_MEDIA_TYPE,
    alwaysExists = false,
    dependsOnLatestRevision = false,
    variesByKey = false,
  } = options;
  const { alternates, hasAbsoluteUrls = false } = options;
  const { asOf = (request.query as { asOf?: string }).asOf } = options;
  const redirectOrProblem = alternates ? negotiateFormat(request, reply, alternates) : null;
  const requestUrl = (hasAbsoluteUrls ? request.server.publicUrl() : '') + getCanonicalUrl(request).url;
  const result = await store.read(async (db) => {
    const resolvedSnapshot = await resolveAsOf(db, asOf);
    const snapshot = dependsOnLatestRevision
      ? { ...resolvedSnapshot, immutable: false, lastModifiedIsReliable: false }
      : resolvedSnapshot;
    const url = dependsOnLatestRevision ? `${requestUrl}#${resolvedSnapshot.latestRevision}` : requestUrl;
    if (!variesByKey) markCacheable(reply, requestUrl, resolvedSnapshot);
    const validators = { ...createSnapshotValidators(snapshot, { url, mediaType }), variesByKey };
    // If the response depends on a key, a matching ETag is not enough: the key may have been revoked since.
    const alwaysProduce = variesByKey || redirectOrProblem !== null;
    return produceIfModified(request, reply, validators, { alwaysExists, alwaysProduce }, async () => {
      const content = await read(db, snapshot);
      // A missing resource is a 404, not a redirect to another format or a 406.
      if (redirectOrProblem) throw redirectOrProblem;
      return content;
    });
  });
  if (result === NOT_MODIFIED) return sendNotModified(reply);
  if (alternates) reply.header('link', appendAlternateLinks('', alternates));
  reply.type(mediaType);
  return result;
}

/** List entries that are already serialized to JSON, each with a leading comma. */
export class SerializedItems {
  readonly items: Buffer[];

  constructor(items: Buffer[]) {
    this.items = items;
  }
}

export interface PageResult<Position extends CursorPosition> {
  data: unknown[] | SerializedItems;
  /** Position of the last entry, or null on the last page. */
  next: Position | null;
  total?: number;
}

interface RespondPageOptions<Position extends CursorPosition>
  extends Pick<RespondOptions, 'alwaysExists' | 'alternates'> {
  positionSchema: z.ZodType<Position>;
}

/** Responds with one page of a list. `positionSchema` validates the positions in its cursors. */
export const respondPage = <Position extends CursorPosition>(
  context: RequestContext,
  options: RespondPageOptions<Position>,
  read: ReadPageFunction<Position>,
): Promise<unknown> => runOrDefer(context, () => respondPageOnce(context, options, read));

type ReadPageFunction<Position extends CursorPosition> = (
  db: Reader,
  snapshot: Snapshot,
  after: Position | null,
  limit: number,
) => Promise<PageResult<Position>>;

async function respondPageOnce<Position extends CursorPosition>(
  { store, request, reply }: RequestContext,
  { positionSchema, alwaysExists = false, alternates }: RespondPageOptions<Position>,
  read: ReadPageFunction<Position>,
): Promise<unknown> {
  const redirectOrProblem = alternates ? negotiateFormat(request, reply, alternates) : null;
  if (redirectOrProblem) throw redirectOrProblem;
  const parameters = request.query as { limit: number; cursor?: string; asOf?: string };
  const { path, values, url: selfUrl } = getCanonicalUrl(request);
  const listUrl = path + formatCanonicalQuery(stripPagination(values));
  if (listUrl.length > MAX_URL_LENGTH) {
    throw new Problem(
      'url-too-long',
      `The canonical URL without a cursor has ${listUrl.length} characters; at most ${MAX_URL_LENGTH} are allowed`,
    );
  }
  const cursor =
    parameters.cursor === undefined ? null : decodeCursor(parameters.cursor, listUrl, positionSchema);
  const result = await store.read(async (db) => {
    const snapshot = cursor
      ? await resolveCursorRevision(db, cursor.revision)
      : await resolveAsOf(db, parameters.asOf);
    markCacheable(reply, selfUrl, snapshot);
    const validators = createSnapshotValidators(snapshot, { url: selfUrl, mediaType: JSON_MEDIA_TYPE });
    return produceIfModified(request, reply, validators, { alwaysExists }, async () => {
      const page = await read(db, snapshot, cursor?.position ?? null, parameters.limit);
      return { ...page, revision: snapshot.revision };
    });
  });
  if (result === NOT_MODIFIED) return sendNotModified(reply);

  const { revision, data, next: nextPosition, total } = result;
  const nextCursor = nextPosition && encodeCursor({ revision, listUrl, position: nextPosition });
  const nextUrl = nextCursor && path + formatCanonicalQuery({ ...values, cursor: [nextCursor] });
  const link = nextUrl ? `<${selfUrl}>; rel="self", <${nextUrl}>; rel="next"` : `<${selfUrl}>; rel="self"`;
  reply.header('link', appendAlternateLinks(link, alternates ?? []));
  const meta = { revision, limit: parameters.limit, nextCursor, ...(total !== undefined && { total }) };
  const links = { self: selfUrl, next: nextUrl };
  if (!(data instanceof SerializedItems)) return { data, links, meta };
  reply.type(JSON_MEDIA_TYPE);
  return serializePage(data, JSON.stringify({ links, meta }));
}

const DATA_PREFIX = Buffer.from('{"data":[');

/** Returns a page as JSON; `linksAndMeta` is a serialized object. */
function serializePage({ items: [first, ...others] }: SerializedItems, linksAndMeta: string): Buffer {
  const end = Buffer.from(`],${linksAndMeta.slice(1)}`);
  return Buffer.concat(first ? [DATA_PREFIX, first.subarray(1), ...others, end] : [DATA_PREFIX, end]);
}

/** Marks the response as the same for all clients until the next revision. */
function markCacheable(
  reply: FastifyReply,
  url: string,
  { latestRevision, latestRecordedAt }: Snapshot,
): void {
  reply.cacheable = { url, latestRevision, latestRecordedAt };
}

/** Returns the query without pagination parameters, which cursors are bound to. */
export function stripPagination({ limit: _, cursor: __, count: ___, ...rest }: QueryValues): QueryValues {
  return rest;
}

/** Trims `rows`, queried with `limit + 1`, to a page; the extra row means that there is a next page. */
export function takePage<Row, Position extends CursorPosition>(
  rows: Row[],
  limit: number,
  toPosition: (row: Row) => Position,
): { rows: Row[]; next: Position | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? toPosition(last) : null };
}
