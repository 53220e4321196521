/** Opening SQLite. */
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import {
  asReader,
  bypassKysely,
  countWrites,
  createWriteLockTimeoutError,
  type Database,
  type RevisionProbe,
  runInTransaction,
  StoreUnavailable,
  WRITE_LOCK_TIMEOUT_S,
  type Writer,
} from '../database.ts';
import { bindStatements } from '../dialect/bulk-insert.ts';
import { type LatestRevision, toLatestRevision } from '../latest-revision.ts';
import type { Tables } from '../schema.ts';

/** Before 3.51.3 a reset of the write-ahead log could corrupt the file. */
const MIN_SQLITE_VERSION = [3, 51, 3] as const;
/** How long opening waits for another process that is opening the same file. */
const OPENING_TIMEOUT_MS = 10_000;
const WRITE_LOCK_POLL_MS = 20;
/** For how long a file is taken not to have changed: asking takes about as long as a tenth of the shortest answer. */
const PROBE_MAX_AGE_MS = 5;
/** How many prepared statements a handle keeps. */
const MAX_CACHED_STATEMENTS = 200;

/** Opens the SQLite file at `path`, making it if it is missing. */
export function openSqlite(path: string): Database {
  const writeHandle = openFile(path, {});
  const [readHandle, probeHandle] = openReaders(writeHandle, path);
  const statements = createStatementCache(writeHandle);
  const writer = createKysely(statements);
  const { read, close } = createReader(readHandle);
  return {
    read,
    ...countWrites(
      (work) =>
        runInTransaction(writer, beginImmediate, (db) => work(bindStatements(statements, db))).catch(
          translateError,
        ),
      createRevisionProbe(probeHandle),
    ),
    vacuum: () => writer.connection().execute(vacuum).catch(translateError),
    async close() {
      await close();
      probeHandle.close();
      // Last the one that may write: what is in the log goes into the file then, and the log away.
      await writer.destroy();
      // Kysely closes only what it has used.
      writeHandle.close();
    },
  };
}

/** Asks a handle that is never within a transaction, and so always sees what was committed last. */
function createRevisionProbe(probeHandle: BetterSqlite3.Database): RevisionProbe {
  const version = probeHandle.prepare('pragma data_version').pluck();
  let statement: BetterSqlite3.Statement | undefined;
  let [seenVersion, latest]: [unknown, LatestRevision | null] = [undefined, null];
  return {
    maxAgeMs: PROBE_MAX_AGE_MS,
    writeCount: 0,
    readLatestRevision() {
      const currentVersion = version.get();
      if (currentVersion === seenVersion) return latest;
      // Only now, as the table may have been made meanwhile.
      statement ??= probeHandle.prepare(
        'select n, recorded_at, redaction from revision order by n desc limit 2',
      );
      latest = toLatestRevision(statement.all() as Parameters<typeof toLatestRevision>[0]);
      seenVersion = currentVersion;
      return latest;
    },
  };
}

/** Opens the SQLite file at `path`, which must be there, by a handle that cannot write. */
export const openReadOnlySqlite = (path: string): Pick<Database, 'read' | 'close'> =>
  createReader(openFile(path, { readonly: true }));

/** A store for long questions: nothing is written by it, and it can be told when to give one up. */
export interface SlowQueryStore extends Database {
  /** Questions are given up after `deadline`, in milliseconds since 1970, or when `gone` is not 0 any more. */
  setDeadline(deadline: number | null, cancelFlag: Int32Array): void;
}

/** How a store is opened for long questions. */
export interface SlowQueryOptions {
  /** How much of the file is kept in memory: 16,000 if left out. */
  cacheKb?: number;
}

/** Opens the SQLite file at `path`, which must be there, for long questions. */
export function openSqliteForSlowQueries(path: string, { cacheKb }: SlowQueryOptions = {}): SlowQueryStore {
  const [readHandle, probeHandle] = openReadHandles(path);
  if (cacheKb !== undefined) readHandle.pragma(`cache_size = ${-cacheKb}`);
  let [currentDeadline, currentCancelFlag] = [Number.POSITIVE_INFINITY, new Int32Array(1)];
  const { read, close } = createReader(
    readHandle,
    () => Date.now() < currentDeadline && Atomics.load(currentCancelFlag, 0) === 0,
  );
  const rejectWrite = async () => {
    throw new Error('this store is only read');
  };
  return {
    read,
    write: rejectWrite,
    revisionProbe: createRevisionProbe(probeHandle),
    vacuum: rejectWrite,
    setDeadline(deadline, cancelFlag) {
      currentDeadline = deadline ?? Number.POSITIVE_INFINITY;
      currentCancelFlag = cancelFlag as Int32Array<ArrayBuffer>;
    },
    async close() {
      await close();
      probeHandle.close();
    },
  };
}

function createReader(
  readHandle: BetterSqlite3.Database,
  isWithinDeadline: () => boolean = () => true,
): Pick<Database, 'read' | 'close'> {
  readHandle.function('in_time', { deterministic: false, varargs: false }, () => {
    if (isWithinDeadline()) return 1;
    throw new StoreUnavailable('The question took the store too long.');
  });
  const statements = createStatementCache(readHandle);
  const reader = createKysely(statements);
  const version = readHandle.prepare('pragma data_version').pluck();
  const db = bypassKysely(asReader(reader), { ...statements, dataVersion: () => version.get() as number });
  const [begin, commit] = [readHandle.prepare('begin'), readHandle.prepare('commit')];
  // One at a time, since there is one handle: Kysely keeps statements apart, and not transactions.
  let lastRead: Promise<unknown> = Promise.resolve();
  return {
    read(work) {
      const result = lastRead.then(async () => {
        try {
          begin.run();
        } catch (error) {
          throw new StoreUnavailable('The store does not answer.', { cause: error });
        }
        try {
          const value = await work(db);
          commit.run();
          return value;
        } catch (error) {
          if (readHandle.inTransaction) readHandle.exec('rollback');
          throw translateError(error);
        }
      });
      lastRead = result.catch(() => {});
      return result;
    },
    async close() {
      await lastRead;
      await reader.destroy();
      readHandle.close();
    },
  };
}

function openReaders(writeHandle: BetterSqlite3.Database, path: string): ReturnType<typeof openReadHandles> {
  try {
    return openReadHandles(path);
  } catch (error) {
    writeHandle.close();
    throw error;
  }
}

/** Two handles that cannot write: one to read by, and one that is never within a transaction. */
function openReadHandles(
  path: string,
): [readHandle: BetterSqlite3.Database, probeHandle: BetterSqlite3.Database] {
  return [openFile(path, { readonly: true }), openFile(path, { readonly: true })];
}

function openFile(path: string, options: BetterSqlite3.Options): BetterSqlite3.Database {
  const database = new BetterSqlite3(path, { ...options, timeout: OPENING_TIMEOUT_MS });
  try {
    assertSupportedSqlite(database);
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

const createKysely = (database: SqliteDatabase): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });

/** Files that others hold, that cannot be read or written now, and disks that are full. */
const UNAVAILABLE_ERRORS = /^SQLITE_(BUSY|IOERR|CANTOPEN|FULL)/;

/** Throws the error as one that says whether asking again may help. */
function translateError(error: unknown): never {
  if (!UNAVAILABLE_ERRORS.test((error as { code?: string }).code ?? '')) throw error;
  throw new StoreUnavailable('The store does not answer.', { cause: error });
}

/**
 * A database that prepares each statement once. Preparing takes longer than most statements run, and what it leaves
 * behind is memory that the garbage collector does not see: an import of 100,000 facts came to 2 GB of it.
 */
function createStatementCache(database: BetterSqlite3.Database) {
  const cache = new Map<string, BetterSqlite3.Statement>();
  return {
    prepare(text: string) {
      const statement = cache.get(text) ?? database.prepare(text);
      // Back to the end: the first is the one that has been idle longest.
      cache.delete(text);
      cache.set(text, statement);
      if (cache.size > MAX_CACHED_STATEMENTS) cache.delete(cache.keys().next().value as string);
      return statement;
    },
    close: () => database.close(),
  };
}

/**
 * Begins a transaction that writes. One that begins deferred, as Kysely's do, fails at once when it turns from reading
 * to writing and another process has written meanwhile; this one waits for its turn at the beginning instead.
 */
async function beginImmediate(connection: Writer): Promise<void> {
  await retryWhileBusy(() => sql`begin immediate`.execute(connection));
}

/** Writes the file anew without what was deleted, and empties the write-ahead log: both would keep it for long. */
async function vacuum(connection: Writer): Promise<void> {
  await retryWhileBusy(() => sql`vacuum`.execute(connection));
  await retryWhileBusy(async () => {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
    if (rows[0]?.busy) throw Object.assign(new Error('others are using the store'), { code: 'SQLITE_BUSY' });
  });
}

/** Tries again while others are in the way, for as long as a turn may take to come. */
async function retryWhileBusy<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + WRITE_LOCK_TIMEOUT_S * 1_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw error;
      if (Date.now() > deadline) throw createWriteLockTimeoutError(error);
      await sleep(WRITE_LOCK_POLL_MS);
    }
  }
}

function assertSupportedSqlite(database: BetterSqlite3.Database): void {
  const version = database.prepare('select sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  for (const [index, required] of MIN_SQLITE_VERSION.entries()) {
    const part = parts[index] ?? 0;
    if (part > required) return;
    if (part < required) {
      const minVersion = MIN_SQLITE_VERSION.join('.');
      throw new Error(`SQLite ${version} is too old: ${minVersion} is the first without the WAL-reset bug`);
    }
  }
}
