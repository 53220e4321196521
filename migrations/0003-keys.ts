import type { Kysely } from 'kysely';
import { parse } from 'yaml';
import type { Writer } from '../src/store/database.ts';
import { strictTable, textType } from '../src/store/dialect/sql-fragments.ts';

/** Adds API keys, dossiers as JSON, and the validated content that remains of redacted dossiers. */
export async function up(db: Writer): Promise<void> {
  const schema = (db as Kysely<unknown>).schema;
  await schema
    .createTable('key')
    .addColumn('id', textType(db), (column) => column.primaryKey())
    .addColumn('name', textType(db), (column) => column.notNull())
    .addColumn('scopes', textType(db), (column) => column.notNull())
    .addColumn('sha256', textType(db), (column) => column.notNull())
    .addColumn('created_at', textType(db), (column) => column.notNull())
    .addColumn('expires_at', textType(db))
    .addColumn('revoked_at', textType(db))
    .modifyEnd(strictTable(db))
    .execute();
  await schema
    .alterTable('dossier')
    .addColumn('as_json', textType(db), (column) => column.notNull().defaultTo(''))
    .execute();
  await schema.alterTable('dossier').addColumn('checked', textType(db)).execute();
  await schema
    .alterTable('revision')
    .addColumn('redaction', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await fillJson(db);
}

async function fillJson(db: Writer): Promise<void> {
  const rows = await db.selectFrom('dossier').select(['id', 'rev_from']).execute();
  for (const { id, rev_from } of rows) {
    const row = db
      .selectFrom('dossier')
      .select('facts')
      .where('id', '=', id)
      .where('rev_from', '=', rev_from);
    const { facts } = await row.executeTakeFirstOrThrow();
    const { document, facts: factList, ...rest } = parse(facts) as Record<string, unknown>;
    const sections = {
      document,
      facts: factList,
      adds: [],
      corrects: [],
      develops: [],
      retractions: [],
      renames: [],
      uncovered: [],
      ...rest,
    };
    await db
      .updateTable('dossier')
      .set({ as_json: JSON.stringify(sections) })
      .where('id', '=', id)
      .where('rev_from', '=', rev_from)
      .execute();
  }
}
