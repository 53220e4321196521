/** Opening SQLite. */
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import {
  askDirectly,
  asReader,
  type Database,
  inTransaction,
  type RevisionWatch,
  StoreUnavailable,
  TURN_TIMEOUT_S,
  turnTimedOut,
  type Writer,
  watched,
} from '../database.ts';
import { writeBy } from '../dialect/bulk-insert.ts';
import { type Newest, newestOf } from '../latest-revision.ts';
import type { Tables } from '../schema.ts';

/** Before 3.51.3 a reset of the write-ahead log could corrupt the file. */
const MIN_SQLITE_VERSION = [3, 51, 3] as const;
/** How long opening waits for another process that is opening the same file. */
const OPENING_TIMEOUT_MS = 10_000;
const TURN_POLL_MS = 20;
/** For how long a file is taken not to have changed: asking takes about as long as a tenth of the shortest answer. */
const WATCH_HOLDS_FOR_MS = 5;
/** How many prepared statements a handle keeps. */
const MAX_STATEMENTS = 200;

/** Opens the SQLite file at `path`, making it if it is missing. */
export function openSqlite(path: string): Database {
  const writing = openFile(path, {});
  const [reading, watching] = openBeside(writing, path);
  const statements = withStatementsKept(writing);
  const writer = kyselyOn(statements);
  const { read, close } = readerOn(reading);
  return {
    read,
    ...watched(
      (work) => inTransaction(writer, takeTurn, (db) => work(writeBy(statements, db))).catch(tell),
      watchOn(watching),
    ),
    forget: () => writer.connection().execute(forget).catch(tell),
    async close() {
      await close();
      watching.close();
      // Last the one that may write: what is in the log goes into the file then, and the log away.
      await writer.destroy();
      // Kysely closes only what it has used.
      writing.close();
    },
  };
}

/** Asks a handle that is never within a transaction, and so always sees what was committed last. */
function watchOn(watching: BetterSqlite3.Database): RevisionWatch {
  const version = watching.prepare('pragma data_version').pluck();
  let select: BetterSqlite3.Statement | undefined;
  let [seen, newest]: [unknown, Newest | null] = [undefined, null];
  return {
    holdsForMs: WATCH_HOLDS_FOR_MS,
    writes: 0,
    newest() {
      const now = version.get();
      if (now === seen) return newest;
      // Only now, as the table may have been made meanwhile.
      select ??= watching.prepare('select n, recorded_at, redaction from revision order by n desc limit 2');
      newest = newestOf(select.all() as Parameters<typeof newestOf>[0]);
      seen = now;
      return newest;
    },
  };
}

/** Opens the SQLite file at `path`, which must be there, by a handle that cannot write. */
export const openSqliteToRead = (path: string): Pick<Database, 'read' | 'close'> =>
  readerOn(openFile(path, { readonly: true }));

/** A store for long questions: nothing is written by it, and it can be told when to give one up. */
export interface ScanStore extends Database {
  /** Questions are given up after `deadline`, in milliseconds since 1970, or when `gone` is not 0 any more. */
  scanWhile(deadline: number | null, gone: Int32Array): void;
}

/** How a store is opened for long questions. */
export interface ScanOptions {
  /** How much of the file is kept in memory: 16,000 if left out. */
  cacheKb?: number;
}

/** Opens the SQLite file at `path`, which must be there, for long questions. */
export function openSqliteToScan(path: string, { cacheKb }: ScanOptions = {}): ScanStore {
  const [reading, watching] = openToRead(path);
  if (cacheKb !== undefined) reading.pragma(`cache_size = ${-cacheKb}`);
  let [until, stop] = [Number.POSITIVE_INFINITY, new Int32Array(1)];
  const { read, close } = readerOn(reading, () => Date.now() < until && Atomics.load(stop, 0) === 0);
  const refuse = async () => {
    throw new Error('this store is only read');
  };
  return {
    read,
    write: refuse,
    watch: watchOn(watching),
    forget: refuse,
    scanWhile(deadline, gone) {
      until = deadline ?? Number.POSITIVE_INFINITY;
      stop = gone as Int32Array<ArrayBuffer>;
    },
    async close() {
      await close();
      watching.close();
    },
  };
}

function readerOn(
  reading: BetterSqlite3.Database,
  inTime: () => boolean = () => true,
): Pick<Database, 'read' | 'close'> {
  reading.function('in_time', { deterministic: false, varargs: false }, () => {
    if (inTime()) return 1;
    throw new StoreUnavailable('The question took the store too long.');
  });
  const statements = withStatementsKept(reading);
  const reader = kyselyOn(statements);
  const version = reading.prepare('pragma data_version').pluck();
  const db = askDirectly(asReader(reader), { ...statements, version: () => version.get() as number });
  const [begin, commit] = [reading.prepare('begin'), reading.prepare('commit')];
  // One at a time, since there is one handle: Kysely keeps statements apart, and not transactions.
  let last: Promise<unknown> = Promise.resolve();
  return {
    read(work) {
      const result = last.then(async () => {
        try {
          begin.run();
        } catch (error) {
          throw new StoreUnavailable('The store does not answer.', { cause: error });
        }
        try {
          const found = await work(db);
          commit.run();
          return found;
        } catch (error) {
          if (reading.inTransaction) reading.exec('rollback');
          throw tell(error);
        }
      });
      last = result.catch(() => {});
      return result;
    },
    async close() {
      await last;
      await reader.destroy();
      reading.close();
    },
  };
}

function openBeside(writing: BetterSqlite3.Database, path: string): ReturnType<typeof openToRead> {
  try {
    return openToRead(path);
  } catch (error) {
    writing.close();
    throw error;
  }
}

/** Two handles that cannot write: one to read by, and one that is never within a transaction. */
function openToRead(path: string): [reading: BetterSqlite3.Database, watching: BetterSqlite3.Database] {
  return [openFile(path, { readonly: true }), openFile(path, { readonly: true })];
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
