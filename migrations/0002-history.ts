import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Writer } from '../src/store/database.ts';
import { strictTable, textType } from '../src/store/dialect/sql-fragments.ts';

/** Adds causes and reasons of versions, reviewers and dossiers of revisions, and contributions. */
export async function up(db: Writer): Promise<void> {
  const schema = (db as Kysely<unknown>).schema;
  await schema.alterTable('revision').addColumn('reviewer', textType(db)).execute();
  await schema.alterTable('revision').addColumn('dossier', textType(db)).execute();
  await schema
    .alterTable('revision')
    .addColumn('action', textType(db), (column) => column.notNull().defaultTo('import'))
    .execute();
  await schema
    .alterTable('fact')
    .addColumn('cause', textType(db), (column) => column.notNull().defaultTo('addition'))
    .execute();
  await schema.alterTable('fact').addColumn('reason', textType(db)).execute();
  await sql`update revision set dossier = (select id from dossier where rev_from = n)`.execute(db);
  await sql`update fact set cause = 'correction', reason = (select note from revision where n = rev_from)
    where version > 1`.execute(db);
  await schema.createIndex('fact_change').on('fact').columns(['rev_from', 'row']).execute();
  await schema
    .createIndex('fact_correction')
    .on('fact')
    .columns(['rev_from', 'row'])
    .where(sql.ref('cause'), 'in', sql`('correction', 'retraction')`)
    .execute();
  await schema
    .createTable('contribution')
    .addColumn('type', textType(db), (column) => column.notNull())
    .addColumn('id', textType(db), (column) => column.notNull())
    .addColumn('document', textType(db), (column) => column.notNull())
    .addColumn('day', textType(db), (column) => column.notNull())
    .addColumn('first_rev', 'integer', (column) => column.notNull())
    .addColumn('body', textType(db), (column) => column.notNull())
    .addPrimaryKeyConstraint('contribution_key', ['type', 'id', 'document'])
    .addForeignKeyConstraint('contribution_identity', ['type', 'id'], 'identity', ['type', 'id'])
    .modifyEnd(strictTable(db))
    .execute();
  await schema.createIndex('contribution_document').on('contribution').column('document').execute();
  await schema
    .createIndex('identity_renamed')
    .on('identity')
    .columns(['type', 'renamed_to'])
    .where(sql.ref('renamed_to'), 'is not', null)
    .execute();
}
