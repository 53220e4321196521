/** What tables and columns are in each dialect. */
import { type RawBuilder, sql } from 'kysely';
import { query, type Reader, type Writer } from '../database.ts';
import { isPostgres } from './is-postgres.ts';

/** The type of a column of text: compared byte by byte, whatever the language of the server. */
export const textType = (db: Writer): RawBuilder<string> =>
  isPostgres(db) ? sql`text collate "C"` : sql`text`;

/** What ends a `create table`: rows hold what their columns say, or are refused. */
export const strictTable = (db: Writer): RawBuilder<unknown> => (isPostgres(db) ? sql`` : sql`strict`);

export async function hasTable(db: Reader, name: string): Promise<boolean> {
  const statement = isPostgres(db)
    ? sql<{ name: string | null }>`select to_regclass(${name})::text as name`
    : sql<{ name: string | null }>`select max(name) as name from sqlite_schema where name = ${name}`;
  const [row] = await query(db, statement);
  return row?.name != null;
}

/** A column that is compared without an index on it: SQLite would rather walk a long index than start from few rows. */
export const noIndexHint = (db: Reader, column: RawBuilder<unknown>): RawBuilder<string> =>
  isPostgres(db) ? sql`${column}` : sql`+${column}`;

/**
 * True, or an error once whoever asked has waited for long enough: SQLite cannot be interrupted, and so is asked by each
 * 256th row. PostgreSQL has a statement timeout.
 */
export const deadlineCheck = (db: Reader, row: RawBuilder<unknown>): RawBuilder<boolean> =>
  isPostgres(db) ? sql`true` : sql`((${row} & 255) <> 0 or in_time())`;
