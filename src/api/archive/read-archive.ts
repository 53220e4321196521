/** Reads all that anybody may read at one revision, a page at a time, so that others get their turn in between. */
import { setImmediate } from 'node:timers/promises';
import type { Whole, WholeText } from '../../formats/archives/archive-format.ts';
import type { Resource } from '../../model/fact-type.ts';
import { resourceOf } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { redactionOf } from '../../store/queries/dossiers.ts';
import { type FactRow, sourceAt } from '../../store/queries/facts.ts';
import { type ChangePlace, findChanges, findRevisions } from '../../store/queries/history.ts';
import { findFacts, type Place } from '../../store/queries/list.ts';
import type { Reading } from '../../store/snapshot.ts';
import { type Rows, refuseRedactedMeanwhile } from '../respond/respond-stream.ts';
import { isShownToAll } from '../respond/text-access.ts';
import { describeChanges } from '../routes/changes.ts';
import { describeRevisions } from '../routes/revisions.ts';
import { represent } from '../serialize/serialize-facts.ts';

/** How many rows are read before anybody else gets a turn. */
const PAGE_ROWS = 200;

/** Everything at a revision; `proved` tells whether it still is, once all of it has been read. */
export interface WholeAtRevision extends Whole {
  proved(): Promise<void>;
}

/** All there is at `reading`; what is read next fails once `stop` says so, or a text was redacted. */
export function wholeAt(
  store: Store,
  reading: Reading,
  publicUrl: string,
  stop: AbortSignal,
): WholeAtRevision {
  const { revision, recordedAt } = reading;
  const read = async <T>(work: (db: Reader) => Promise<T>): Promise<T> => {
    // What SQLite answers comes without a pause: nobody else would be heard until the last page.
    await setImmediate();
    stop.throwIfAborted();
    return store.read(async (db) => {
      await refuseRedactedMeanwhile(db, reading);
      return work(db);
    });
  };
  const pages = <Row, P>(page: (db: Reader, after: P | null) => Promise<Rows<Row, P>>) =>
    pagesOf((after: P | null) => read((db) => page(db, after)));
  const rowsOf = ({ type }: Resource) =>
    pages((db, after: Place | null) => factRows(db, revision, type, after));
  return {
    revision,
    recordedAt,
    publicUrl,
    revisions: () =>
      pages(async (db, after: number | null) => {
        const found = await findRevisions(db, revision, after, PAGE_ROWS + 1);
        const { rows, next } = ended(found, ({ n }) => n);
        return { rows: await describeRevisions(db, rows), next };
      }),
    facts: ({ type }) =>
      pages(async (db, after: Place | null) => {
        const { rows, next } = await factRows(db, revision, type, after);
        return { rows: await represent(db, revision, rows), next };
      }),
    changes: () =>
      pages(async (db, after: ChangePlace | null) => {
        const found = await findChanges(db, revision, ALL_CHANGES, after, PAGE_ROWS + 1);
        const { rows, next } = ended(found, ({ revision, row }) => ({ revision, row }));
        return { rows: await describeChanges(db, revision, rows), next };
      }),
    async *texts() {
      for await (const documents of rowsOf(resourceOf('document'))) {
        // One by one: a text may be large.
        for (const { id } of documents) {
          const text = await read((db) => textOf(db, revision, id));
          if (text) yield [text];
        }
      }
    },
    proved: () => read(async () => {}),
  };
}

async function* pagesOf<Row, P>(read: (after: P | null) => Promise<Rows<Row, P>>): AsyncGenerator<Row[]> {
  let after: P | null = null;
  do {
    const { rows, next }: Rows<Row, P> = await read(after);
    yield rows;
    after = next;
  } while (after !== null);
}

/** The page, and where it ended, of rows of which one more than it holds was asked for. */
function ended<Row, P>(found: Row[], placeOf: (row: Row) => P): Rows<Row, P> {
  const rows = found.slice(0, PAGE_ROWS);
  const last = rows.at(-1);
  return { rows, next: found.length > PAGE_ROWS && last !== undefined ? placeOf(last) : null };
}

const factRows = (
  db: Reader,
  revision: number,
  type: string,
  after: Place | null,
): Promise<Rows<FactRow, Place>> =>
  findFacts(db, {
    type,
    revision,
    conditions: [],
    retracted: true,
    sort: { field: 'id', descending: false },
    after,
    limit: PAGE_ROWS,
  });

const ALL_CHANGES = {
  after: 0,
  types: null,
  facts: null,
  documents: null,
  causes: null,
  newestFirst: false,
};

/** The text of a document, if anybody may read it. */
async function textOf(db: Reader, revision: number, id: string): Promise<WholeText | null> {
  if (await redactionOf(db, id)) return null;
  if (!(await isShownToAll(db, id, revision))) return null;
  return { document: id, text: await sourceAt(db, revision, id) };
}
