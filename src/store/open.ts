import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSynonyms, type Synonyms } from '../search/synonyms.ts';
import { type Database, StoreUnavailable, TURN_TIMEOUT_S } from './database.ts';
import { refreshSearch } from './import/write-versions.ts';
import { lackingIn, migrate } from './migrate.ts';
import type { PostgresOptions } from './postgres/postgres-database.ts';
import type { ScanOptions, ScanStore } from './sqlite/sqlite-database.ts';
import { parseStoreUrl, withoutPassword } from './url.ts';

/** An open store, and the words that search takes as one. */
export interface Store extends Database {
  synonyms: Synonyms;
}

export const POSTGRES_DEFAULTS: PostgresOptions = { poolSize: 10, statementTimeoutMs: 10_000 };

export const SYNONYMS_FILE = fileURLToPath(new URL('../../db/synonyms.yaml', import.meta.url));

/** Opens the store at `url`, brings it up to date, and makes it if it is missing. */
export async function openStore(url: string, options: Partial<PostgresOptions> = {}): Promise<Store> {
  try {
    return await storeOn(await openDatabase(url, options));
  } catch (error) {
    throw notOpened(url, error);
  }
}

/** A store that nothing can be written to by this handle. */
export type StoreToRead = Pick<Store, 'read' | 'close'>;

/** Opens the store at `url` as it is: it is neither made nor brought up to date, and one that is not there is an error. */
export async function openStoreToRead(
  url: string,
  options: Partial<PostgresOptions> = {},
): Promise<StoreToRead> {
  try {
    return await upToDate(await openDatabaseToRead(url, options));
  } catch (error) {
    throw notOpened(url, error);
  }
}

/** Opens the SQLite store at `url`, as it is, for long questions. */
export async function openStoreToScan(url: string, options?: ScanOptions): Promise<Store & ScanStore> {
  const parsed = parseStoreUrl(url);
  if (parsed.kind !== 'sqlite') throw new Error('PostgreSQL answers long questions beside others by itself');
  const { openSqliteToScan } = await import('./sqlite/sqlite-database.ts');
  return { ...openSqliteToScan(parsed.path, options), synonyms: readSynonyms(SYNONYMS_FILE) };
}

async function openDatabaseToRead(url: string, options: Partial<PostgresOptions>): Promise<StoreToRead> {
  const parsed = parseStoreUrl(url);
  if (parsed.kind === 'sqlite') {
    const { openSqliteToRead } = await import('./sqlite/sqlite-database.ts');
    if (!existsSync(parsed.path)) throw new Error(NO_STORE);
    return openSqliteToRead(parsed.path);
  }
  const { connectPostgres } = await import('./postgres/postgres-database.ts');
  return connectPostgres(parsed.connection, parsed.schema, { ...POSTGRES_DEFAULTS, ...options });
}

async function upToDate(store: StoreToRead): Promise<StoreToRead> {
  try {
    const { names, all } = await lackingIn(store);
    if (all) throw new Error(NO_STORE);
    if (names.length > 0) {
      throw new Error(`it lacks ${names.join(', ')}: bring it up to date with "summit-facts migrate"`);
    }
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

const NO_STORE = 'there is no store; "summit-facts migrate" makes one';

/** A store that cannot be opened; the message says which and why, in one line. */
export class StoreNotOpened extends Error {}

function notOpened(url: string, error: unknown): StoreNotOpened {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const message = `The store at ${withoutPassword(url)} cannot be opened: ${reasonOf(cause)}`;
  return new StoreNotOpened(message, { cause });
}

/** Opens the database at `url`, whatever is or is not in it. */
export async function openDatabase(url: string, options: Partial<PostgresOptions> = {}): Promise<Database> {
  const parsed = parseStoreUrl(url);
  // Each loads its driver only where it is wanted.
  if (parsed.kind === 'sqlite') {
    const { openSqlite } = await import('./sqlite/sqlite-database.ts');
    mkdirSync(dirname(parsed.path), { recursive: true });
    return openSqlite(parsed.path);
  }
  const { openPostgres } = await import('./postgres/postgres-database.ts');
  return openPostgres(parsed.connection, parsed.schema, { ...POSTGRES_DEFAULTS, ...options });
}

/** A store on a database that is open; it is closed again if it cannot be brought up to date. */
export async function storeOn(database: Database): Promise<Store> {
  try {
    await migrate(database);
    const synonyms = readSynonyms(SYNONYMS_FILE);
    await refreshSearch(database, synonyms);
    return { ...database, synonyms };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** One line that says why, for whoever starts the server. */
function reasonOf(error: unknown): string {
  // A host with several addresses fails with an error for each of them.
  if (error instanceof AggregateError && !error.message)
    return [...new Set(error.errors.map(reasonOf))].join('; ');
  const { message = String(error), code = '' } = error as { message?: string; code?: string };
  const known = REASONS.find(([what]) =>
    what instanceof RegExp ? what.test(message) || what.test(code) : what === code,
  )?.[1];
  return (known ? `${known} (${message})` : message).replaceAll(/\s+/g, ' ');
}

const BUSY = `others have been writing to it for ${TURN_TIMEOUT_S} s`;

const REASONS: [what: string | RegExp, reason: string][] = [
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'the name of the host cannot be looked up'],
  ['28P01', 'user and password are not accepted'],
  ['28000', 'the user is not let in'],
  ['3D000', 'there is no such database'],
  ['42501', 'the user may not do what is needed'],
  ['55P03', BUSY],
  [/^SQLITE_BUSY/, BUSY],
  ['57014', 'the server takes too long to answer'],
  [/^SASL: .*client password must be/, 'the server wants a password, and the URL has none'],
  [/timeout (exceeded|expired)|connection timeout/, 'the server does not answer in time'],
];
