import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Writer } from '../src/store/database.ts';

/** Adds a covering index for lists, which saves reading the facts, and an index on the time of revisions. */
export async function up(db: Writer): Promise<void> {
  const schema = (db as Kysely<unknown>).schema;
  await schema.dropIndex('fact_current').execute();
  await schema
    .createIndex('fact_listed')
    .on('fact')
    .columns(['type', 'id', 'rev_from', 'rev_to', 'retracted'])
    .where(sql.ref('retracted'), 'is', null)
    .execute();
  await schema.createIndex('revision_recorded').on('revision').columns(['recorded_at', 'n']).execute();
}
