/** Streamed responses: rows of one revision, read and sent page by page. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ExportContext } from '../../formats/format.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import {
  createSnapshotValidators,
  NOT_MODIFIED,
  produceIfModified,
  sendNotModified,
} from '../../http/conditional-response.ts';
import { serviceUnavailable } from '../../lib/problem-details.ts';
import type { Reader } from '../../store/database.ts';
import { latestRevision } from '../../store/queries/revisions.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { deferIfSlow, runOrDefer } from '../../workers/slow-query.ts';
import { resolveAsOf } from './as-of.ts';
import type { RequestContext } from './respond.ts';

/** Number of rows in memory at a time. */
export const PAGE_ROWS = 200;

/** Rows in list order, and the position of the last one, or null if there are no more. */
export interface RowPage<Row, Position> {
  rows: Row[];
  next: Position | null;
}

interface StreamOptions<Row, Position> {
  mediaType: string;
  /** File name that a browser suggests for the download. */
  filename: string;
  /** Returns at most `count` rows after the position. */
  read(db: Reader, revision: number, after: Position | null, count: number): Promise<RowPage<Row, Position>>;
  /** Yields the body in chunks. */
  serialize(pages: AsyncIterable<Row[]>, context: Omit<ExportContext, 'factType'>): AsyncIterable<string>;
}

/**
 * Streams the text that `serialize` makes of all rows, or of the first `limit`. Each page is read in its own
 * snapshot, so that a slow client keeps none open. Invalid requests are rejected before the first byte.
 * A later error breaks the connection, so that no client takes a partial response for a complete one.
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
    const validators = createSnapshotValidators(snapshot, { url: selfUrl, mediaType });
    return produceIfModified(request, reply, validators, {}, async () => {
      await deferIfSlow(context, db);
      // HEAD needs one row only, to find out whether the query succeeds.
      const count = request.method === 'HEAD' ? 1 : Math.min(PAGE_ROWS, limit);
      return { snapshot, firstPage: await read(db, snapshot.revision, null, count) };
    });
  });
  if (firstRead === NOT_MODIFIED) return sendNotModified(reply);

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
  // In HTTP/1.0 the end of the connection ends the response, so only a reset shows that it is incomplete.
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

/**
 * Throws a 503 if a text was redacted after the snapshot. A redaction also changes earlier revisions, so the
 * rest of an export would not match the part already sent.
 */
export async function assertNotRedactedSince(db: Reader, { redaction }: Snapshot): Promise<void> {
  const latest = await latestRevision(db);
  if (latest?.redaction === redaction || (!latest && redaction === 0)) return;
  throw serviceUnavailable('A text was redacted during the export; try again');
}
