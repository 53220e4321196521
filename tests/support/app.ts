/** Apps and stores for tests, which are closed and removed when the test file ends. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { Client } from 'pg';
import { inject } from 'vitest';
import { buildApp } from '../../src/app.ts';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { isJsonMediaType } from '../../src/lib/media-type.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import type { Database } from '../../src/store/database.ts';
import {
  ImportConflict,
  type ImportOptions,
  importDossier,
  validateAgainstStore,
} from '../../src/store/import/import-dossier.ts';
import { initStore, openDatabase, openStore, type Store } from '../../src/store/open.ts';
import type { ImportQueue } from '../../src/workers/import-queue.ts';
import type { SlowQueryRunner } from '../../src/workers/slow-query-runner.ts';
import { onTestFileEnd } from './cleanup.ts';
import { openPGlite } from './pglite.ts';

export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-test-'));
  onTestFileEnd(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Database of the test run: `sqlite`, `pglite` in this process, or a `postgres` server. */
export const STORE_KIND = process.env['TEST_STORE'] ?? 'sqlite';

/** Returns the URL of a store that does not exist yet, for this process or another. */
export function createStoreUrl(): string {
  if (STORE_KIND === 'sqlite') return createSqliteStoreUrl();
  if (STORE_KIND !== 'postgres') throw new Error(`no other process reaches a store of ${STORE_KIND}`);
  return `${inject('postgresUrl')}?schema=test_${randomUUID().replaceAll('-', '')}`;
}

export const createStore = async (): Promise<Store> =>
  closeAfterTests(
    STORE_KIND === 'pglite' ? await initStore(await openPGlite()) : await openStore(createStoreUrl()),
  );

/** Creates an empty SQLite store, whatever database the tests run on. */
export const createSqliteStore = async (): Promise<Store> =>
  closeAfterTests(await openStore(createSqliteStoreUrl()));

/** Returns the URL of a new SQLite store, whatever database the tests run on. */
export const createSqliteStoreUrl = (): string =>
  `file:${join(createTemporaryFolder(), 'new', 'test.sqlite')}`;

/** Opens a new database that an SQL script has filled, without migrating it to a store. */
export async function createDatabaseFromScript(script: string): Promise<Database> {
  if (STORE_KIND === 'sqlite') {
    const path = join(createTemporaryFolder(), 'test.sqlite');
    new BetterSqlite3(path).exec(script).close();
    return openDatabase(`file:${path}`);
  }
  const database = STORE_KIND === 'pglite' ? await openPGlite() : await openDatabase(createStoreUrl());
  await database.write((db) => sql.raw(script).execute(db));
  return database;
}

/** Runs `work` with a connection of the cluster's superuser. */
export async function runAsSuperuser<T>(
  work: (query: (text: string) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    return await work((text) => client.query(text));
  } finally {
    await client.end();
  }
}

/** Closes the store when the test file ends. */
export function closeAfterTests(store: Store): Store {
  onTestFileEnd(() => store.close());
  return store;
}

export interface TestAppOptions {
  cacheMaxBytes?: number;
  rateLimitPerMinute?: number;
  trustProxy?: string[];
  publicUrl?: string;
  importQueue?: ImportQueue;
  slowQueryRunner?: SlowQueryRunner;
}

/** Builds an app; `prepare` is called before it is ready, while hooks may still be added. */
export async function createApp(
  store: Store,
  { importQueue, slowQueryRunner, ...options }: TestAppOptions = {},
  prepare: (app: FastifyInstance) => void = () => {},
): Promise<FastifyInstance> {
  const config = {
    logLevel: 'silent' as const,
    publicUrl: null,
    cacheMaxBytes: 64 * 1024 * 1024,
    rateLimitPerMinute: 0,
    trustProxy: [],
    ...options,
  };
  const app = await buildApp({
    store,
    config,
    ...(importQueue && { importQueue }),
    ...(slowQueryRunner && { slowQueryRunner }),
  });
  onTestFileEnd(() => app.close());
  prepare(app);
  await app.ready();
  return app;
}

/** Creates a store with the dossiers of `db/dossiers`. */
export async function createSeededStore(): Promise<Store> {
  const store = await createStore();
  await seed(store, DOSSIERS_FOLDER);
  return store;
}

export const createSeededApp = async (options: TestAppOptions = {}): Promise<FastifyInstance> =>
  createApp(await createSeededStore(), options);

/** Validates and imports a dossier; throws if it has problems. */
export async function importInto(store: Store, files: DossierFiles, options: Partial<ImportOptions> = {}) {
  const { dossier, problems } = await validateAgainstStore(store, files);
  if (!dossier) throw new Error(problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return importDossier(store, dossier, { author: 'a tester', note: 'a test', ...options });
}

/** Returns the conflicts of a failed import; throws if the import succeeds. */
export const catchImportConflicts = async (importPromise: Promise<unknown>): Promise<string[]> => {
  const error = await importPromise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ImportConflict)) throw error ?? new Error('the import went through');
  return error.problems.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`);
};

// biome-ignore lint/suspicious/noExplicitAny: the tests assert the content of responses
export type Json = any;

export interface TestResponse {
  status: number;
  headers: Record<string, string | undefined>;
  body: Json;
}

/** Sends a GET request; parses a JSON body. */
export async function get(
  app: FastifyInstance,
  url: string,
  headers: Record<string, string> = {},
): Promise<TestResponse> {
  const response = await app.inject({ url, headers });
  const isJson = isJsonMediaType(String(response.headers['content-type']));
  return {
    status: response.statusCode,
    headers: response.headers as Record<string, string | undefined>,
    body: isJson && response.body !== '' ? response.json() : response.body,
  };
}

/** Returns the ids on the page at `url`. */
export async function getIds(app: FastifyInstance, url: string): Promise<string[]> {
  const { status, body } = await get(app, url);
  if (status !== 200) throw new Error(`${url} returned ${status}: ${JSON.stringify(body)}`);
  return body.data.map(({ id }: { id: string }) => id);
}

/** Returns all items of a list by following its pages. */
export async function followPages(
  app: FastifyInstance,
  url: string,
  afterFirstPage: () => Promise<unknown> = async () => {},
): Promise<Json[]> {
  const items: Json[] = [];
  for (let next: string | null = url, pages = 0; next !== null; pages += 1) {
    const { status, body } = await get(app, next);
    if (status !== 200) throw new Error(`${next} returned ${status}: ${JSON.stringify(body)}`);
    if (pages > 1_000) throw new Error(`${url} never ends`);
    items.push(...body.data);
    next = body.links.next;
    if (pages === 0) await afterFirstPage();
  }
  return items;
}
