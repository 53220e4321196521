/** Dumps of the tables that can be rebuilt from the dossiers. */
import { sql } from 'kysely';
import type { Writer } from '../../src/store/database.ts';
import { isPostgres } from '../../src/store/dialect/is-postgres.ts';
import type { Store } from '../../src/store/open.ts';

/** Returns the rows of all derived tables in a fixed order. */
export const dumpDerivedTables = (store: Store) =>
  store.write(async (db) => ({
    facts: await db.selectFrom('fact').selectAll().orderBy('row').execute(),
    contributions: await db
      .selectFrom('contribution')
      .selectAll()
      .orderBy('type')
      .orderBy('id')
      .orderBy('document')
      .execute(),
    identities: await db.selectFrom('identity').selectAll().orderBy('type').orderBy('id').execute(),
    terms: await db.selectFrom('term').selectAll().orderBy('row').orderBy('field').orderBy('value').execute(),
    spans: await db
      .selectFrom('span')
      .selectAll()
      .orderBy('row')
      .orderBy('start_at')
      .orderBy('end_at')
      .execute(),
    words: await dumpSearchIndex(db),
  }));

/** Returns the entries of the search index: word, row and column. */
export async function dumpSearchIndex(db: Writer): Promise<unknown[]> {
  if (isPostgres(db)) {
    const { rows } = await sql`select "row", 'label' as col, unnest(label) as term from search union all
      select "row", 'words', unnest(words) from search order by 1, 2, 3`.execute(db);
    return rows;
  }
  await sql`create virtual table if not exists temp.words using fts5vocab('main', 'search', 'instance')`.execute(
    db,
  );
  const { rows } = await sql`select term, doc, col from temp.words order by term, doc, col`.execute(db);
  return rows;
}
