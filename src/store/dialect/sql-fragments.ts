import { type RawBuilder, sql } from 'kysely';
import { query, type Reader, type Writer } from '../database.ts';
import { isPostgres } from './is-postgres.ts';

/** Type of a text column, which is compared byte by byte, whatever the locale of the server. */
export const textType = (db: Writer): RawBuilder<string> =>
  isPostgres(db) ? sql`text collate "C"` : sql`text`;

/** End of a `create table` statement that makes SQLite reject values of another type than the column's. */
export const strictTable = (db: Writer): RawBuilder<unknown> => (isPostgres(db) ? sql`` : sql`strict`);

export async function hasTable(db: Reader, name: string): Promise<boolean> {
  const statement = isPostgres(db)
    ? sql<{ name: string | null }>`select to_regclass(${name})::text as name`
    : sql<{ name: string | null }>`select max(name) as name from sqlite_schema where name = ${name}`;
  const [row] = await query(db, statement);
  return row?.name != null;
}

/**
 * Keeps SQLite from using an index on `column`: it would scan a long index instead of starting from few rows.
 */
export const noIndexHint = (db: Reader, column: RawBuilder<unknown>): RawBuilder<string> =>
  isPostgres(db) ? sql`${column}` : sql`+${column}`;

/**
 * Predicate that is always true, but fails after the deadline of the request. SQLite cannot be interrupted,
 * so it checks at every 256th row. PostgreSQL has a statement timeout.
 */
export const deadlineCheck = (db: Reader, row: RawBuilder<unknown>): RawBuilder<boolean> =>
  isPostgres(db) ? sql`true` : sql`((${row} & 255) <> 0 or in_time())`;
