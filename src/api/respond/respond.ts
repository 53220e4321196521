/** How every route that reads answers: at which revision, conditionally, and page by page. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { canonicalUrl } from '../../http/canonical-url.ts';
import { freshness } from '../../http/etag.ts';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { single, wholeNumber } from '../../http/params.ts';
import { canonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { JSON_TYPE } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import type { Reading } from '../../store/snapshot.ts';
import { scanned } from '../../workers/slow-query.ts';
import { asOf, readingAsOf, readingAtCursor } from './as-of.ts';
import { type Alternate, negotiated, withAlternates } from './content-negotiation.ts';
import { CURSOR_MAX_LENGTH, decodeCursor, encodeCursor, type Place } from './cursor.ts';
import { byKey } from './text-access.ts';

export const MAX_LIMIT = 200;
export const DEFAULT_LIMIT = 50;

export const limit = single(wholeNumber(1, MAX_LIMIT))
  .default(DEFAULT_LIMIT)
  .describe('How many facts a page may hold.');

const Cursor = z
  .string()
  .max(CURSOR_MAX_LENGTH)
  .meta({ id: 'Cursor', description: 'A place in a list: only for the list that gave it.' });

/** The parameters of everything that is answered page by page. */
export const pageParameters = {
  limit,
  cursor: single(Cursor).optional().describe('Where the page begins: from `links.next` of the page before.'),
  asOf,
};

export interface Exchange {
  store: Store;
  request: FastifyRequest;
  reply: FastifyReply;
}

interface AnswerOptions {
  mediaType?: string;
  /** There is an answer whatever is asked, so that nothing need be read for a 304. */
  always?: boolean;
  /** The newest revision has a say in the answer, whichever revision it is of: that of today's rights. */
  boundToNewest?: boolean;
  /** The answer holds absolute URLs, so that where readers find the server has a say in it. */
  absolute?: boolean;
  /** At which revision it is read, where no parameter of that name says so. */
  asOf?: string | undefined;
  /** A key has a say in the answer. */
  byKey?: boolean;
  /** The other formats in which the same can be had. */
  alternates?: Alternate[];
}

/** Answers with what `read` finds at the revision asked for, or with 304: revision and rows are of one snapshot. */
export const answer = <T>(exchange: Exchange, options: AnswerOptions, read: Read<T>): Promise<unknown> =>
  scanned(exchange, () => answerOnce(exchange, options, read));

type Read<T> = (db: Reader, reading: Reading) => Promise<T>;

async function answerOnce<T>(
  { store, request, reply }: Exchange,
  options: AnswerOptions,
  read: Read<T>,
): Promise<T | FastifyReply> {
  const { mediaType = JSON_TYPE, always = false, boundToNewest = false, byKey: personal = false } = options;
  const { alternates, absolute = false } = options;
  const { asOf = (request.query as { asOf?: string }).asOf } = options;
  const instead = alternates ? negotiated(request, reply, alternates) : null;
  const asked = (absolute ? request.server.publicUrl() : '') + canonicalUrl(request).url;
  const found = await store.read(async (db) => {
    const found = await readingAsOf(db, asOf);
    const reading = boundToNewest ? { ...found, pinned: false, dated: false } : found;
    const url = boundToNewest ? `${asked}#${found.newest}` : asked;
    const fresh = freshness(request, reply, reading, { url, mediaType });
    if (personal) byKey(request, reply);
    else keepable(reply, asked, found);
    // Where a key has a say, an ETag alone proves nothing: whoever had the key may have lost it.
    if (!instead && !personal && (fresh === 'proved' || (always && fresh === 'if-there')))
      return NOT_MODIFIED;
    const answer = await read(db, reading);
    // Only what is there can be had in another format.
    if (instead) throw instead;
    return fresh === 'no' ? answer : NOT_MODIFIED;
  });
  if (found === NOT_MODIFIED) return reply.code(304).send();
  if (alternates) reply.header('link', withAlternates('', alternates));
  reply.type(mediaType);
  return found;
}

/** What a read gives where there is nothing to send; sending waits for the client, and a snapshot must not. */
const NOT_MODIFIED = Symbol('not modified');

/** Entries that are JSON already, each with a comma before it. */
export class Written {
  readonly parts: Buffer[];

  constructor(parts: Buffer[]) {
    this.parts = parts;
  }
}

export interface Found<P extends Place> {
  data: unknown[] | Written;
  /** Where this page ends, or null if there is no more. */
  next: P | null;
  total?: number;
}

interface PageOptions<P extends Place> extends Pick<AnswerOptions, 'always' | 'alternates'> {
  places: z.ZodType<P>;
}

/** The same for one page of a list, whose cursors hold a place of the form `places`. */
export const answerPage = <P extends Place>(
  exchange: Exchange,
  options: PageOptions<P>,
  read: ReadPage<P>,
): Promise<unknown> => scanned(exchange, () => answerPageOnce(exchange, options, read));

type ReadPage<P extends Place> = (
  db: Reader,
  reading: Reading,
  after: P | null,
  limit: number,
) => Promise<Found<P>>;

async function answerPageOnce<P extends Place>(
  { store, request, reply }: Exchange,
  { places, always = false, alternates }: PageOptions<P>,
  read: ReadPage<P>,
): Promise<unknown> {
  const instead = alternates ? negotiated(request, reply, alternates) : null;
  if (instead) throw instead;
  const parameters = request.query as { limit: number; cursor?: string; asOf?: string };
  const { path, values, url: self } = canonicalUrl(request);
  const asked = path + canonicalQuery(withoutPage(values));
  if (asked.length > MAX_URL_LENGTH) {
    throw new Problem(
      'url-too-long',
      `Written canonically and without a cursor the URL has ${asked.length} characters; at most ${MAX_URL_LENGTH} are read.`,
    );
  }
  const cursor = parameters.cursor === undefined ? null : decodeCursor(parameters.cursor, asked, places);
  const found = await store.read(async (db) => {
    const reading = cursor
      ? await readingAtCursor(db, cursor.revision)
      : await readingAsOf(db, parameters.asOf);
    const fresh = freshness(request, reply, reading, { url: self, mediaType: JSON_TYPE });
    keepable(reply, self, reading);
    if (fresh === 'proved' || (always && fresh === 'if-there')) return NOT_MODIFIED;
    const { revision } = reading;
    const page = await read(db, reading, cursor?.place ?? null, parameters.limit);
    return fresh === 'if-there' ? NOT_MODIFIED : { ...page, revision };
  });
  if (found === NOT_MODIFIED) return reply.code(304).send();

  const { revision, data, next: place, total } = found;
  const nextCursor = place && encodeCursor({ revision, list: asked, place });
  const next = nextCursor && path + canonicalQuery({ ...values, cursor: [nextCursor] });
  const link = next ? `<${self}>; rel="self", <${next}>; rel="next"` : `<${self}>; rel="self"`;
  reply.header('link', withAlternates(link, alternates ?? []));
  const meta = { revision, limit: parameters.limit, nextCursor, ...(total !== undefined && { total }) };
  const links = { self, next };
  if (!(data instanceof Written)) return { data, links, meta };
  reply.type(JSON_TYPE);
  return pageOf(data, JSON.stringify({ links, meta }));
}

const OPENING = Buffer.from('{"data":[');

/** A page of which only links and meta are yet to be written, `rest`. */
function pageOf({ parts: [first, ...others] }: Written, rest: string): Buffer {
  const end = Buffer.from(`],${rest.slice(1)}`);
  return Buffer.concat(first ? [OPENING, first.subarray(1), ...others, end] : [OPENING, end]);
}

/** Says that the answer is the same for all who ask, until the next revision. */
function keepable(reply: FastifyReply, url: string, { newest, newestRecordedAt }: Reading): void {
  reply.cacheable = { url, newest, newestRecordedAt };
}

/** What a list was asked for, the page aside: what its cursors are bound to. */
export function withoutPage({ limit: _, cursor: __, count: ___, ...rest }: QueryValues): QueryValues {
  return rest;
}

/** One more than the limit was asked for: so the last of the page says whether there is a next one. */
export function cut<T, P extends Place>(
  rows: T[],
  limit: number,
  placeOf: (row: T) => P,
): { rows: T[]; next: P | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? placeOf(last) : null };
}
