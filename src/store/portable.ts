/** The one file that knows the dialect: everything that SQLite does in a way of its own. */
import Database from 'better-sqlite3';
import { type Expression, Kysely, type RawBuilder, SqliteDialect, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';
import type { Tables } from './tables.ts';

export type Writer = Kysely<Tables>;
/** A reader cannot write: by this type, and by the connection under it. */
export type Reader = ReadonlyKysely<Tables>;

/** The same handle with everything that writes taken away. */
export const asReader = (db: Writer): Reader => db as unknown as Reader;

/** Before 3.51.3 a reset of the write-ahead log could corrupt the file. */
const MIN_SQLITE_VERSION = [3, 51, 3] as const;
const BUSY_TIMEOUT_MS = 10_000;

export interface Handles {
  writer: Writer;
  /** Opened on first use, since the file must be there and migrated. */
  openReader(): Reader;
}

/** Opens the SQLite file at `path`, making it if it is missing. */
export function openSqlite(path: string): Handles {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  refuseOldSqlite(database);
  database.pragma('journal_mode = WAL');
  // WAL makes this NORMAL, which can lose acknowledged commits when the power fails.
  database.pragma('synchronous = FULL');
  harden(database);
  return {
    writer: new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }),
    openReader() {
      const readonly = new Database(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
      harden(readonly);
      return asReader(new Kysely<Tables>({ dialect: new SqliteDialect({ database: readonly }) }));
    },
  };
}

function harden(database: Database.Database): void {
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
}

function refuseOldSqlite(database: Database.Database): void {
  const version = database.prepare('select sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  for (const [index, least] of MIN_SQLITE_VERSION.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least) {
      const needed = MIN_SQLITE_VERSION.join('.');
      throw new Error(`SQLite ${version} is too old: ${needed} is the first without the WAL-reset bug`);
    }
  }
}

/** Runs `work` in a transaction that no other process can write beside. */
export function exclusively<T>(writer: Writer, work: (transaction: Writer) => Promise<T>): Promise<T> {
  // Kysely's own transactions begin deferred, and one that turns from reading to writing fails at once
  // when another process has written meanwhile. This one waits for its turn at the beginning instead.
  return writer.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      const result = await work(connection);
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

/** What ends a `create table`: rows hold what their columns say, or are refused. */
export const strict: RawBuilder<unknown> = sql`strict`;

/** The full-text index: only words from our own tokenizer go in, so the index need not know any language. */
export async function createSearchTable(db: Writer): Promise<void> {
  await sql`create virtual table search using fts5(
    label, text, content='', contentless_delete=1, detail=column, tokenize='ascii'
  )`.execute(db);
}

export interface SearchRow {
  row: number;
  /** Folded words of the label. */
  label: string[];
  /** Folded words of everything else that is searched. */
  text: string[];
}

export async function insertSearchRows(db: Writer, rows: SearchRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map(({ row, label, text }) => sql`(${row}, ${label.join(' ')}, ${text.join(' ')})`);
  await sql`insert into search (rowid, label, text) values ${sql.join(values)}`.execute(db);
}

export async function clearSearch(db: Writer): Promise<void> {
  await sql`delete from search`.execute(db);
}

/** The rows in which every one of `words` stands. */
export function rowsWithWords(words: string[]): RawBuilder<{ row: number }> {
  return sql`select rowid as row from search where search match ${matchAll(words)}`;
}

/** Whether every one of `words` stands in the row that `row` names. */
export function rowHasWords(row: Expression<number>, words: string[]): RawBuilder<boolean> {
  return sql`exists (select 1 from search where rowid = ${row} and search match ${matchAll(words)})`;
}

/** Whether every one of `words` stands in the label of the row that `row` names. */
export function labelHasWords(row: Expression<number>, words: string[]): RawBuilder<boolean> {
  const query = `label : (${matchAll(words)})`;
  return sql`exists (select 1 from search where rowid = ${row} and search match ${query})`;
}

// Words are letters and digits only, so that quoting them is all that FTS5 needs.
const matchAll = (words: string[]) => words.map((word) => `"${word}"`).join(' AND ');
