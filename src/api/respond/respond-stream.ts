/** Answers that are as long as what they tell of: sent piece by piece, page after page, all of one revision. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Context } from '../../formats/format.ts';
import { canonicalUrl } from '../../http/canonical-url.ts';
import { freshness } from '../../http/etag.ts';
import { notReady } from '../../lib/problem-details.ts';
import type { Reader } from '../../store/database.ts';
import { newestRevision } from '../../store/queries/revisions.ts';
import type { Reading } from '../../store/snapshot.ts';
import { mayScan, scanned } from '../../workers/slow-query.ts';
import { readingAsOf } from './as-of.ts';
import type { Exchange } from './respond.ts';

/** How many rows are in memory at a time. */
export const PAGE_ROWS = 200;

/** Rows in their order, and where they ended; null if there are no more. */
export interface Rows<Row, Place> {
  rows: Row[];
  next: Place | null;
}

interface Streamed<Row, Place> {
  mediaType: string;
  /** What a browser saves it as. */
  filename: string;
  /** At most `count` rows after the place given, at a revision. */
  read(db: Reader, revision: number, after: Place | null, count: number): Promise<Rows<Row, Place>>;
  /** The text, piece by piece. */
  write(pages: AsyncIterable<Row[]>, context: Omit<Context, 'resource'>): AsyncIterable<string>;
}

/**
 * Answers with the text that `write` makes of all rows, or of as many as the request takes by `limit`. Each page is read
 * in a snapshot of its own, so that a slow client holds up nobody. Whatever is wrong with the request is told before the
 * first byte; what goes wrong later breaks the connection off, so that nobody takes a part for the whole.
 */
export const answerStream = <Row, Place>(exchange: Exchange, streamed: Streamed<Row, Place>) =>
  scanned(exchange, () => answerStreamOnce(exchange, streamed));

async function answerStreamOnce<Row, Place>(
  exchange: Exchange,
  { mediaType, filename, read, write }: Streamed<Row, Place>,
): Promise<FastifyReply> {
  const { store, request, reply } = exchange;
  const parameters = request.query as { asOf?: string; limit?: number };
  const { asOf, limit = Number.POSITIVE_INFINITY } = parameters;
  const publicUrl = request.server.publicUrl();
  const self = publicUrl + canonicalUrl(request).url;
  const begun = await store.read(async (db) => {
    const reading = await readingAsOf(db, asOf);
    const fresh = freshness(request, reply, reading, { url: self, mediaType });
    if (fresh === 'proved') return null;
    await mayScan(exchange, db);
    // For the headers alone a row is enough: it tells whether the question has an answer.
    const count = request.method === 'HEAD' ? 1 : Math.min(PAGE_ROWS, limit);
    const first = await read(db, reading.revision, null, count);
    return fresh === 'no' ? { reading, first } : null;
  });
  if (!begun) return reply.code(304).send();

  const { reading, first } = begun;
  reply.type(mediaType).headers({
    'content-disposition': `inline; filename="${filename}"`,
    'summit-facts-revision': String(reading.revision),
  });
  if (request.method === 'HEAD') return reply.send(Readable.from([]));

  const pages = pagesFrom(first, limit, (after, count) =>
    store.read(async (db) => {
      await refuseRedactedMeanwhile(db, reading);
      return read(db, reading.revision, after, count);
    }),
  );
  const { revision, recordedAt } = reading;
  const text = write(pages, { parameters, publicUrl, self, revision, recordedAt });
  const body = Readable.from(text, { objectMode: false, highWaterMark: 64 * 1024 });
  // HTTP/1.0 knows no end of an answer but the end of the connection: only a reset tells that this was none.
  body.once('error', () => request.raw.socket.resetAndDestroy?.());
  return reply.send(body);
}

async function* pagesFrom<Row, Place>(
  first: Rows<Row, Place>,
  limit: number,
  read: (after: Place, count: number) => Promise<Rows<Row, Place>>,
): AsyncGenerator<Row[]> {
  let { rows, next } = first;
  let left = limit - rows.length;
  yield rows;
  while (next !== null && left > 0) {
    ({ rows, next } = await read(next, Math.min(PAGE_ROWS, left)));
    left -= rows.length;
    yield rows;
  }
}

/** A redaction changes what earlier revisions answer: the half that is sent no longer goes with the half to come. */
export async function refuseRedactedMeanwhile(db: Reader, { redaction }: Reading): Promise<void> {
  const newest = await newestRevision(db);
  if (newest?.redaction === redaction || (!newest && redaction === 0)) return;
  throw notReady('A text was redacted while the export was being made.');
}
