/** Interface of both database drivers: reads on one snapshot, and serialized writes. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';
import type { LatestRevision } from './latest-revision.ts';
import type { Tables } from './schema.ts';

export type Writer = Kysely<Tables>;
/** Read-only handle: neither this type nor its transaction allows writes. */
export type Reader = ReadonlyKysely<Tables>;

/** Returns the same handle without its write methods. */
export const asReader = (db: Writer): Reader => db as unknown as Reader;

/** Prepared statements of SQLite, which runs in this process and returns rows synchronously. */
export interface DirectStatements {
  prepare(text: string): { all(...values: unknown[]): unknown[] };
  /** Returns a number that changes whenever another handle has changed the file. */
  dataVersion(): number;
}

const directStatements = new WeakMap<Reader, DirectStatements>();

/** Makes `query` on `db` run statements directly, without the overhead of Kysely's connections. */
export function bypassKysely(db: Reader, statements: DirectStatements): Reader {
  directStatements.set(db, statements);
  return db;
}

/**
 * Runs a hand-written query and returns its rows. Kysely's read-only type has no method for this, because it
 * cannot tell that the SQL only reads.
 */
export async function query<T>(db: Reader, statement: RawBuilder<T>): Promise<T[]> {
  const statements = directStatements.get(db);
  if (statements) {
    const { sql, parameters } = statement.compile(db as unknown as Writer);
    return statements.prepare(sql).all(...parameters) as T[];
  }
  const { rows } = await statement.execute(db as unknown as Writer);
  return rows;
}

/** Returns a number that changes whenever the data that `db` reads may have changed; null on PostgreSQL. */
export const getDataVersion = (db: Reader): number | null => directStatements.get(db)?.dataVersion() ?? null;

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

/** True if PostgreSQL rejected a statement because the user lacks a privilege. */
export const isPermissionDenied = (error: unknown): error is Error =>
  (error as { code?: string }).code === '42501';

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
