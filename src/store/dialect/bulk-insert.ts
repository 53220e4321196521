/** Inserts and lookups of thousands of rows. */
import { type Insertable, type RawBuilder, sql } from 'kysely';
import { chunk } from '../../lib/chunk.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader, Writer } from '../database.ts';
import type { Tables } from '../schema.ts';
import { isPostgres } from './is-postgres.ts';

/** Prepared statements of SQLite, which run synchronously. */
export interface SqliteStatements {
  prepare(text: string): { run(values: unknown[]): unknown };
}

const statementsByConnection = new WeakMap<Writer, SqliteStatements>();

/** Registers `statements` for inserts on `db`; both must use the same SQLite connection. */
export function bindStatements(statements: SqliteStatements, db: Writer): Writer {
  statementsByConnection.set(db, statements);
  return db;
}

/** Inserts rows that all have the same columns; with `ifNew`, skips those that exist. */
export async function insertRows<T extends keyof Tables>(
  db: Writer,
  table: T,
  rows: Insertable<Tables[T]>[],
  { ifNew = false } = {},
): Promise<void> {
  if (!isPostgres(db)) return insertOneByOne(db, table, rows, ifNew ? ' on conflict do nothing' : '');
  for (const batch of chunk(rows)) {
    const statement = db.insertInto(table).values(batch as never);
    await (ifNew ? statement.onConflict((conflict) => conflict.doNothing()) : statement).execute();
  }
}

/**
 * Runs one SQLite statement per row. SQLite is in this process: building and preparing a statement for many
 * rows takes longer than writing the rows.
 */
export function insertOneByOne(db: Writer, table: string, rows: object[], onConflict = ''): void {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const columnNames = columns.map((name) => `"${name}"`).join(', ');
  const placeholders = columns.map(() => '?').join(', ');
  const statement = statementsByConnection
    .get(db)
    ?.prepare(`insert into "${table}" (${columnNames}) values (${placeholders})${onConflict}`);
  if (!statement) throw new Error(`rows of ${table} can only be inserted in a write transaction`);
  for (const row of rows as Record<string, unknown>[]) statement.run(columns.map((name) => row[name]));
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
