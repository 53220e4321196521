/** Versions of facts, written together with their index entries. */

import { type Insertable, sql } from 'kysely';
import { BATCH_SIZE, chunk } from '../../lib/chunk.ts';
import { hasInvisibleCharacters } from '../../lib/invisible-characters.ts';
import type { ReportProgress } from '../../lib/progress.ts';
import type { FactBody } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { collectSearchWords, createTerms } from '../../model/index-terms.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import { type Database, query, type Reader, type Writer } from '../database.ts';
import { insertRows } from '../dialect/bulk-insert.ts';
import { clearSearchIndex, insertSearchRows, type SearchRow } from '../dialect/full-text-index.ts';
import type { Tables } from '../schema.ts';

/** Row of a version, and its body before serialization. */
export interface NewVersion {
  factRow: Omit<Tables['fact'], 'row'> & { row: number };
  body: FactBody;
}

/** Ends these versions at `revision`. */
export async function closeVersions(db: Writer, revision: number, rows: number[]): Promise<void> {
  for (const batch of chunk(rows)) {
    await db.updateTable('fact').set({ rev_to: revision }).where('row', 'in', batch).execute();
    await db.updateTable('term').set({ rev_to: revision }).where('row', 'in', batch).execute();
  }
}

/** Inserts the identities of all facts first: a term may refer to a fact later in the dossier. */
export async function insertIdentities(db: Writer, facts: Reference[]): Promise<void> {
  const rows = facts.map(({ type, id }) => ({ type, id, renamed_to: null }));
  await insertRows(db, 'identity', rows, { ifNew: true });
}

/** Inserts versions and their index entries; the identities of their facts must exist. */
export async function insertVersions(
  db: Writer,
  versions: NewVersion[],
  synonyms: Synonyms,
  onProgress: ReportProgress = () => {},
): Promise<void> {
  let writtenCount = 0;
  for (const batch of chunk(versions)) {
    await insertRows(
      db,
      'fact',
      batch.map(({ factRow }) => factRow),
    );
    await insertIndexEntries(db, batch);
    await insertSearchRows(
      db,
      batch.map(({ factRow, body }) => toSearchRow(factRow, body, synonyms)),
    );
    writtenCount += batch.length;
    onProgress(writtenCount, versions.length);
  }
}

/** Columns of a version that its terms have or are derived from, in addition to its body. */
type TermSource = Pick<
  NewVersion['factRow'],
  'row' | 'type' | 'id' | 'rev_from' | 'rev_to' | 'label' | 'reported_on'
>;

function toTermRows(source: TermSource, body: FactBody): Insertable<Tables['term']>[] {
  const { row, type, id, rev_from, rev_to, label, reported_on: reportedOn } = source;
  const terms = createTerms(getFactType(type), body, { label, reportedOn });
  return terms.map(({ field, value, refType: ref_type }) => ({
    type,
    field,
    value,
    id,
    rev_from,
    rev_to,
    row,
    ref_type,
  }));
}

async function insertIndexEntries(db: Writer, versions: NewVersion[]): Promise<void> {
  await insertRows(
    db,
    'term',
    versions.flatMap(({ factRow, body }) => toTermRows(factRow, body)),
  );
  const spans = versions.flatMap(({ factRow: { row }, body }) =>
    (body.evidence ?? []).map(({ document, start, end }) => ({
      document: document.id,
      start_at: start,
      end_at: end,
      row,
    })),
  );
  await insertRows(db, 'span', spans);
}

function toSearchRow(
  { row, type, label }: Pick<NewVersion['factRow'], 'row' | 'type' | 'label'>,
  body: FactBody,
  synonyms: Synonyms,
): SearchRow {
  return { row, ...collectSearchWords(getFactType(type), body, label, synonyms) };
}

const SEARCH_SETTING = 'search';

/** Stores the fingerprint of the synonyms that the search index was built with. */
export async function saveSearchFingerprint(db: Writer, { fingerprint: value }: Synonyms): Promise<void> {
  await db
    .insertInto('setting')
    .values({ name: SEARCH_SETTING, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/**
 * Rebuilds the search index if the synonyms or the tokenizer have changed since it was built, and the terms of the
 * few versions with invisible characters, which the tokenizer ignores.
 */
export async function rebuildSearchIfStale(database: Database, synonyms: Synonyms): Promise<void> {
  if (await database.read((db) => isSearchCurrent(db, synonyms))) return;
  await database.write(async (db) => {
    if (await isSearchCurrent(db, synonyms)) return;
    await clearSearchIndex(db);
    let after = 0;
    for (;;) {
      const rows = await query(
        db,
        sql<StoredFactRow>`select f.row, f.type, f.id, f.rev_from, f.rev_to, f.label, f.reported_on, f.body
          from fact as f where f.row > ${after} order by f.row limit ${BATCH_SIZE}`,
      );
      if (rows.length === 0) break;
      await insertSearchRows(
        db,
        rows.map((row) => toSearchRow(row, JSON.parse(row.body), synonyms)),
      );
      await rebuildTerms(
        db,
        rows.filter(({ label, body }) => hasInvisibleCharacters(label + body)),
      );
      after = rows.at(-1)?.row ?? after;
    }
    await saveSearchFingerprint(db, synonyms);
  });
}

type StoredFactRow = TermSource & Pick<NewVersion['factRow'], 'body'>;

async function rebuildTerms(db: Writer, rows: StoredFactRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db
    .deleteFrom('term')
    .where(
      'row',
      'in',
      rows.map(({ row }) => row),
    )
    .execute();
  await insertRows(
    db,
    'term',
    rows.flatMap((row) => toTermRows(row, JSON.parse(row.body))),
  );
}

/** True if the search index was built with the current tokenizer and synonyms. */
export async function isSearchCurrent(db: Reader | Writer, { fingerprint }: Synonyms): Promise<boolean> {
  const [setting] = await query(
    db,
    sql<{ value: string }>`select value from setting where name = ${SEARCH_SETTING}`,
  );
  return setting?.value === fingerprint;
}
