/** Rows by the thousand: how they are written, and how they are asked for. */
import { type Insertable, type RawBuilder, sql } from 'kysely';
import { batches } from '../../lib/chunk.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader, Writer } from '../database.ts';
import type { Tables } from '../schema.ts';
import { isPostgres } from './is-postgres.ts';

/** What prepares statements of SQLite, and runs them at once. */
export interface Statements {
  prepare(text: string): { run(values: unknown[]): unknown };
}

const statementsOf = new WeakMap<Writer, Statements>();

/** Has rows on `db`, a connection to SQLite, written by `statements` on the same connection. */
export function writeBy(statements: Statements, db: Writer): Writer {
  statementsOf.set(db, statements);
  return db;
}

/** Inserts rows that all have the same columns; with `ifNew`, only those that are not there. */
export async function insertRows<T extends keyof Tables>(
  db: Writer,
  table: T,
  rows: Insertable<Tables[T]>[],
  { ifNew = false } = {},
): Promise<void> {
  if (!isPostgres(db)) return insertEach(db, table, rows, ifNew ? ' on conflict do nothing' : '');
  for (const batch of batches(rows)) {
    const insert = db.insertInto(table).values(batch as never);
    await (ifNew ? insert.onConflict((conflict) => conflict.doNothing()) : insert).execute();
  }
}

/**
 * Runs one statement of SQLite for each row. SQLite is in this process: a statement for many rows takes longer to be
 * worded and prepared than the rows take to be written.
 */
export function insertEach(db: Writer, table: string, rows: object[], onConflict = ''): void {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const names = columns.map((name) => `"${name}"`).join(', ');
  const places = columns.map(() => '?').join(', ');
  const statement = statementsOf
    .get(db)
    ?.prepare(`insert into "${table}" (${names}) values (${places})${onConflict}`);
  if (!statement) throw new Error(`rows of ${table} are written in a transaction that writes`);
  for (const row of rows as Record<string, unknown>[]) statement.run(columns.map((name) => row[name]));
}

/** These facts as a table of their types and ids: one parameter, and one wording of a query, however many they are. */
export function tableOf(db: Reader, facts: Reference[]): RawBuilder<Reference> {
  // By type, so that SQLite has no object to read for each of them.
  const byType = Map.groupBy(facts, ({ type }) => type);
  const ids = [...byType].map(([type, of]) => [type, of.map(({ id }) => id)]);
  const given = JSON.stringify(Object.fromEntries(ids));
  return isPostgres(db)
    ? sql`(select t.key as type, i.id from json_each(${given}::json) as t, json_array_elements_text(t.value) as i (id))`
    : sql`(select t.key as type, i.value as id from json_each(${given}) as t cross join json_each(t.value) as i)`;
}
