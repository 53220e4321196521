/** Requests of the benchmark: distinct, successful, and with the same responses from the baseline. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBaselineTables } from '../../bench/baselines/tables.ts';
import { importGeneratedArchive } from '../../bench/import-fixtures.ts';
import {
  createFirstPageRequests,
  createRequests,
  createWordRequests,
  REQUEST_KINDS,
  type RequestSet,
} from '../../bench/request-generator.ts';
import type { ServerProcess } from '../../bench/spawn-server.ts';
import { createSlowQueryPath } from '../../bench/workloads/slow-query-interference.ts';
import { startTablesServer } from '../../bench/workloads/uncached.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { closeAfterTests, createApp, createTemporaryFolder } from '../support/app.ts';
import { onTestFileEnd } from '../support/cleanup.ts';

const folder = createTemporaryFolder();
const path = join(folder, 'store.sqlite');
const tables = join(folder, 'tables.sqlite');
let store: Store;
let app: FastifyInstance;
let baselineServer: ServerProcess;

beforeAll(async () => {
  store = closeAfterTests(await openStore(`file:${path}`));
  await importGeneratedArchive(store, { facts: 600, seed: 3 });
  await seed(store, DOSSIERS_FOLDER);
  app = await createApp(store);
  baselineServer = await startTablesServer(await createBaselineTables(path, tables), []);
  onTestFileEnd(() => baselineServer.stop());
});

const takeFirst = (count: number, getPath: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => getPath(n));

const get = async (url: string) => {
  const { statusCode, body } = await app.inject(url);
  expect([url, statusCode, statusCode === 200 ? '' : body]).toEqual([url, 200, '']);
  return body;
};

describe.each(REQUEST_KINDS)('%s', (kind) => {
  let requestSet: RequestSet;
  beforeAll(() => {
    requestSet = createRequests(path)[kind];
  });

  it('are distinct, and differ from those of the warm-up', () => {
    const count = Math.min(2_000, requestSet.count);
    const paths = new Set(takeFirst(count, requestSet.getPath));
    expect(paths.size).toBe(count);
    const others = new Set(takeFirst(Math.min(200, requestSet.count), requestSet.getWarmUpPath));
    expect([...others].filter((url) => paths.has(url))).toEqual([]);
    expect(others.size).toBeGreaterThan(20);
  });

  it('succeed, with the same bytes from the baseline', async () => {
    const samplePaths = [
      ...takeFirst(25, (n) => requestSet.getPath((n * 17) % Math.min(requestSet.count, 1_000))),
    ];
    for (const url of samplePaths) {
      const response = await fetch(baselineServer.url + url);
      expect([url, response.status, await response.text()]).toEqual([url, 200, await get(url)]);
    }
    for (const url of takeFirst(5, requestSet.getWarmUpPath)) {
      await get(url);
      expect((await fetch(baselineServer.url + url)).status).toBe(200);
    }
  });
});

it('cursors lead to full pages anywhere in the list', async () => {
  const { pages } = createRequests(path);
  const begin = new Set<string>();
  for (const url of takeFirst(30, pages.getPath)) {
    const { data } = JSON.parse(await get(url));
    expect(data).toHaveLength(20);
    begin.add(data[0].id);
  }
  expect(begin.size).toBeGreaterThan(15);
});

it('items are all facts, once each', async () => {
  const { items } = createRequests(path);
  const facts = await store.read((db) =>
    db
      .selectFrom('fact')
      .select('id')
      .where('rev_to', '=', 2_147_483_647)
      .where('retracted', 'is', null)
      .execute(),
  );
  expect(items.count).toBe(facts.length);
});

it('searches have results, and some fill a page', async () => {
  const { searches } = createRequests(path);
  const counts: number[] = [];
  for (const url of takeFirst(40, searches.getPath)) counts.push(JSON.parse(await get(url)).data.length);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(Math.max(...counts)).toBe(20);
});

it.each<[string, () => (n: number) => string]>([
  ['first pages', () => createFirstPageRequests().getPath],
  ['lists with a word', () => createWordRequests(path, ['plan', 'grain']).getPath],
  ['facets and searches', () => createSlowQueryPath],
])('%s succeed and are distinct', async (_, requestSet) => {
  const urls = takeFirst(1_000, requestSet());
  expect(new Set(urls).size).toBe(1_000);
  for (const url of urls.slice(0, 40)) await get(url);
});

it('the tables are rebuilt only if the store has changed', async () => {
  const copy = join(folder, 'again.sqlite');
  await createBaselineTables(path, copy);
  const modifiedAtMs = statSync(copy).mtimeMs;
  await createBaselineTables(path, copy);
  expect(statSync(copy).mtimeMs).toBe(modifiedAtMs);
  const other = join(folder, 'other.sqlite');
  const another = await openStore(`file:${other}`);
  await importGeneratedArchive(another, { facts: 100, seed: 3 });
  await another.close();
  await createBaselineTables(other, copy);
  expect(statSync(copy).mtimeMs).not.toBe(modifiedAtMs);
});
