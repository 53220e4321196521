/** PostgreSQL in the test process: one instance per test file, one schema per store. */
import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import { inject } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { POSTGRES_DEFAULTS } from '../../src/store/open.ts';
import { createPostgresDatabase } from '../../src/store/postgres/postgres-database.ts';
import type { Tables } from '../../src/store/schema.ts';

let instance: Promise<PGlite> | undefined;
let schemaCount = 0;

/** Opens an empty database; closing it keeps the shared instance open. */
export async function openPGlite(): Promise<Database> {
  instance ??= PGlite.create({ loadDataDir: new Blob([readFileSync(inject('pgliteImage'))]) });
  const pglite = await instance;
  schemaCount += 1;
  const schema = `store_${schemaCount}`;
  await withLock(() => pglite.exec(`create schema ${schema}`));
  const createKysely = () =>
    new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createPool(pglite) }) });
  const { statementTimeoutMs } = POSTGRES_DEFAULTS;
  return createPostgresDatabase({
    reader: createKysely(),
    writer: createKysely(),
    schema,
    statementTimeoutMs,
  });
}

/** Returns a pool for the Kysely dialect around the only connection of PGlite. */
function createPool(pglite: PGlite): PostgresPool {
  return {
    options: {},
    end: async () => {},
    async connect() {
      const release = await acquireLock();
      const query = async (text: string, parameters: readonly unknown[]) => {
        // Like the driver: a query without parameters may have several statements.
        const results =
          parameters.length > 0 ? [await pglite.query(text, [...parameters])] : await pglite.exec(text);
        const { rows = [], affectedRows = 0, command } = results.at(-1) ?? {};
        return { rows, rowCount: affectedRows, command };
      };
      return { query: query as PostgresPoolClient['query'], release };
    },
  };
}

let lockQueue: Promise<void> = Promise.resolve();

/** Waits for the lock, first come first served; returns the function that releases it. */
async function acquireLock(): Promise<() => void> {
  const previous = lockQueue;
  const { promise, resolve } = Promise.withResolvers<void>();
  lockQueue = promise;
  await previous;
  return resolve;
}

async function withLock<T>(work: () => Promise<T>): Promise<T> {
  const release = await acquireLock();
  try {
    return await work();
  } finally {
    release();
  }
}
