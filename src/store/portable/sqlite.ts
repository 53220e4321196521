/** Opening SQLite. */
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import {
  asReader,
  type Database,
  inTransaction,
  StoreUnavailable,
  TURN_TIMEOUT_S,
  turnTimedOut,
  type Writer,
} from './database.ts';
import { writeBy } from './rows.ts';

/** Before 3.51.3 a reset of the write-ahead log could corrupt the file. */
const MIN_SQLITE_VERSION = [3, 51, 3] as const;
/** How long opening waits for another process that is opening the same file. */
const OPENING_TIMEOUT_MS = 10_000;
const TURN_POLL_MS = 20;
/** How many prepared statements a handle keeps. */
const MAX_STATEMENTS = 200;

/** Opens the SQLite file at `path`, making it if it is missing. */
export function openSqlite(path: string): Database {
  const writing = openFile(path, {});
  const reading = openBeside(writing, path);
  const statements = withStatementsKept(writing);
  const writer = kyselyOn(statements);
  const { read, close } = readerOn(reading);
  return {
    read,
    write: (work) => inTransaction(writer, takeTurn, (db) => work(writeBy(statements, db))).catch(tell),
    forget: () => writer.connection().execute(forget).catch(tell),
    async close() {
      await Promise.all([close(), writer.destroy()]);
      // Kysely closes only what it has used.
      writing.close();
    },
  };
}

/** Opens the SQLite file at `path`, which must be there, by a handle that cannot write. */
export const openSqliteToRead = (path: string): Pick<Database, 'read' | 'close'> =>
  readerOn(openFile(path, { readonly: true }));

function readerOn(reading: BetterSqlite3.Database): Pick<Database, 'read' | 'close'> {
  const reader = kyselyOn(withStatementsKept(reading));
  return {
    read: (work) =>
      inTransaction(
        reader,
        (connection) => sql`begin`.execute(connection),
        (connection) => work(asReader(connection)),
      ).catch(tell),
    async close() {
      await reader.destroy();
      reading.close();
    },
  };
}

function openBeside(writing: BetterSqlite3.Database, path: string): BetterSqlite3.Database {
  try {
    return openFile(path, { readonly: true });
  } catch (error) {
    writing.close();
    throw error;
  }
}

function openFile(path: string, options: BetterSqlite3.Options): BetterSqlite3.Database {
  const database = new BetterSqlite3(path, { ...options, timeout: OPENING_TIMEOUT_MS });
  try {
    refuseOldSqlite(database);
    if (!options.readonly) {
      database.pragma('journal_mode = WAL');
      // WAL makes this NORMAL, which can lose acknowledged commits when the power fails.
      database.pragma('synchronous = FULL');
      // From here on it is takeTurn that waits, and lets others be answered meanwhile.
      database.pragma('busy_timeout = 0');
    }
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const kyselyOn = (database: SqliteDatabase): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });

/** Files that others hold, that cannot be read or written now, and disks that are full. */
const LOST = /^SQLITE_(BUSY|IOERR|CANTOPEN|FULL)/;

/** Throws the error as one that says whether asking again may help. */
function tell(error: unknown): never {
  if (!LOST.test((error as { code?: string }).code ?? '')) throw error;
  throw new StoreUnavailable('The store does not answer.', { cause: error });
}

/**
 * A database that prepares each statement once. Preparing takes longer than most statements run, and what it leaves
 * behind is memory that the garbage collector does not see: an import of 100,000 facts came to 2 GB of it.
 */
function withStatementsKept(database: BetterSqlite3.Database) {
  const kept = new Map<string, BetterSqlite3.Statement>();
  return {
    prepare(text: string) {
      const statement = kept.get(text) ?? database.prepare(text);
      // Back to the end: the first is the one that has been idle longest.
      kept.delete(text);
      kept.set(text, statement);
      if (kept.size > MAX_STATEMENTS) kept.delete(kept.keys().next().value as string);
      return statement;
    },
    close: () => database.close(),
  };
}

/**
 * Begins a transaction that writes. One that begins deferred, as Kysely's do, fails at once when it turns from reading
 * to writing and another process has written meanwhile; this one waits for its turn at the beginning instead.
 */
async function takeTurn(connection: Writer): Promise<void> {
  await untilFree(() => sql`begin immediate`.execute(connection));
}

/** Writes the file anew without what was deleted, and empties the write-ahead log: both would keep it for long. */
async function forget(connection: Writer): Promise<void> {
  await untilFree(() => sql`vacuum`.execute(connection));
  await untilFree(async () => {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
    if (rows[0]?.busy) throw Object.assign(new Error('others are using the store'), { code: 'SQLITE_BUSY' });
  });
}

/** Tries again while others are in the way, for as long as a turn may take to come. */
async function untilFree<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + TURN_TIMEOUT_S * 1_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw error;
      if (Date.now() > deadline) throw turnTimedOut(error);
      await sleep(TURN_POLL_MS);
    }
  }
}

function refuseOldSqlite(database: BetterSqlite3.Database): void {
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
