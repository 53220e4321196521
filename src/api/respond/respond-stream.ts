/** Answers that are as long as what they tell of: sent piece by piece, page after page, all of one revision. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ExportContext } from '../../formats/format.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { checkPreconditions } from '../../http/etag.ts';
import { serviceUnavailable } from '../../lib/problem-details.ts';
import type { Reader } from '../../store/database.ts';
import { latestRevision } from '../../store/queries/revisions.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { deferIfSlow, runOrDefer } from '../../workers/slow-query.ts';
import { resolveAsOf } from './as-of.ts';
import type { RequestContext } from './respond.ts';

/** How many rows are in memory at a time. */
export const PAGE_ROWS = 200;

/** Rows in their order, and where they ended; null if there are no more. */
export interface RowPage<Row, Position> {
  rows: Row[];
  next: Position | null;
}

interface StreamOptions<Row, Position> {
  mediaType: string;
  /** What a browser saves it as. */
  filename: string;
  /** At most `count` rows after the place given, at a revision. */
  read(db: Reader, revision: number, after: Position | null, count: number): Promise<RowPage<Row, Position>>;
  /** The text, piece by piece. */
  serialize(pages: AsyncIterable<Row[]>, context: Omit<ExportContext, 'factType'>): AsyncIterable<string>;
}

/**
 * Answers with the text that `write` makes of all rows, or of as many as the request takes by `limit`. Each page is read
 * in a snapshot of its own, so that a slow client holds up nobody. Whatever is wrong with the request is told before the
 * first byte; what goes wrong later breaks the connection off, so that nobody takes a part for the whole.
 */
export const respondStream = <Row, Position>(
  context: RequestContext,
  options: StreamOptions<Row, Position>,
) => runOrDefer(context, () => respondStreamOnce(context, options));

async function respondStreamOnce<Row, Position>(
  context: RequestContext,
  { mediaType, filename, read, serialize }: StreamOptions<Row, Position>,
): Promise<FastifyReply> {
  const { store, request, reply } = context;
  const parameters = request.query as { asOf?: string; limit?: number };
  const { asOf, limit = Number.POSITIVE_INFINITY } = parameters;
  const publicUrl = request.server.publicUrl();
  const selfUrl = publicUrl + getCanonicalUrl(request).url;
  const firstRead = await store.read(async (db) => {
    const snapshot = await resolveAsOf(db, asOf);
    const precondition = checkPreconditions(request, reply, snapshot, { url: selfUrl, mediaType });
    if (precondition === 'etag-match') return null;
    await deferIfSlow(context, db);
    // For the headers alone a row is enough: it tells whether the question has an answer.
    const count = request.method === 'HEAD' ? 1 : Math.min(PAGE_ROWS, limit);
    const firstPage = await read(db, snapshot.revision, null, count);
    return precondition === 'modified' ? { snapshot, firstPage } : null;
  });
  if (!firstRead) return reply.code(304).send();

  const { snapshot, firstPage } = firstRead;
  reply.type(mediaType).headers({
    'content-disposition': `inline; filename="${filename}"`,
    'summit-facts-revision': String(snapshot.revision),
  });
  if (request.method === 'HEAD') return reply.send(Readable.from([]));

  const pages = readPages(firstPage, limit, (after, count) =>
    store.read(async (db) => {
      await assertNotRedactedSince(db, snapshot);
      return read(db, snapshot.revision, after, count);
    }),
  );
  const { revision, recordedAt } = snapshot;
  const text = serialize(pages, { parameters, publicUrl, selfUrl, revision, recordedAt });
  const body = Readable.from(text, { objectMode: false, highWaterMark: 64 * 1024 });
  // HTTP/1.0 knows no end of an answer but the end of the connection: only a reset tells that this was none.
  body.once('error', () => request.raw.socket.resetAndDestroy?.());
  return reply.send(body);
}

async function* readPages<Row, Position>(
  firstPage: RowPage<Row, Position>,
  limit: number,
  read: (after: Position, count: number) => Promise<RowPage<Row, Position>>,
): AsyncGenerator<Row[]> {
  let { rows, next } = firstPage;
  let remaining = limit - rows.length;
  yield rows;
  while (next !== null && remaining > 0) {
    ({ rows, next } = await read(next, Math.min(PAGE_ROWS, remaining)));
    remaining -= rows.length;
    yield rows;
  }
}

/** A redaction changes what earlier revisions answer: the half that is sent no longer goes with the half to come. */
export async function assertNotRedactedSince(db: Reader, { redaction }: Snapshot): Promise<void> {
  const latest = await latestRevision(db);
  if (latest?.redaction === redaction || (!latest && redaction === 0)) return;
  throw serviceUnavailable('A text was redacted while the export was being made.');
}
