import { setTimeout as sleep } from 'node:timers/promises';
import type BetterSqlite3 from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import {
  asReader,
  bindStatements,
  countWrites,
  createWriteLockTimeoutError,
  type Database,
  type RevisionProbe,
  rejectWrite,
  runInTransaction,
  StoreUnavailable,
  WRITE_LOCK_TIMEOUT_S,
  type Writer,
} from '../database.ts';
import { LATEST_REVISION_SQL, type LatestRevision, toLatestRevision } from '../latest-revision.ts';
import type { Tables } from '../schema.ts';
import { openReadHandles, openWriteHandle } from './open-handles.ts';
import type { SqliteHandle, SqliteStatement } from './sqlite-handle.ts';

const WRITE_LOCK_POLL_MS = 20;
/** Time for which the file is assumed unchanged: a check takes a tenth as long as the fastest response. */
const PROBE_MAX_AGE_MS = 5;
/** Maximum number of prepared statements per handle. */
const MAX_CACHED_STATEMENTS = 200;

/** Opens the SQLite file at `path`, and creates it if it is missing. */
export function openSqlite(path: string): Database {
  const writeHandle = openWriteHandle(path);
  const [readHandle, probeHandle] = openReaders(writeHandle, path);
  const statements = createStatementCache(writeHandle);
  const writer = createKysely(statements);
  const { read, close } = createReader(readHandle);
  return {
    read,
    ...countWrites(
      (work) =>
        runInTransaction(writer, beginImmediate, (db) => work(bindStatements(db, statements))).catch(
          translateError,
        ),
      createRevisionProbe(probeHandle),
    ),
    vacuum: () => writer.connection().execute(vacuum).catch(translateError),
    async close() {
      await close();
      probeHandle.close();
      // The write handle is closed last: SQLite then merges the write-ahead log into the file.
      await writer.destroy();
      // Kysely closes only what it has used.
      writeHandle.close();
    },
  };
}

/** Creates a probe on a handle that is never in a transaction, and so always sees the last commit. */
function createRevisionProbe(probeHandle: SqliteHandle): RevisionProbe {
  const readVersion = prepareDataVersion(probeHandle);
  let statement: SqliteStatement | undefined;
  let [seenVersion, latest]: [unknown, LatestRevision | null] = [undefined, null];
  return {
    maxAgeMs: PROBE_MAX_AGE_MS,
    writeCount: 0,
    readLatestRevision() {
      probeHandle.assertUnchanged?.();
      const currentVersion = readVersion();
      if (currentVersion === seenVersion) return latest;
      // Prepared only now, because the table may have been created after the handle was opened.
      statement ??= probeHandle.prepare(LATEST_REVISION_SQL);
      latest = toLatestRevision(statement.all() as Parameters<typeof toLatestRevision>[0]);
      seenVersion = currentVersion;
      return latest;
    },
  };
}

/** Opens the SQLite file at `path`, which must exist, with handles that cannot write. */
export function openReadOnlySqlite(path: string): Database {
  const [readHandle, probeHandle] = openReadHandles(path);
  return createReadOnlyDatabase(createReader(readHandle), probeHandle);
}

function createReadOnlyDatabase(
  { read, close }: ReturnType<typeof createReader>,
  probeHandle: SqliteHandle,
): Database {
  return {
    read,
    write: rejectWrite,
    revisionProbe: createRevisionProbe(probeHandle),
    vacuum: rejectWrite,
    async close() {
      await close();
      probeHandle.close();
    },
  };
}

/** Read-only store for slow queries, which can be canceled. */
export interface SlowQueryStore extends Database {
  /** Cancels queries after `deadline`, in milliseconds since 1970, or once `cancelFlag` is no longer 0. */
  setDeadline(deadline: number | null, cancelFlag: Int32Array): void;
}

export interface SlowQueryOptions {
  /** Size of the page cache; 16,000 by default. */
  cacheKb?: number;
}

/** Opens the SQLite file at `path`, which must exist, for slow queries. */
export function openSqliteForSlowQueries(path: string, { cacheKb }: SlowQueryOptions = {}): SlowQueryStore {
  const [readHandle, probeHandle] = openReadHandles(path);
  if (cacheKb !== undefined) readHandle.pragma(`cache_size = ${-cacheKb}`);
  let [currentDeadline, currentCancelFlag] = [Number.POSITIVE_INFINITY, new Int32Array(1)];
  const reader = createReader(
    readHandle,
    () => Date.now() < currentDeadline && Atomics.load(currentCancelFlag, 0) === 0,
  );
  return {
    ...createReadOnlyDatabase(reader, probeHandle),
    setDeadline(deadline, cancelFlag) {
      currentDeadline = deadline ?? Number.POSITIVE_INFINITY;
      currentCancelFlag = cancelFlag as Int32Array<ArrayBuffer>;
    },
  };
}

function createReader(
  readHandle: SqliteHandle,
  isWithinDeadline: () => boolean = () => true,
): Pick<Database, 'read' | 'close'> {
  readHandle.function('in_time', { deterministic: false, varargs: false }, () => {
    if (isWithinDeadline()) return 1;
    throw new StoreUnavailable('The query timed out');
  });
  const statements = createStatementCache(readHandle);
  const reader = createKysely(statements);
  const db = bindStatements(asReader(reader), { ...statements, dataVersion: prepareDataVersion(readHandle) });
  const [begin, commit] = [readHandle.prepare('begin'), readHandle.prepare('commit')];
  // Reads run one at a time on the one handle: Kysely serializes statements, but not transactions.
  let lastRead: Promise<unknown> = Promise.resolve();
  return {
    read(work) {
      const result = lastRead.then(async () => {
        readHandle.assertUnchanged?.();
        try {
          begin.run();
        } catch (error) {
          throw new StoreUnavailable('The database does not respond', { cause: error });
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

function prepareDataVersion(handle: SqliteHandle): () => number {
  const statement = handle.prepare('pragma data_version');
  return () => (statement.get() as { data_version: number }).data_version;
}

function openReaders(writeHandle: BetterSqlite3.Database, path: string): ReturnType<typeof openReadHandles> {
  try {
    return openReadHandles(path);
  } catch (error) {
    writeHandle.close();
    throw error;
  }
}

const createKysely = (database: SqliteDatabase): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });

/** Locked files, failed reads and writes, files that cannot be opened, and full disks. */
const UNAVAILABLE_ERRORS = /^SQLITE_(BUSY|IOERR|CANTOPEN|FULL)/;

/** Throws an error that a retry may resolve as `StoreUnavailable`, and any other error unchanged. */
function translateError(error: unknown): never {
  if (!UNAVAILABLE_ERRORS.test((error as { code?: string }).code ?? '')) throw error;
  throw new StoreUnavailable('The database does not respond', { cause: error });
}

/**
 * Wraps a database so that it prepares each statement once. Preparing takes longer than running most
 * statements, and allocates memory that the garbage collector does not see: 2 GB for 100,000 imported facts.
 */
function createStatementCache(database: SqliteHandle) {
  const cache = new LRUCache<string, SqliteStatement>({ max: MAX_CACHED_STATEMENTS });
  return {
    prepare(text: string) {
      const cached = cache.get(text);
      if (cached) return cached;
      const statement = database.prepare(text);
      cache.set(text, statement);
      return statement;
    },
    close: () => database.close(),
  };
}

/**
 * Begins a write transaction. A deferred transaction, as Kysely begins it, fails immediately if another
 * process writes between its first read and its first write; this one waits for the write lock first.
 */
async function beginImmediate(connection: Writer): Promise<void> {
  await retryWhileBusy(() => sql`begin immediate`.execute(connection));
}

/** Rewrites the file without deleted data and empties the write-ahead log, which may hold it too. */
async function vacuum(connection: Writer): Promise<void> {
  await retryWhileBusy(() => sql`vacuum`.execute(connection));
  await retryWhileBusy(async () => {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
    if (rows[0]?.busy)
      throw Object.assign(new Error('other processes are using the database'), { code: 'SQLITE_BUSY' });
  });
}

/** Retries while the database is locked, until the timeout for the write lock. */
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
