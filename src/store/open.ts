import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSynonyms, type Synonyms } from '../search/synonyms.ts';
import { type Database, rejectWrite, StoreUnavailable, WRITE_LOCK_TIMEOUT_S } from './database.ts';
import { isSearchCurrent, rebuildSearchIfStale } from './import/write-versions.ts';
import { getMigrationStatus, migrate } from './migrate.ts';
import type { PostgresOptions } from './postgres/postgres-database.ts';
import type { SlowQueryOptions, SlowQueryStore } from './sqlite/sqlite-database.ts';
import { maskPassword, parseStoreUrl } from './url.ts';

/** Open database with the synonyms of search. */
export interface Store extends Database {
  synonyms: Synonyms;
  /** True if the store was opened as read-only: every write fails. */
  isReadOnly: boolean;
}

export interface StoreOptions extends PostgresOptions {
  /** Opens the store as it is: it is neither created nor migrated, and no index is rebuilt. */
  readOnly: boolean;
}

export const POSTGRES_DEFAULTS: PostgresOptions = { poolSize: 10, statementTimeoutMs: 10_000 };

export const SYNONYMS_FILE = fileURLToPath(new URL('../../db/synonyms.yaml', import.meta.url));

/** Opens the store at `url`. Unless it is read-only, creates it if it is missing, and applies pending migrations. */
export async function openStore(
  url: string,
  { readOnly = false, ...options }: Partial<StoreOptions> = {},
): Promise<Store> {
  try {
    if (readOnly) return await initReadOnlyStore(await openReadOnlyDatabase(url, options));
    return await initStore(await openDatabase(url, options));
  } catch (error) {
    throw createOpenError(url, error);
  }
}

/** Store handle for commands that only read. */
export type ReadOnlyStore = Pick<Store, 'read' | 'close'>;

/** Opens the store at `url`; fails if it is missing or has pending migrations. */
export async function openReadOnlyStore(
  url: string,
  options: Partial<PostgresOptions> = {},
): Promise<ReadOnlyStore> {
  try {
    return await assertUpToDate(await openReadOnlyDatabase(url, options));
  } catch (error) {
    throw createOpenError(url, error);
  }
}

/** Opens the SQLite store at `url` for slow queries, without creating or migrating it. */
export async function openStoreForSlowQueries(
  url: string,
  options?: SlowQueryOptions,
): Promise<Store & SlowQueryStore> {
  const storeUrl = parseStoreUrl(url);
  if (storeUrl.kind !== 'sqlite') throw new Error('PostgreSQL needs no separate store for slow queries');
  const { openSqliteForSlowQueries } = await import('./sqlite/sqlite-database.ts');
  const database = openSqliteForSlowQueries(storeUrl.path, options);
  return { ...database, synonyms: readSynonyms(SYNONYMS_FILE), isReadOnly: true };
}

async function openReadOnlyDatabase(url: string, options: Partial<PostgresOptions>): Promise<Database> {
  const storeUrl = parseStoreUrl(url);
  if (storeUrl.kind === 'sqlite') {
    const { openReadOnlySqlite } = await import('./sqlite/sqlite-database.ts');
    if (!existsSync(storeUrl.path)) throw new Error(NO_STORE_MESSAGE);
    return openReadOnlySqlite(storeUrl.path);
  }
  const { connectPostgres } = await import('./postgres/postgres-database.ts');
  const database = await connectPostgres(storeUrl, { ...POSTGRES_DEFAULTS, ...options });
  return { ...database, write: rejectWrite, vacuum: rejectWrite };
}

/** Checks that a database needs no maintenance, and returns it as a store; closes it if that fails. */
async function initReadOnlyStore(database: Database): Promise<Store> {
  await assertUpToDate(database);
  try {
    const synonyms = readSynonyms(SYNONYMS_FILE);
    if (!(await database.read((db) => isSearchCurrent(db, synonyms)))) {
      throw new Error(
        'the search index was built by another version of summit-facts or with other synonyms: run ' +
          '"summit-facts migrate" without READ_ONLY, where the database can be written',
      );
    }
    return { ...database, synonyms, isReadOnly: true };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function assertUpToDate(store: ReadOnlyStore): Promise<ReadOnlyStore> {
  try {
    const { pendingNames, noneApplied } = await getMigrationStatus(store);
    if (noneApplied) throw new Error(NO_STORE_MESSAGE);
    if (pendingNames.length > 0) {
      throw new Error(
        `migrations are pending (${pendingNames.join(', ')}): run "summit-facts migrate" where the database can be written`,
      );
    }
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

const NO_STORE_MESSAGE = 'there is no database; create it with "summit-facts migrate"';

/** Failure to open a store; the message names the store and the reason, in one line. */
export class StoreOpenError extends Error {}

function createOpenError(url: string, error: unknown): StoreOpenError {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const message = `The database at ${maskPassword(url)} cannot be opened: ${findErrorReason(cause)}`;
  return new StoreOpenError(message, { cause });
}

/** Opens the database at `url` without looking at its contents. */
export async function openDatabase(url: string, options: Partial<PostgresOptions> = {}): Promise<Database> {
  const storeUrl = parseStoreUrl(url);
  // Each driver is imported only when it is needed.
  if (storeUrl.kind === 'sqlite') {
    const { openSqlite } = await import('./sqlite/sqlite-database.ts');
    mkdirSync(dirname(storeUrl.path), { recursive: true });
    return openSqlite(storeUrl.path);
  }
  const { openPostgres } = await import('./postgres/postgres-database.ts');
  return openPostgres(storeUrl, { ...POSTGRES_DEFAULTS, ...options });
}

/** Migrates an open database and returns it as a store; closes it if that fails. */
export async function initStore(database: Database): Promise<Store> {
  try {
    await migrate(database);
    const synonyms = readSynonyms(SYNONYMS_FILE);
    await rebuildSearchIfStale(database, synonyms);
    return { ...database, synonyms, isReadOnly: false };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Returns the reason in one line, for the operator who starts the server. */
function findErrorReason(error: unknown): string {
  // A host with several addresses fails with one error per address.
  if (error instanceof AggregateError && !error.message)
    return [...new Set(error.errors.map(findErrorReason))].join('; ');
  const { message = String(error), code = '' } = error as { message?: string; code?: string };
  const reason = OPEN_ERROR_REASONS.find(([pattern]) =>
    pattern instanceof RegExp ? pattern.test(message) || pattern.test(code) : pattern === code,
  )?.[1];
  return (reason ? `${reason} (${message})` : message).replaceAll(/\s+/g, ' ');
}

const BUSY_REASON = `timed out after ${WRITE_LOCK_TIMEOUT_S} s waiting for other writers`;

const OPEN_ERROR_REASONS: [pattern: string | RegExp, reason: string][] = [
  ['ECONNREFUSED', 'no server listens at this address'],
  ['ENOTFOUND', 'the host does not exist'],
  ['EAI_AGAIN', 'the host name cannot be resolved'],
  ['28P01', 'the user name or the password is wrong'],
  ['28000', 'the server does not admit this user'],
  ['3D000', 'the database does not exist'],
  ['42501', 'the user lacks a required privilege'],
  ['25006', 'the server or the user accepts no writes; set READ_ONLY=1 to serve the database as it is'],
  [/^SQLITE_READONLY/, 'it cannot be written; set READ_ONLY=1 to serve it as it is'],
  ['EROFS', 'the file system cannot be written'],
  ['55P03', BUSY_REASON],
  [/^SQLITE_BUSY/, BUSY_REASON],
  ['57014', 'the server took too long to respond'],
  [/^SASL: .*client password must be/, 'the server requires a password, and the URL has none'],
  [/timeout (exceeded|expired)|connection timeout/, 'the server did not respond in time'],
];
