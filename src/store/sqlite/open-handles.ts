/** Opens SQLite files, with the settings that every handle needs. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { openImmutable } from './immutable-database.ts';
import type { SqliteHandle } from './sqlite-handle.ts';

/** Before 3.51.3, a reset of the write-ahead log could corrupt the file. */
const MIN_SQLITE_VERSION = [3, 51, 3] as const;
/** Time that opening waits for another process that is opening the same file. */
const OPENING_TIMEOUT_MS = 10_000;

/** Opens the file at `path` for writing, and creates it if it is missing. */
export function openWriteHandle(path: string): BetterSqlite3.Database {
  assertWritable(path);
  return openFile(path, {});
}

/** Opens two handles that cannot write: one for reads, and one that is never in a transaction. */
export const openReadHandles = (path: string): [readHandle: SqliteHandle, probeHandle: SqliteHandle] => [
  openReadHandle(path),
  openReadHandle(path),
];

function openReadHandle(path: string): SqliteHandle {
  assertNoFolder(path);
  if (isImmutable(path)) return openImmutable(path);
  try {
    return openFile(path, { readonly: true });
  } catch (error) {
    if (!hasPendingLog(path) || findWriteError(dirname(path)) === null) throw error;
    throw new Error(
      `${path}-wal has changes that are not in the file yet, and the folder cannot be written: run ` +
        '"summit-facts migrate" where it can be written, or end the server that writes to it',
      { cause: error },
    );
  }
}

/**
 * True if the file can only be opened as immutable: its folder cannot be written, so that SQLite cannot create the
 * files that it needs next to a file in WAL mode, and they do not exist, because no process has the database open.
 */
export const isImmutable = (path: string): boolean =>
  existsSync(path) &&
  findWriteError(dirname(path)) !== null &&
  !hasPendingLog(path) &&
  !(existsSync(`${path}-wal`) && existsSync(`${path}-shm`));

const hasPendingLog = (path: string): boolean =>
  (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** Throws if the file cannot be written or created, with advice; SQLite reports that only on the first write. */
function assertWritable(path: string): void {
  const folder = dirname(path);
  if (!existsSync(path)) {
    const reason = findWriteError(folder);
    if (reason !== null)
      throw new Error(`it does not exist, and the folder ${folder} cannot be written (${reason})`);
    return;
  }
  assertNoFolder(path);
  const reason = findWriteError(path) ?? findWriteError(folder);
  if (reason !== null) {
    throw new Error(
      `the file or its folder cannot be written (${reason}); set READ_ONLY=1 to serve it as it is, or make both writable`,
    );
  }
}

function assertNoFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error('it is a folder; name a file');
}

/** Returns the reason why the file or folder cannot be written; null if it can. */
function findWriteError(path: string): string | null {
  try {
    accessSync(path, constants.W_OK);
    return null;
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException;
    return errno ? getSystemErrorMessage(errno) : message;
  }
}

function openFile(path: string, options: BetterSqlite3.Options): BetterSqlite3.Database {
  const database = new BetterSqlite3(path, { ...options, timeout: OPENING_TIMEOUT_MS });
  try {
    assertSupportedSqlite(database);
    if (!options.readonly) {
      database.pragma('journal_mode = WAL');
      // WAL makes this NORMAL, which can lose acknowledged commits when the power fails.
      database.pragma('synchronous = FULL');
      // From here on `retryWhileBusy` waits instead, without blocking other requests.
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

function assertSupportedSqlite(database: BetterSqlite3.Database): void {
  const version = database.prepare('select sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  for (const [index, required] of MIN_SQLITE_VERSION.entries()) {
    const part = parts[index] ?? 0;
    if (part > required) return;
    if (part < required) {
      const minVersion = MIN_SQLITE_VERSION.join('.');
      throw new Error(
        `SQLite ${version} is too old: it must be ${minVersion} or later, without the WAL-reset bug`,
      );
    }
  }
}
