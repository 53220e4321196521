/** How every route that reads answers: at which revision, conditionally, and page by page. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { checkPreconditions } from '../../http/etag.ts';
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
import { varyByAuthorization } from './text-access.ts';

export const MAX_LIMIT = 200;
export const DEFAULT_LIMIT = 50;

export const limitParam = singleValue(integerBetween(1, MAX_LIMIT))
  .default(DEFAULT_LIMIT)
  .describe('How many facts a page may hold.');

const CursorParam = z
  .string()
  .max(MAX_CURSOR_LENGTH)
  .meta({ id: 'Cursor', description: 'A place in a list: only for the list that gave it.' });

/** The parameters of everything that is answered page by page. */
export const pageParameters = {
  limit: limitParam,
  cursor: singleValue(CursorParam)
    .optional()
    .describe('Where the page begins: from `links.next` of the page before.'),
  asOf: asOfParam,
};

export interface RequestContext {
  store: Store;
  request: FastifyRequest;
  reply: FastifyReply;
}

interface RespondOptions {
  mediaType?: string;
  /** There is an answer whatever is asked, so that nothing need be read for a 304. */
  alwaysExists?: boolean;
  /** The newest revision has a say in the answer, whichever revision it is of: that of today's rights. */
  dependsOnLatestRevision?: boolean;
  /** The answer holds absolute URLs, so that where readers find the server has a say in it. */
  hasAbsoluteUrls?: boolean;
  /** At which revision it is read, where no parameter of that name says so. */
  asOf?: string | undefined;
  /** A key has a say in the answer. */
  variesByKey?: boolean;
  /** The other formats in which the same can be had. */
  alternates?: Alternate[];
}

/** Answers with what `read` finds at the revision asked for, or with 304: revision and rows are of one snapshot. */
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
    const precondition = checkPreconditions(request, reply, snapshot, { url, mediaType });
    if (variesByKey) varyByAuthorization(request, reply);
    else markCacheable(reply, requestUrl, resolvedSnapshot);
    // Where a key has a say, an ETag alone proves nothing: whoever had the key may have lost it.
    if (
      !redirectOrProblem &&
      !variesByKey &&
      (precondition === 'etag-match' || (alwaysExists && precondition === 'match-if-exists'))
    )
      return NOT_MODIFIED;
    const content = await read(db, snapshot);
    // Only what is there can be had in another format.
    if (redirectOrProblem) throw redirectOrProblem;
    return precondition === 'modified' ? content : NOT_MODIFIED;
  });
  if (result === NOT_MODIFIED) return reply.code(304).send();
  if (alternates) reply.header('link', appendAlternateLinks('', alternates));
  reply.type(mediaType);
  return result;
}

/** What a read gives where there is nothing to send; sending waits for the client, and a snapshot must not. */
const NOT_MODIFIED = Symbol('not modified');

/** Entries that are JSON already, each with a comma before it. */
export class SerializedItems {
  readonly items: Buffer[];

  constructor(items: Buffer[]) {
    this.items = items;
  }
}

export interface PageResult<Position extends CursorPosition> {
  data: unknown[] | SerializedItems;
  /** Where this page ends, or null if there is no more. */
  next: Position | null;
  total?: number;
}

interface RespondPageOptions<Position extends CursorPosition>
  extends Pick<RespondOptions, 'alwaysExists' | 'alternates'> {
  positionSchema: z.ZodType<Position>;
}

/** The same for one page of a list, whose cursors hold a place of the form `places`. */
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
      `Written canonically and without a cursor the URL has ${listUrl.length} characters; at most ${MAX_URL_LENGTH} are read.`,
    );
  }
  const cursor =
    parameters.cursor === undefined ? null : decodeCursor(parameters.cursor, listUrl, positionSchema);
  const result = await store.read(async (db) => {
    const snapshot = cursor
      ? await resolveCursorRevision(db, cursor.revision)
      : await resolveAsOf(db, parameters.asOf);
    const precondition = checkPreconditions(request, reply, snapshot, {
      url: selfUrl,
      mediaType: JSON_MEDIA_TYPE,
    });
    markCacheable(reply, selfUrl, snapshot);
    if (precondition === 'etag-match' || (alwaysExists && precondition === 'match-if-exists'))
      return NOT_MODIFIED;
    const { revision } = snapshot;
    const page = await read(db, snapshot, cursor?.position ?? null, parameters.limit);
    return precondition === 'match-if-exists' ? NOT_MODIFIED : { ...page, revision };
  });
  if (result === NOT_MODIFIED) return reply.code(304).send();

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

/** A page of which only links and meta are yet to be written, `rest`. */
function serializePage({ items: [first, ...others] }: SerializedItems, linksAndMeta: string): Buffer {
  const end = Buffer.from(`],${linksAndMeta.slice(1)}`);
  return Buffer.concat(first ? [DATA_PREFIX, first.subarray(1), ...others, end] : [DATA_PREFIX, end]);
}

/** Says that the answer is the same for all who ask, until the next revision. */
function markCacheable(
  reply: FastifyReply,
  url: string,
  { latestRevision, latestRecordedAt }: Snapshot,
): void {
  reply.cacheable = { url, latestRevision, latestRecordedAt };
}

/** What a list was asked for, the page aside: what its cursors are bound to. */
export function stripPagination({ limit: _, cursor: __, count: ___, ...rest }: QueryValues): QueryValues {
  return rest;
}

/** One more than the limit was asked for: so the last of the page says whether there is a next one. */
export function takePage<Row, Position extends CursorPosition>(
  rows: Row[],
  limit: number,
  toPosition: (row: Row) => Position,
): { rows: Row[]; next: Position | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? toPosition(last) : null };
}
