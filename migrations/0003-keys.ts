import type { Kysely } from 'kysely';
import { strict, text, type Writer } from '../src/store/portable/index.ts';

/** Who may write, and what is left of texts that were redacted. */
export async function up(db: Writer): Promise<void> {
  const schema = (db as Kysely<unknown>).schema;
  await schema
    .createTable('key')
    .addColumn('id', text(db), (column) => column.primaryKey())
    .addColumn('name', text(db), (column) => column.notNull())
    .addColumn('scopes', text(db), (column) => column.notNull())
    .addColumn('sha256', text(db), (column) => column.notNull())
    .addColumn('created_at', text(db), (column) => column.notNull())
    .addColumn('expires_at', text(db))
    .addColumn('revoked_at', text(db))
    .modifyEnd(strict(db))
    .execute();
  await schema.alterTable('dossier').addColumn('checked', text(db)).execute();
  await schema
    .alterTable('revision')
    .addColumn('redaction', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
