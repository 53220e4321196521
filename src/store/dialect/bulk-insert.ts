/** Inserts and lookups of thousands of rows. */
import { type Insertable, type RawBuilder, sql } from 'kysely';
import { chunk } from '../../lib/chunk.ts';
import type { Reference } from '../../model/fields.ts';
import { executeForEach, type Reader, type Writer } from '../database.ts';
import type { Tables } from '../schema.ts';
import { isPostgres } from './is-postgres.ts';

/** Inserts rows that all have the same columns; with `ifNew`, skips those that exist. */
export async function insertRows<T extends keyof Tables>(
  db: Writer,
  table: T,
  rows: Insertable<Tables[T]>[],
  { ifNew = false } = {},
): Promise<void> {
  const insert = (batch: Insertable<Tables[T]>[]) => {
    const statement = db.insertInto(table).values(batch as never);
    return ifNew ? statement.onConflict((conflict) => conflict.doNothing()) : statement;
  };
  if (isPostgres(db)) for (const batch of chunk(rows)) await insert(batch).execute();
  else if (rows.length > 0) executeForEach(db, rows, insert(rows.slice(0, 1)).compile());
}

/** Returns these facts as a table of types and ids, with one parameter and the same SQL for any number. */
export function valuesTable(db: Reader, facts: Reference[]): RawBuilder<Reference> {
  // Grouped by type, so that SQLite need not parse one object per fact.
  const byType = Map.groupBy(facts, ({ type }) => type);
  const idsByType = [...byType].map(([type, references]) => [type, references.map(({ id }) => id)]);
  const parameter = JSON.stringify(Object.fromEntries(idsByType));
  return isPostgres(db)
    ? sql`(select t.key as type, i.id from json_each(${parameter}::json) as t, json_array_elements_text(t.value) as i (id))`
    : sql`(select t.key as type, i.value as id from json_each(${parameter}) as t cross join json_each(t.value) as i)`;
}
