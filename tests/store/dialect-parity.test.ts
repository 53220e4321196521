/** Parity of the dialects: PostgreSQL and SQLite return the same status, headers and body, byte for byte. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import type { Store } from '../../src/store/open.ts';
import { createApp, createSqliteStore, createStore, importInto, type Json } from '../support/app.ts';
import { buildDossierHistory, buildEventDossier } from '../support/dossier-builder.ts';

let sqlite: FastifyInstance;
let postgres: FastifyInstance;

/** Names that collations sort differently than bytes. */
const NAMES = [
  'Ärger',
  'arger',
  'Zebra',
  'zebra',
  'Éclair',
  '\u{1f44d} a',
  '｡a',
  'ﬃ',
  '10',
  '9',
  'a-b',
  'ab',
  'a b',
];

/** Imports the same history into a store, with the same times. */
async function importHistory(store: Store): Promise<void> {
  let second = 0;
  const now = () => new Date(Date.UTC(2031, 4, 2, 10, 0, second++));
  for (const files of buildDossierHistory()) await importInto(store, files, { now });
  const events = Array.from({ length: 90 }, (_, n) => ({
    id: `m-${n}`,
    name: `${NAMES[n % NAMES.length]} ${n % 4}`,
    kind: ['meeting', 'meeting-2', 'summit'][n % 3],
    startDate: n % 5 === 0 ? null : `2031-0${1 + (n % 9)}-1${n % 7}`,
    datePrecision: n % 5 === 0 ? null : 'day',
    agenda: [`Point ${n % 4}`, 'Ünder, "quoted" & <signed>'],
  }));
  await importInto(store, buildEventDossier(events, 'meetings-2031'), { now });
  await importInto(
    store,
    buildEventDossier(
      events.map((event, n) => ({ ...event, status: n % 2 ? 'held' : 'cancelled' })),
      'meetings-2031',
    ),
    { now },
  );
}

beforeAll(async () => {
  const stores = [await createSqliteStore(), await createStore()] as const;
  for (const store of stores) await importHistory(store);
  sqlite = await createApp(stores[0]);
  postgres = await createApp(stores[1]);
});

/** Headers that differ between any two responses. */
const VOLATILE_HEADERS = ['date', 'x-request-id'];

async function fetchResponse(app: FastifyInstance, url: string) {
  const { statusCode, headers, body } = await app.inject({ url, headers: { 'x-request-id': 'same' } });
  const stableHeaders = Object.entries(headers).filter(([name]) => !VOLATILE_HEADERS.includes(name));
  return { url, statusCode, headers: Object.fromEntries(stableHeaders), body };
}

const requestedUrls = new Set<string>();

/** Requests `url` from both, expects equal responses, and returns the body. */
async function fetchFromBoth(url: string): Promise<Json> {
  requestedUrls.add(url);
  const response = await fetchResponse(sqlite, url);
  expect(await fetchResponse(postgres, url)).toEqual(response);
  return String(response.headers['content-type']).includes('json')
    ? JSON.parse(response.body)
    : response.body;
}

async function followPagesOnBoth(url: string): Promise<Json[]> {
  const items: Json[] = [];
  for (let next: string | null = url; next; ) {
    const page = await fetchFromBoth(next);
    items.push(...page.data);
    next = page.links.next;
  }
  return items;
}

describe.each(
  factTypes.map((factType) => [factType.collection, factType] as const),
)('%s', (collection, factType) => {
  const list = `/v1/${collection}`;

  it('lists are the same in every order and at every revision', async () => {
    const facts = await followPagesOnBoth(`${list}?limit=7`);
    expect(facts.length).toBeGreaterThan(0);
    for (const sort of ['id', 'label', 'reportedOn', ...factType.sorts]) {
      for (const key of [sort, `-${sort}`]) {
        const sorted = await followPagesOnBoth(`${list}?limit=40&sort=${key}`);
        expect(sorted.length, key).toBe(facts.length);
      }
    }
    await fetchFromBoth(`${list}?limit=200&count=true&include=retracted`);
    for (const asOf of [1, 2, 3, 5, 8]) await fetchFromBoth(`${list}?limit=200&count=true&asOf=${asOf}`);
  });

  it('single facts, their references and versions are the same', async () => {
    for (const { id } of (await followPagesOnBoth(`${list}?limit=200`)).slice(0, 40)) {
      await fetchFromBoth(`${list}/${id}`);
      await fetchFromBoth(`${list}/${id}/references?limit=200`);
      await fetchFromBoth(`${list}/${id}/versions`);
    }
  });

  it('facets, and lists filtered by each of their values, are the same', async () => {
    const names = factType.facetNames;
    for (const [at, name] of names.entries()) {
      const { data } = await fetchFromBoth(`${list}/facets?by=${name}`);
      for (const [index, { value, count }] of data[0].values.entries()) {
        const filter = `${name}=${encodeURIComponent(value)}`;
        const { meta } = await fetchFromBoth(`${list}?${filter}&count=true&limit=200`);
        expect(meta.total, filter).toBe(count);
        const other = names[(at + index + 1) % names.length];
        await fetchFromBoth(`${list}/facets?by=${other}&${filter}&limit=3`);
        const q = ['nato', 'zebra', 'in%20the'][index % 3];
        await fetchFromBoth(`${list}?${filter}&sort=-label&limit=${1 + (index % 9)}&q=${q}`);
      }
    }
  });
});

describe('history', () => {
  it('changes, corrections and revisions are the same', async () => {
    const changes = await followPagesOnBoth('/v1/changes?limit=23');
    expect(changes.length).toBeGreaterThan(250);
    for (const query of [
      'after=3&limit=9',
      'type=person',
      'document=brussels-2022-03-24&after=1',
      'cause=correction',
    ]) {
      await followPagesOnBoth(`/v1/changes?${query}`);
    }
    await followPagesOnBoth('/v1/changes?fact=person/ilze-abele&limit=1');
    await followPagesOnBoth('/v1/corrections?limit=11');
    await followPagesOnBoth('/v1/revisions?limit=2');
    await fetchFromBoth('/v1/revisions/5');
  });

  it('renamed and retracted facts are the same', async () => {
    for (const id of ['ilze', 'ilze-abele', 'biruta']) {
      for (const path of ['', '/versions', '/references']) {
        for (const asOf of ['', '?asOf=3', '?asOf=5', '?asOf=6'])
          await fetchFromBoth(`/v1/people/${id}${path}${asOf}`);
      }
    }
  });
});

describe('documents, search and errors', () => {
  const documents = ['brussels-2022-03-24', 'meetings-2031'];

  it('texts, coverage and facts by passage are the same', async () => {
    for (const id of documents) {
      await fetchFromBoth(`/v1/documents/${id}/text`);
      await fetchFromBoth(`/v1/documents/${id}/coverage`);
      await fetchFromBoth(`/v1/documents/${id}/coverage?asOf=1`);
      await followPagesOnBoth(`/v1/documents/${id}/facts?limit=9`);
      await followPagesOnBoth(`/v1/documents/${id}/facts?start=100&end=400&limit=3`);
    }
  });

  it('search returns the same pages', async () => {
    const questions = [
      'nato',
      'ukraine',
      'eu sanctions',
      'zebra',
      'arger',
      'éclair',
      'ffi',
      'point',
      'the',
      '10',
    ];
    for (const q of questions) {
      for (const asOf of ['', '&asOf=1', '&asOf=2'])
        await followPagesOnBoth(`/v1/search?q=${encodeURIComponent(q)}&limit=6${asOf}`);
    }
  });

  it('filters by period are the same', async () => {
    for (const days of [
      'from=2022-03-24',
      'to=2022-03-23',
      'from=2031-02-01&to=2031-03-15',
      'from=2031-06-01&sort=-startDate',
    ]) {
      await followPagesOnBoth(`/v1/events?${days}&limit=9`);
    }
  });

  it('errors and unknown ids are the same', async () => {
    for (const url of [
      '/v1/events/missing',
      '/v1/events?limit=0',
      '/v1/events?asOf=4',
      '/v1/events?asOf=2147483647',
      '/v1/events?asOf=2147483648',
      '/v1/events?asOf=2031-05-02T10:00:00Z',
      '/v1/events?asOf=2031-05-02T09:59:59.999Z',
      '/v1/events?ids=missing,m-1,war-in-ukraine',
      '/v1/statements?about=missing',
      '/v1/figures?value=30',
      '/v1/figures?value=1e300',
      '/v1/documents/missing/text',
      '/v1/documents/meetings-2031/facts?start=99999',
    ]) {
      await fetchFromBoth(url);
    }
  });

  it('has compared more than 1,000 responses', () => {
    expect(requestedUrls.size).toBeGreaterThan(1_000);
  });
});
