import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSynonyms, type Synonyms } from '../search/synonyms.ts';
import { type Database, StoreUnavailable, WRITE_LOCK_TIMEOUT_S } from './database.ts';
import { rebuildSearchIfStale } from './import/write-versions.ts';
import { getMigrationStatus, migrate } from './migrate.ts';
import type { PostgresOptions } from './postgres/postgres-database.ts';
import type { SlowQueryOptions, SlowQueryStore } from './sqlite/sqlite-database.ts';
import { maskPassword, parseStoreUrl } from './url.ts';

/** An open store, and the words that search takes as one. */
export interface Store extends Database {
  synonyms: Synonyms;
}

export const POSTGRES_DEFAULTS: PostgresOptions = { poolSize: 10, statementTimeoutMs: 10_000 };

export const SYNONYMS_FILE = fileURLToPath(new URL('../../db/synonyms.yaml', import.meta.url));

/** Opens the store at `url`, brings it up to date, and makes it if it is missing. */
export async function openStore(url: string, options: Partial<PostgresOptions> = {}): Promise<Store> {
  try {
    return await initStore(await openDatabase(url, options));
  } catch (error) {
    throw createOpenError(url, error);
  }
}

/** A store that nothing can be written to by this handle. */
export type ReadOnlyStore = Pick<Store, 'read' | 'close'>;

/** Opens the store at `url` as it is: it is neither made nor brought up to date, and one that is not there is an error. */
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

/** Opens the SQLite store at `url`, as it is, for long questions. */
export async function openStoreForSlowQueries(
  url: string,
  options?: SlowQueryOptions,
): Promise<Store & SlowQueryStore> {
  const storeUrl = parseStoreUrl(url);
  if (storeUrl.kind !== 'sqlite')
    throw new Error('PostgreSQL answers long questions beside others by itself');
  const { openSqliteForSlowQueries } = await import('./sqlite/sqlite-database.ts');
  return { ...openSqliteForSlowQueries(storeUrl.path, options), synonyms: readSynonyms(SYNONYMS_FILE) };
}

async function openReadOnlyDatabase(url: string, options: Partial<PostgresOptions>): Promise<ReadOnlyStore> {
  const storeUrl = parseStoreUrl(url);
  if (storeUrl.kind === 'sqlite') {
    const { openReadOnlySqlite } = await import('./sqlite/sqlite-database.ts');
    if (!existsSync(storeUrl.path)) throw new Error(NO_STORE_MESSAGE);
    return openReadOnlySqlite(storeUrl.path);
  }
  const { connectPostgres } = await import('./postgres/postgres-database.ts');
  return connectPostgres(storeUrl.connection, storeUrl.schema, { ...POSTGRES_DEFAULTS, ...options });
}

async function assertUpToDate(store: ReadOnlyStore): Promise<ReadOnlyStore> {
  try {
    const { pendingNames, noneApplied } = await getMigrationStatus(store);
    if (noneApplied) throw new Error(NO_STORE_MESSAGE);
    if (pendingNames.length > 0) {
      throw new Error(`it lacks ${pendingNames.join(', ')}: bring it up to date with "summit-facts migrate"`);
    }
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

const NO_STORE_MESSAGE = 'there is no store; "summit-facts migrate" makes one';

/** A store that cannot be opened; the message says which and why, in one line. */
export class StoreOpenError extends Error {}

function createOpenError(url: string, error: unknown): StoreOpenError {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const message = `The store at ${maskPassword(url)} cannot be opened: ${findErrorReason(cause)}`;
  return new StoreOpenError(message, { cause });
}

/** Opens the database at `url`, whatever is or is not in it. */
export async function openDatabase(url: string, options: Partial<PostgresOptions> = {}): Promise<Database> {
  const storeUrl = parseStoreUrl(url);
  // Each loads its driver only where it is wanted.
  if (storeUrl.kind === 'sqlite') {
    const { openSqlite } = await import('./sqlite/sqlite-database.ts');
    mkdirSync(dirname(storeUrl.path), { recursive: true });
    return openSqlite(storeUrl.path);
  }
  const { openPostgres } = await import('./postgres/postgres-database.ts');
  return openPostgres(storeUrl.connection, storeUrl.schema, { ...POSTGRES_DEFAULTS, ...options });
}

/** A store on a database that is open; it is closed again if it cannot be brought up to date. */
export async function initStore(database: Database): Promise<Store> {
  try {
    await migrate(database);
    const synonyms = readSynonyms(SYNONYMS_FILE);
    await rebuildSearchIfStale(database, synonyms);
    return { ...database, synonyms };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** One line that says why, for whoever starts the server. */
function findErrorReason(error: unknown): string {
  // A host with several addresses fails with an error for each of them.
  if (error instanceof AggregateError && !error.message)
    return [...new Set(error.errors.map(findErrorReason))].join('; ');
  const { message = String(error), code = '' } = error as { message?: string; code?: string };
  const reason = OPEN_ERROR_REASONS.find(([pattern]) =>
    pattern instanceof RegExp ? pattern.test(message) || pattern.test(code) : pattern === code,
  )?.[1];
  return (reason ? `${reason} (${message})` : message).replaceAll(/\s+/g, ' ');
}

const BUSY_REASON = `others have been writing to it for ${WRITE_LOCK_TIMEOUT_S} s`;

const OPEN_ERROR_REASONS: [pattern: string | RegExp, reason: string][] = [
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'the name of the host cannot be looked up'],
  ['28P01', 'user and password are not accepted'],
  ['28000', 'the user is not let in'],
  ['3D000', 'there is no such database'],
  ['42501', 'the user may not do what is needed'],
  ['55P03', BUSY_REASON],
  [/^SQLITE_BUSY/, BUSY_REASON],
  ['57014', 'the server takes too long to answer'],
  [/^SASL: .*client password must be/, 'the server wants a password, and the URL has none'],
  [/timeout (exceeded|expired)|connection timeout/, 'the server does not answer in time'],
];
