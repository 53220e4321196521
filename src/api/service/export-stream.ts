/** Exports: complete lists as text, read and serialized page by page. */
import { Readable } from 'node:stream';
import type { ExportContext } from '../../formats/format.ts';
import type { Reader } from '../../store/database.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { type FactService, readSnapshot, type SnapshotReader } from './snapshot-reader.ts';

/** Number of rows in memory at a time. */
const PAGE_ROWS = 200;

/** Rows in list order, and the position of the last one, or null if there are no more. */
export interface RowPage<Row, Position> {
  rows: Row[];
  next: Position | null;
}

/** Data that an export receives in addition to its rows. */
export type ExportRequestContext = Omit<ExportContext, 'factType'>;

interface ExportFunctions<Row, Position> {
  /** Rejects with a problem if the input does not fit the snapshot; called before the client's copy counts. */
  validate?(db: Reader, snapshot: Snapshot): Promise<unknown>;
  /** Returns at most `count` rows after the position. */
  read(reader: SnapshotReader, after: Position | null, count: number): Promise<RowPage<Row, Position>>;
  /** Yields the body in chunks. */
  serialize(pages: AsyncIterable<Row[]>, context: ExportRequestContext): AsyncIterable<string>;
}

export interface Export<Row = unknown, Position = unknown> extends ExportFunctions<Row, Position> {
  /** Name and input by which a worker thread finds the export. */
  task: { name: string; input: unknown };
}

/** Defines an export. Its input must be structured-cloneable. */
export const defineExport =
  <Input, Row, Position>(name: string, create: (input: Input) => ExportFunctions<Row, Position>) =>
  (input: Input): Export<Row, Position> => ({ task: { name, input }, ...create(input) });

export interface ExportOptions {
  /** Maximum number of rows. */
  limit: number;
  context: ExportRequestContext;
}

type ServiceOfExport = Pick<FactService, 'store' | 'factCache'>;

/** Reads the first page of an export. */
export const readFirstPage = <Row, Position>(
  reader: SnapshotReader,
  { read }: Export<Row, Position>,
  { limit }: ExportOptions,
): Promise<RowPage<Row, Position>> => read(reader, null, Math.min(PAGE_ROWS, limit));

/** Returns the text of an export as a stream, once its first page has been read. */
export async function openExport<Row, Position>(
  service: ServiceOfExport,
  snapshot: Snapshot,
  query: Export<Row, Position>,
  options: ExportOptions,
): Promise<Readable> {
  const firstPage = await readSnapshot(service, snapshot, (reader) => readFirstPage(reader, query, options));
  return createExportStream(service, snapshot, query, firstPage, options);
}

/**
 * Returns the text of an export that begins with `firstPage` as a stream. Each page is read in its own
 * transaction, so that a slow client keeps none open.
 */
export function createExportStream<Row, Position>(
  service: ServiceOfExport,
  snapshot: Snapshot,
  { read, serialize }: Export<Row, Position>,
  firstPage: RowPage<Row, Position>,
  { limit, context }: ExportOptions,
): Readable {
  const readNext = (after: Position, count: number) =>
    readSnapshot(service, snapshot, (reader) => read(reader, after, count));
  const text = serialize(readPages(firstPage, limit, readNext), context);
  return Readable.from(text, { objectMode: false, highWaterMark: MAX_BUFFERED_BYTES });
}

const MAX_BUFFERED_BYTES = 64 * 1024;

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
