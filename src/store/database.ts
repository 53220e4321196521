/** What both stores offer: reading at one moment, and writing one at a time. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';
import type { LatestRevision } from './latest-revision.ts';
import type { Tables } from './schema.ts';

export type Writer = Kysely<Tables>;
/** A reader cannot write: by this type, and by the transaction under it. */
export type Reader = ReadonlyKysely<Tables>;

/** The same handle with everything that writes taken away. */
export const asReader = (db: Writer): Reader => db as unknown as Reader;

/** What runs the statements of SQLite, which is in this process and answers at once. */
export interface DirectStatements {
  prepare(text: string): { all(...values: unknown[]): unknown[] };
  /** Another number whenever another handle has changed the file. */
  dataVersion(): number;
}

const directStatements = new WeakMap<Reader, DirectStatements>();

/** Has the queries of our own wording on `db` answered without Kysely's ways between a pool and its connections. */
export function bypassKysely(db: Reader, statements: DirectStatements): Reader {
  directStatements.set(db, statements);
  return db;
}

/** What a query of our own wording finds. Kysely gives readers no way to ask it, as it cannot see that it only reads. */
export async function query<T>(db: Reader, statement: RawBuilder<T>): Promise<T[]> {
  const statements = directStatements.get(db);
  if (statements) {
    const { sql, parameters } = statement.compile(db as unknown as Writer);
    return statements.prepare(sql).all(...parameters) as T[];
  }
  const { rows } = await statement.execute(db as unknown as Writer);
  return rows;
}

/** Another number whenever what `db` reads may have changed; null where that cannot be told. */
export const getDataVersion = (db: Reader): number | null => directStatements.get(db)?.dataVersion() ?? null;

export interface Database {
  /**
   * Runs `work` on one snapshot: all that it reads is of the same moment. It cannot write. Never ask for a read within
   * a read: SQLite has one handle for it, and the inner one would wait for ever.
   */
  read<T>(work: (db: Reader) => Promise<T>): Promise<T>;
  /** Runs `work` as the only one that writes, in this process and all others; it is done whole or not at all. */
  write<T>(work: (db: Writer) => Promise<T>): Promise<T>;
  revisionProbe: RevisionProbe;
  /** Takes what was deleted out of the files too, as far as that is in the hands of whoever uses the store. */
  vacuum(): Promise<void>;
  close(): Promise<void>;
}

/** Tells the newest revision, cheaply enough to be asked again and again. */
export interface RevisionProbe {
  /** At once where the store is a file. */
  readLatestRevision(): LatestRevision | null | Promise<LatestRevision | null>;
  /** For how long what it told may be taken to hold, in milliseconds: so late is noticed what others write. */
  maxAgeMs: number;
  /** How often this process has written by the same handle: then it does not hold any more. */
  writeCount: number;
}

/** Has `watch` know of all that `write` does. */
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

/** The store cannot answer now; asked again, it may. The message is for strangers, the cause for the log. */
export class StoreUnavailable extends Error {}

/** Whether the server refused because the user has not the right. */
export const isPermissionDenied = (error: unknown): error is Error =>
  (error as { code?: string }).code === '42501';

/** How long a write waits for others to finish theirs. */
export const WRITE_LOCK_TIMEOUT_S = 60;

export const createWriteLockTimeoutError = (cause: unknown) =>
  new StoreUnavailable(`Others have been writing to the store for ${WRITE_LOCK_TIMEOUT_S} s.`, { cause });

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
        // PostgreSQL ends a transaction in which a statement failed so, even if its error was caught.
        if (rows[0]?.command === 'ROLLBACK') throw new Error('a statement of the transaction had failed');
        return result;
      } catch (error) {
        // Where the connection is gone there is nothing to roll back, and the first error is the one to tell.
        await sql`rollback`.execute(connection).catch(() => {});
        throw error;
      }
    });
  } catch (error) {
    if (hasBegun || error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable('The store does not answer.', { cause: error });
  }
}
