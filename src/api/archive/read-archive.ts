/** Reads all public data at one revision, page by page, so that other requests run in between. */
import { setImmediate } from 'node:timers/promises';
import type { ArchiveData, ArchiveText } from '../../formats/archives/archive-format.ts';
import type { FactType } from '../../model/fact-type.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { findRedaction } from '../../store/queries/dossiers.ts';
import { type FactRow, getSourceText } from '../../store/queries/facts.ts';
import { type ChangePosition, findChanges, findRevisions } from '../../store/queries/history.ts';
import { findFacts, type SortPosition } from '../../store/queries/list.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { toFacts } from '../serialize/serialize-facts.ts';
import { assertNotRedactedSince } from '../service/as-of.ts';
import { serializeChanges } from '../service/changes.ts';
import type { RowPage } from '../service/export-stream.ts';
import { serializeRevisions } from '../service/history.ts';
import { takePage } from '../service/page.ts';
import { isPublicText } from '../service/text-access.ts';

/** Number of rows read before other requests may run. */
const PAGE_ROWS = 200;

/** Public data at a revision. After all of it is read, `verify` rejects if a text has been redacted since. */
export interface ArchiveSource extends ArchiveData {
  verify(): Promise<void>;
}

/** Returns the public data at `snapshot`. A read rejects once `signal` aborts or a text has been redacted. */
export function createArchiveSource(
  store: Store,
  snapshot: Snapshot,
  urls: Pick<ArchiveData, 'publicUrl' | 'linkBase'>,
  signal: AbortSignal,
): ArchiveSource {
  const { revision, recordedAt } = snapshot;
  const read = async <T>(callback: (db: Reader) => Promise<T>): Promise<T> => {
    // SQLite queries are synchronous: without this, no other request would run until the last page.
    await setImmediate();
    signal.throwIfAborted();
    return store.read(async (db) => {
      await assertNotRedactedSince(db, snapshot);
      return callback(db);
    });
  };
  const paginate = <Row, Position>(
    readPage: (db: Reader, after: Position | null) => Promise<RowPage<Row, Position>>,
  ) => readPages((after: Position | null) => read((db) => readPage(db, after)));
  const readFactRows = ({ type }: FactType) =>
    paginate((db, after: SortPosition | null) => findFactRows(db, revision, type, after));
  return {
    revision,
    recordedAt,
    ...urls,
    readRevisions: () =>
      paginate(async (db, after: number | null) => {
        const matches = await findRevisions(db, revision, after, PAGE_ROWS + 1);
        const { rows, next } = takePage(matches, PAGE_ROWS, ({ n }) => n);
        return { rows: await serializeRevisions(db, rows), next };
      }),
    readFacts: ({ type }) =>
      paginate(async (db, after: SortPosition | null) => {
        const { rows, next } = await findFactRows(db, revision, type, after);
        return { rows: await toFacts(db, revision, rows), next };
      }),
    readChanges: () =>
      paginate(async (db, after: ChangePosition | null) => {
        const matches = await findChanges(db, revision, ALL_CHANGES_QUERY, after, PAGE_ROWS + 1);
        const { rows, next } = takePage(matches, PAGE_ROWS, ({ revision, row }) => ({ revision, row }));
        return { rows: await serializeChanges(db, revision, rows), next };
      }),
    async *readTexts() {
      for await (const documents of readFactRows(getFactType('document'))) {
        // One at a time, as a text may be large.
        for (const { id } of documents) {
          const text = await read((db) => findPublicText(db, revision, id));
          if (text) yield [text];
        }
      }
    },
    verify: () => read(async () => {}),
  };
}

async function* readPages<Row, Position>(
  read: (after: Position | null) => Promise<RowPage<Row, Position>>,
): AsyncGenerator<Row[]> {
  let after: Position | null = null;
  do {
    const { rows, next }: RowPage<Row, Position> = await read(after);
    yield rows;
    after = next;
  } while (after !== null);
}

const findFactRows = (
  db: Reader,
  revision: number,
  type: string,
  after: SortPosition | null,
): Promise<RowPage<FactRow, SortPosition>> =>
  findFacts(db, {
    type,
    revision,
    filters: [],
    includeRetracted: true,
    sort: { field: 'id', descending: false },
    after,
    limit: PAGE_ROWS,
  });

const ALL_CHANGES_QUERY = {
  after: 0,
  types: null,
  facts: null,
  documents: null,
  causes: null,
  newestFirst: false,
};

/** Returns the text of a document, or null if it is not public. */
async function findPublicText(db: Reader, revision: number, id: string): Promise<ArchiveText | null> {
  if (await findRedaction(db, id)) return null;
  if (!(await isPublicText(db, id, revision))) return null;
  return { document: id, text: await getSourceText(db, revision, id) };
}
