import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Writer } from '../src/store/database.ts';
import { createSearchTable } from '../src/store/dialect/full-text-index.ts';
import { strictTable, textType } from '../src/store/dialect/sql-fragments.ts';

/** Creates the first tables; ARCHITECTURE.md describes them. */
export async function up(db: Writer): Promise<void> {
  const schema = (db as Kysely<unknown>).schema;
  await schema
    .createTable('setting')
    .addColumn('name', textType(db), (column) => column.primaryKey())
    .addColumn('value', textType(db), (column) => column.notNull())
    .modifyEnd(strictTable(db))
    .execute();
  await schema
    .createTable('revision')
    .addColumn('n', 'integer', (column) => column.primaryKey().check(sql`n > 0`))
    .addColumn('recorded_at', textType(db), (column) => column.notNull())
    .addColumn('author', textType(db), (column) => column.notNull())
    .addColumn('note', textType(db), (column) => column.notNull())
    .modifyEnd(strictTable(db))
    .execute();
  await schema
    .createTable('dossier')
    .addColumn('id', textType(db), (column) => column.notNull())
    .addColumn('rev_from', 'integer', (column) => column.notNull().references('revision.n'))
    .addColumn('rev_to', 'integer', (column) => column.notNull())
    .addColumn('sha256', textType(db), (column) => column.notNull())
    .addColumn('source', textType(db), (column) => column.notNull())
    .addColumn('facts', textType(db), (column) => column.notNull())
    .addPrimaryKeyConstraint('dossier_key', ['id', 'rev_from'])
    .modifyEnd(strictTable(db))
    .execute();
  await schema
    .createTable('identity')
    .addColumn('type', textType(db), (column) => column.notNull())
    .addColumn('id', textType(db), (column) => column.notNull())
    .addColumn('renamed_to', textType(db))
    .addPrimaryKeyConstraint('identity_key', ['type', 'id'])
    .modifyEnd(strictTable(db))
    .execute();
  await schema
    .createTable('fact')
    .addColumn('row', 'integer', (column) => column.primaryKey())
    .addColumn('type', textType(db), (column) => column.notNull())
    .addColumn('id', textType(db), (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('rev_from', 'integer', (column) => column.notNull().references('revision.n'))
    .addColumn('rev_to', 'integer', (column) => column.notNull())
    .addColumn('label', textType(db), (column) => column.notNull())
    .addColumn('reported_on', textType(db))
    .addColumn('retracted', textType(db))
    .addColumn('document', textType(db), (column) => column.notNull())
    .addColumn('body', textType(db), (column) => column.notNull())
    .addForeignKeyConstraint('fact_identity', ['type', 'id'], 'identity', ['type', 'id'])
    .addUniqueConstraint('fact_version', ['type', 'id', 'version'])
    .modifyEnd(strictTable(db))
    .execute();
  await schema.createIndex('fact_current').on('fact').columns(['type', 'id', 'rev_from', 'rev_to']).execute();
  await schema.createIndex('fact_home').on('fact').columns(['document', 'rev_to']).execute();
  await schema
    .createTable('term')
    .addColumn('type', textType(db), (column) => column.notNull())
    .addColumn('field', textType(db), (column) => column.notNull())
    .addColumn('value', textType(db), (column) => column.notNull())
    .addColumn('id', textType(db), (column) => column.notNull())
    .addColumn('rev_from', 'integer', (column) => column.notNull())
    .addColumn('rev_to', 'integer', (column) => column.notNull())
    .addColumn('row', 'integer', (column) => column.notNull().references('fact.row'))
    .addColumn('ref_type', textType(db))
    .addForeignKeyConstraint('term_refers', ['ref_type', 'value'], 'identity', ['type', 'id'])
    .modifyEnd(strictTable(db))
    .execute();
  const termColumns = ['type', 'field', 'value', 'id', 'rev_from', 'rev_to', 'row', 'ref_type'];
  await schema.createIndex('term_value').on('term').columns(termColumns).execute();
  await schema.createIndex('term_row').on('term').columns(['row', 'field', 'value', 'ref_type']).execute();
  await schema
    .createIndex('term_refers')
    .on('term')
    .columns(['ref_type', 'value', 'type', 'id'])
    .where(sql.ref('ref_type'), 'is not', null)
    .execute();
  await schema
    .createTable('span')
    .addColumn('document', textType(db), (column) => column.notNull())
    .addColumn('start_at', 'integer', (column) => column.notNull())
    .addColumn('end_at', 'integer', (column) => column.notNull())
    .addColumn('row', 'integer', (column) => column.notNull().references('fact.row'))
    .modifyEnd(strictTable(db))
    .execute();
  await schema
    .createIndex('span_place')
    .on('span')
    .columns(['document', 'start_at', 'end_at', 'row'])
    .execute();
  await schema.createIndex('span_row').on('span').columns(['row']).execute();
  await createSearchTable(db);
}
