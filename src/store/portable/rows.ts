/** Rows by the thousand: how they are written, and how they are asked for. */
import { type Insertable, type RawBuilder, sql } from 'kysely';
import type { Reference } from '../../facts/fields.ts';
import { batches } from '../batches.ts';
import type { Tables } from '../tables.ts';
import { isPostgres, type Reader, type Writer } from './database.ts';

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
  const given = JSON.stringify(facts.map(({ type, id }) => ({ type, id })));
  return isPostgres(db)
    ? sql`(select * from json_to_recordset(${given}) as given (type text, id text))`
    : sql`(select value ->> 'type' as type, value ->> 'id' as id from json_each(${given}))`;
}
