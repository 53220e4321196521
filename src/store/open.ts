import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSynonyms, type Synonyms } from '../search/synonyms.ts';
import { migrate } from './migrate.ts';
import { type Database, StoreUnavailable, TURN_TIMEOUT_S } from './portable/index.ts';
import type { PostgresOptions } from './portable/postgres.ts';
import { parseStoreUrl, withoutPassword } from './url.ts';
import { refreshSearch } from './versions.ts';

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
    const cause = error instanceof StoreUnavailable ? error.cause : error;
    throw new Error(`The store at ${withoutPassword(url)} cannot be opened: ${reasonOf(cause)}`, { cause });
  }
}

/** Opens the database at `url`, whatever is or is not in it. */
export async function openDatabase(url: string, options: Partial<PostgresOptions> = {}): Promise<Database> {
  const parsed = parseStoreUrl(url);
  // Each loads its driver only where it is wanted.
  if (parsed.kind === 'sqlite') {
    const { openSqlite } = await import('./portable/sqlite.ts');
    mkdirSync(dirname(parsed.path), { recursive: true });
    return openSqlite(parsed.path);
  }
  const { openPostgres } = await import('./portable/postgres.ts');
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
