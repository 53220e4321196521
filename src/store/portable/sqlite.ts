/** Opening SQLite. */
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import {
  asReader,
  type Database,
  inTransaction,
  TURN_TIMEOUT_S,
  turnTimedOut,
  type Writer,
} from './database.ts';

/** Before 3.51.3 a reset of the write-ahead log could corrupt the file. */
const MIN_SQLITE_VERSION = [3, 51, 3] as const;
/** How long opening waits for another process that is opening the same file. */
const OPENING_TIMEOUT_MS = 10_000;
const TURN_POLL_MS = 20;

/** Opens the SQLite file at `path`, making it if it is missing. */
export function openSqlite(path: string): Database {
  const writer = openFile(path, {});
  const reader = openFile(path, { readonly: true });
  return {
    read: (work) =>
      inTransaction(
        reader.db,
        (connection) => sql`begin`.execute(connection),
        (connection) => work(asReader(connection)),
      ),
    write: (work) => inTransaction(writer.db, takeTurn, work),
    async close() {
      await reader.db.destroy();
      await writer.db.destroy();
    },
  };
}

function openFile(path: string, options: BetterSqlite3.Options) {
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
  } catch (error) {
    database.close();
    throw error;
  }
  return { db: new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }) };
}

/**
 * Begins a transaction that writes. One that begins deferred, as Kysely's do, fails at once when it turns from reading
 * to writing and another process has written meanwhile; this one waits for its turn at the beginning instead.
 */
async function takeTurn(connection: Writer): Promise<void> {
  const deadline = Date.now() + TURN_TIMEOUT_S * 1_000;
  for (;;) {
    try {
      await sql`begin immediate`.execute(connection);
      return;
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
