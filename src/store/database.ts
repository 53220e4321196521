/**
 * Interface of both database drivers: reads on one snapshot, and serialized writes.
 *
 * Reads are `sql` templates that `query` runs: Kysely's builder takes longer to build most reads than SQLite to
 * run them. Writes use the builder, which checks tables, columns and types; `execute` runs the few that it
 * cannot express.
 */
import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';
import type { LatestRevision } from './latest-revision.ts';
import type { Tables } from './schema.ts';

export type Writer = Kysely<Tables>;
/** Read-only handle: neither this type nor its transaction allows writes. */
export type Reader = ReadonlyKysely<Tables>;

/** Returns the same handle without its write methods. */
export const asReader = (db: Writer): Reader => db as unknown as Reader;

/** Prepared statements of a SQLite handle, which run synchronously. */
export interface PreparedStatements {
  prepare(text: string): { all(...values: unknown[]): unknown[]; run(values: unknown[]): unknown };
  /**
   * Returns a number that changes whenever another handle has changed the file. Absent for writes, which
   * change the file themselves.
   */
  dataVersion?(): number;
}

/**
 * Statements of the SQLite handles. SQLite runs in this process, and Kysely's connections take longer than most
 * statements, so reads and bulk inserts bypass them: in `query` and `executeForEach`, and nowhere else.
 */
const statementsByHandle = new WeakMap<Reader | Writer, PreparedStatements>();

/** Makes `query` and `executeForEach` run `statements` on `db`; both must use the same SQLite connection. */
export function bindStatements<T extends Reader | Writer>(db: T, statements: PreparedStatements): T {
  statementsByHandle.set(db, statements);
  return db;
}

/** Runs a read and returns its rows. */
export async function query<T>(db: Reader | Writer, statement: RawBuilder<T>): Promise<T[]> {
  // Kysely's read-only type rejects templates, because it cannot tell that they only read.
  const executorProvider = db as Writer;
  const statements = statementsByHandle.get(db);
  if (!statements) return (await statement.execute(executorProvider)).rows;
  const { sql, parameters } = statement.compile(executorProvider);
  return statements.prepare(sql).all(...parameters) as T[];
}

/** Runs a write that Kysely's builder cannot express. */
export async function execute(db: Writer, statement: RawBuilder<unknown>): Promise<void> {
  await statement.execute(db);
}

/**
 * Runs a write once for each row, in write transactions of SQLite only. `statement` is compiled for the first
 * row, whose columns all rows have. Building and preparing one statement for many rows takes longer than
 * writing them.
 */
export function executeForEach(db: Writer, rows: object[], statement: CompiledQuery): void {
  const prepared = statementsByHandle.get(db)?.prepare(statement.sql);
  if (!prepared) throw new Error('rows can only be written one by one in a write transaction of SQLite');
  const columns = Object.keys(rows[0] ?? {});
  for (const row of rows as Record<string, unknown>[]) prepared.run(columns.map((name) => row[name]));
}

/**
 * Returns a number that changes whenever the data that `db` reads may have changed; null on PostgreSQL and in
 * write transactions.
 */
export const getDataVersion = (db: Reader): number | null =>
  statementsByHandle.get(db)?.dataVersion?.() ?? null;

export interface Database {
  /**
   * Runs `work` on one snapshot; it cannot write. Never call this within another read: SQLite has one handle
   * for reads, so the inner read would wait forever.
   */
  read<T>(work: (db: Reader) => Promise<T>): Promise<T>;
  /** Runs `work` in a transaction while no other process or caller writes; commits all of it or nothing. */
  write<T>(work: (db: Writer) => Promise<T>): Promise<T>;
  revisionProbe: RevisionProbe;
  /** Removes deleted data from the files too. On PostgreSQL that is left to the administrator. */
  vacuum(): Promise<void>;
  close(): Promise<void>;
}

/** Reader of the newest revision, cheap enough to be called for every request. */
export interface RevisionProbe {
  /** Synchronous if the store is a file. */
  readLatestRevision(): LatestRevision | null | Promise<LatestRevision | null>;
  /** Time for which a result may be reused; writes by other processes are noticed with this delay. */
  maxAgeMs: number;
  /** Number of writes by this process; each of them invalidates an earlier result. */
  writeCount: number;
}

/** Counts every `write` in `revisionProbe.writeCount`. */
export function countWrites(
  write: Database['write'],
  revisionProbe: RevisionProbe,
): Pick<Database, 'write' | 'revisionProbe'> {
  return {
    revisionProbe,
    write: (work) =>
      write(work).finally(() => {
        revisionProbe.writeCount += 1;
      }),
  };
}

/**
 * Temporary failure of the database: a retry may succeed. Clients see only the message, the log the cause.
 */
export class StoreUnavailable extends Error {}

/** Write to a store that was opened as read-only. */
export class ReadOnlyStoreError extends Error {}

export const rejectWrite = async (): Promise<never> => {
  throw new ReadOnlyStoreError('The database was opened as read-only');
};

/** Codes of PostgreSQL (missing privilege, read-only transaction) and SQLite. */
const WRITE_DENIED_CODES = /^(42501|25006|SQLITE_READONLY.*)$/;

/** True if the database rejected a write because this server, or its database user, may not write to it. */
export const isWriteDenied = (error: unknown): error is Error =>
  error instanceof ReadOnlyStoreError ||
  WRITE_DENIED_CODES.test(String((error as { code?: unknown } | null)?.code));

export const WRITE_LOCK_TIMEOUT_S = 60;

export const createWriteLockTimeoutError = (cause: unknown) =>
  new StoreUnavailable(`Timed out after ${WRITE_LOCK_TIMEOUT_S} s waiting for other writers`, { cause });

/** Runs `work` between `begin` and a commit, or a rollback if anything fails. */
export async function runInTransaction<T>(
  db: Writer,
  begin: (connection: Writer) => Promise<unknown>,
  work: (connection: Writer) => Promise<T>,
): Promise<T> {
  let hasBegun = false;
  try {
    return await db.connection().execute(async (connection) => {
      try {
        await begin(connection);
        hasBegun = true;
        const result = await work(connection);
        const { rows } = await sql<{ command?: string }>`commit`.execute(connection);
        // If a statement failed, PostgreSQL responds to `commit` with ROLLBACK, even if the error was caught.
        if (rows[0]?.command === 'ROLLBACK') throw new Error('a statement of the transaction failed');
        return result;
      } catch (error) {
        // On a lost connection the rollback fails too; the first error is the one to report.
        await sql`rollback`.execute(connection).catch(() => {});
        throw error;
      }
    });
  } catch (error) {
    if (hasBegun || error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable('The database does not respond', { cause: error });
  }
}
