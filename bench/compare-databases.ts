/**
 * The same requests on SQLite and PostgreSQL with the same facts: `npm run bench:databases -- 100000`, with
 * the number of facts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { encodeCursor } from '../src/api/respond/cursor.ts';
import { buildApp } from '../src/app.ts';
import { openStore, type Store } from '../src/store/open.ts';
import { startPostgres } from '../tests/support/postgres-cluster.ts';
import { countReports, createFactId } from './fixtures/index.ts';
import { importGeneratedArchive } from './import-fixtures.ts';
import { createProgressReporter } from './progress.ts';
import { computeMedian } from './stats.ts';

const ROUNDS = 9;
const REQUESTS_PER_ROUND = 60;

/** URLs by kind of request; nearly all of them differ for each `n`. */
const REQUEST_URLS: Record<string, (n: number, reports: number) => string> = {
  'first page of 20': () => '/v1/statements?limit=20',
  'page of 20 by cursor': (n, reports) => `/v1/statements?limit=20&cursor=${createCursor(n, reports)}`,
  'list of 20 ids': (n, reports) => `/v1/statements?limit=20&ids=${createIdList(n, reports)}`,
  'page of 20, newest first': (n) =>
    `/v1/statements?limit=20&sort=-saidOn&to=2030-${10 + (n % 3)}-${10 + (n % 20)}`,
  item: (n, reports) => `/v1/statements/${getStatementId(n, reports)}`,
  'rare filter': (n) => `/v1/statements?limit=20&speaker=person-${20 + (n % 300)}`,
  'frequent filter': (n) => `/v1/statements?limit=20&topic=grain&sort=text&from=2030-01-${10 + (n % 20)}`,
  'two filters': (n) => `/v1/events?limit=20&status=held&participant=person-${n % 300}`,
  'search, rare': (n) => `/v1/search?limit=20&q=plan%20${n * 97}`,
  'search, frequent': (n) => `/v1/search?limit=20&q=grain%20${['welcome', 'refuse', 'study'][n % 3]}`,
  'facet, filtered': (n) => `/v1/statements/facets?by=topic&speaker=person-${n % 300}`,
  'facet, all': (n) => `/v1/events/facets?by=status&limit=${1 + (n % 9)}`,
};

/** Returns a different statement for each `n`, from any report. */
const getStatementId = (n: number, reports: number) =>
  createFactId((n * 7_919) % reports, 'statement', n % 11);
/** Creates a cursor to a position within the list. */
const createCursor = (n: number, reports: number) =>
  encodeCursor({
    revision: reports,
    listUrl: '/v1/statements',
    position: [null, getStatementId(n, reports)],
  });
const createIdList = (n: number, reports: number) =>
  Array.from({ length: 20 }, (_, m) => getStatementId(n * 20 + m, reports)).join(',');

const facts = Number(process.argv[2] ?? 100_000);
const reports = countReports(facts);
const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const postgresServer = await startPostgres({ durable: true });
try {
  const sqlite = await openFilledStore('SQLite', `file:${join(folder, 'bench.sqlite')}`);
  const postgres = await openFilledStore('PostgreSQL', postgresServer.url);
  await compareStores(sqlite, postgres);
  await sqlite.store.close();
  await postgres.store.close();
} finally {
  await postgresServer.remove();
  rmSync(folder, { recursive: true });
}

interface FilledStore {
  store: Store;
  app: FastifyInstance;
}

async function openFilledStore(title: string, url: string): Promise<FilledStore> {
  const store = await openStore(url);
  const startedAt = performance.now();
  await importGeneratedArchive(store, { facts, seed: 1, onProgress: createProgressReporter(title) });
  const seconds = (performance.now() - startedAt) / 1_000;
  print(
    `${title}: about ${facts} facts imported in ${seconds.toFixed(0)} s, ${(facts / seconds).toFixed(0)} facts/s`,
  );
  const app = await buildApp({
    store,
    config: { logLevel: 'silent', cacheMaxBytes: 0, publicUrl: null, rateLimitPerMinute: 0, trustProxy: [] },
  });
  await app.ready();
  return { store, app };
}

async function compareStores(sqlite: FilledStore, postgres: FilledStore): Promise<void> {
  print(
    `\nMedian time of a request in ms, over ${ROUNDS} rounds of ${REQUESTS_PER_ROUND} sequential requests`,
  );
  print(`| request | SQLite | PostgreSQL | ratio |\n| --- | --- | --- | --- |`);
  for (const [title, createUrl] of Object.entries(REQUEST_URLS)) {
    const times = { sqlite: [] as number[], postgres: [] as number[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const urls = Array.from({ length: REQUESTS_PER_ROUND }, (_, n) =>
        createUrl(round * REQUESTS_PER_ROUND + n, reports),
      );
      const a = await measureMs(sqlite.app, urls);
      const b = await measureMs(postgres.app, urls);
      // The first round only warms up.
      if (round === 0) continue;
      times.sqlite.push(a);
      times.postgres.push(b);
    }
    const [a, b] = [computeMedian(times.sqlite), computeMedian(times.postgres)];
    print(`| ${title} | ${a.toFixed(2)} | ${b.toFixed(2)} | ${(b / a).toFixed(1)} |`);
  }
}

async function measureMs(app: FastifyInstance, urls: string[]): Promise<number> {
  const startedAt = performance.now();
  for (const url of urls) {
    const { statusCode, body } = await app.inject(url);
    if (statusCode !== 200) throw new Error(`GET ${url}: status ${statusCode}, expected 200: ${body}`);
  }
  return (performance.now() - startedAt) / urls.length;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
