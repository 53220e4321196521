import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Writer } from '../src/store/database.ts';

/** An index that lists are read from alone, without looking at the facts, and one of when revisions were recorded. */
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
