/** What the benchmark asks is never the same twice, is answered, and is answered alike by the yardstick. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { tablesOf } from '../../bench/baselines/tables.ts';
import { fill } from '../../bench/import-fixtures.ts';
import { firstPages, KINDS, type Questions, questionsOn, withWords } from '../../bench/request-generator.ts';
import type { Running } from '../../bench/spawn-server.ts';
import { scanNumber } from '../../bench/workloads/slow-query-interference.ts';
import { launchTables } from '../../bench/workloads/uncached.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { appOn, kept, temporaryFolder } from '../support/app.ts';
import { atTheEnd } from '../support/cleanup.ts';

const folder = temporaryFolder();
const path = join(folder, 'store.sqlite');
const tables = join(folder, 'tables.sqlite');
let store: Store;
let app: FastifyInstance;
let yardstick: Running;

beforeAll(async () => {
  store = kept(await openStore(`file:${path}`));
  await fill(store, { facts: 600, seed: 3 });
  await seed(store, DOSSIERS_FOLDER);
  app = await appOn(store);
  yardstick = await launchTables(await tablesOf(path, tables), []);
  atTheEnd(() => yardstick.stop());
});

const first = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => of(n));

const get = async (url: string) => {
  const { statusCode, body } = await app.inject(url);
  expect([url, statusCode, statusCode === 200 ? '' : body]).toEqual([url, 200, '']);
  return body;
};

describe.each(KINDS)('%s', (kind) => {
  let of: Questions;
  beforeAll(() => {
    of = questionsOn(path)[kind];
  });

  it('are never the same twice, nor those to warm up with', () => {
    const count = Math.min(2_000, of.count);
    const asked = new Set(first(count, of.at));
    expect(asked.size).toBe(count);
    const others = new Set(first(Math.min(200, of.count), of.warmUp));
    expect([...others].filter((url) => asked.has(url))).toEqual([]);
    expect(others.size).toBeGreaterThan(20);
  });

  it('are answered, and by the yardstick with the same bytes', async () => {
    const places = [...first(25, (n) => of.at((n * 17) % Math.min(of.count, 1_000)))];
    for (const url of places) {
      const response = await fetch(yardstick.url + url);
      expect([url, response.status, await response.text()]).toEqual([url, 200, await get(url)]);
    }
    for (const url of first(5, of.warmUp)) {
      await get(url);
      expect((await fetch(yardstick.url + url)).status).toBe(200);
    }
  });
});

it('pages by cursor are whole, and begin all over the list', async () => {
  const { pages } = questionsOn(path);
  const begin = new Set<string>();
  for (const url of first(30, pages.at)) {
    const { data } = JSON.parse(await get(url));
    expect(data).toHaveLength(20);
    begin.add(data[0].id);
  }
  expect(begin.size).toBeGreaterThan(15);
});

it('every fact is an item once', async () => {
  const { items } = questionsOn(path);
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

it('each search finds something, and some fill a page', async () => {
  const { searches } = questionsOn(path);
  const found: number[] = [];
  for (const url of first(40, searches.at)) found.push(JSON.parse(await get(url)).data.length);
  expect(Math.min(...found)).toBeGreaterThan(0);
  expect(Math.max(...found)).toBe(20);
});

it.each<[string, () => (n: number) => string]>([
  ['first pages', () => firstPages().at],
  ['lists with a word', () => withWords(path, ['plan', 'grain']).at],
  ['facets and searches', () => scanNumber],
])('%s are answered, and never the same twice', async (_, of) => {
  const urls = first(1_000, of());
  expect(new Set(urls).size).toBe(1_000);
  for (const url of urls.slice(0, 40)) await get(url);
});

it('the tables are kept for as long as the store is the same', async () => {
  const copy = join(folder, 'again.sqlite');
  await tablesOf(path, copy);
  const made = statSync(copy).mtimeMs;
  await tablesOf(path, copy);
  expect(statSync(copy).mtimeMs).toBe(made);
  const other = join(folder, 'other.sqlite');
  const another = await openStore(`file:${other}`);
  await fill(another, { facts: 100, seed: 3 });
  await another.close();
  await tablesOf(other, copy);
  expect(statSync(copy).mtimeMs).not.toBe(made);
});
