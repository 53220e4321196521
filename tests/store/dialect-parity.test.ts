/** PostgreSQL answers as SQLite does: status, headers and body, byte for byte. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../src/model/types/index.ts';
import type { Store } from '../../src/store/open.ts';
import { appOn, emptyStore, importInto, type Json, sqliteStore } from '../support/app.ts';
import { dossierOfEvents, eventfulHistory } from '../support/dossier-builder.ts';

let sqlite: FastifyInstance;
let postgres: FastifyInstance;

/** In an order that languages and bytes see differently. */
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

/** A past that is the same in both, down to the clock. */
async function fill(store: Store): Promise<void> {
  let second = 0;
  const now = () => new Date(Date.UTC(2031, 4, 2, 10, 0, second++));
  for (const files of eventfulHistory()) await importInto(store, files, { now });
  const events = Array.from({ length: 90 }, (_, n) => ({
    id: `m-${n}`,
    name: `${NAMES[n % NAMES.length]} ${n % 4}`,
    kind: ['meeting', 'meeting-2', 'summit'][n % 3],
    startDate: n % 5 === 0 ? null : `2031-0${1 + (n % 9)}-1${n % 7}`,
    datePrecision: n % 5 === 0 ? null : 'day',
    agenda: [`Point ${n % 4}`, 'Ünder, "quoted" & <signed>'],
  }));
  await importInto(store, dossierOfEvents(events, 'meetings-2031'), { now });
  await importInto(
    store,
    dossierOfEvents(
      events.map((event, n) => ({ ...event, status: n % 2 ? 'held' : 'cancelled' })),
      'meetings-2031',
    ),
    { now },
  );
}

beforeAll(async () => {
  const stores = [await sqliteStore(), await emptyStore()] as const;
  for (const store of stores) await fill(store);
  sqlite = await appOn(stores[0]);
  postgres = await appOn(stores[1]);
});

/** What differs between any two answers. */
const OF_THE_MOMENT = ['date', 'x-request-id'];

async function answerOf(app: FastifyInstance, url: string) {
  const { statusCode, headers, body } = await app.inject({ url, headers: { 'x-request-id': 'same' } });
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_MOMENT.includes(name));
  return { url, statusCode, headers: Object.fromEntries(kept), body };
}

const asked = new Set<string>();

/** Asks both, holds them to each other, and gives the answer. */
async function same(url: string): Promise<Json> {
  asked.add(url);
  const answer = await answerOf(sqlite, url);
  expect(await answerOf(postgres, url)).toEqual(answer);
  return String(answer.headers['content-type']).includes('json') ? JSON.parse(answer.body) : answer.body;
}

async function walkBoth(url: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let next: string | null = url; next; ) {
    const page = await same(next);
    found.push(...page.data);
    next = page.links.next;
  }
  return found;
}

describe.each(
  resources.map((resource) => [resource.collection, resource] as const),
)('%s', (collection, resource) => {
  const list = `/v1/${collection}`;

  it('as lists, in every order, now and then', async () => {
    const facts = await walkBoth(`${list}?limit=7`);
    expect(facts.length).toBeGreaterThan(0);
    for (const sort of ['id', 'label', 'reportedOn', ...resource.sorts]) {
      for (const key of [sort, `-${sort}`]) {
        const sorted = await walkBoth(`${list}?limit=40&sort=${key}`);
        expect(sorted.length, key).toBe(facts.length);
      }
    }
    await same(`${list}?limit=200&count=true&include=retracted`);
    for (const asOf of [1, 2, 3, 5, 8]) await same(`${list}?limit=200&count=true&asOf=${asOf}`);
  });

  it('one by one, with what refers to them', async () => {
    for (const { id } of (await walkBoth(`${list}?limit=200`)).slice(0, 40)) {
      await same(`${list}/${id}`);
      await same(`${list}/${id}/references?limit=200`);
      await same(`${list}/${id}/versions`);
    }
  });

  it('counted, and filtered by all that is counted', async () => {
    const names = resource.facetNames;
    for (const [at, name] of names.entries()) {
      const { data } = await same(`${list}/facets?by=${name}`);
      for (const [index, { value, count }] of data[0].values.entries()) {
        const filter = `${name}=${encodeURIComponent(value)}`;
        const { meta } = await same(`${list}?${filter}&count=true&limit=200`);
        expect(meta.total, filter).toBe(count);
        const other = names[(at + index + 1) % names.length];
        await same(`${list}/facets?by=${other}&${filter}&limit=3`);
        const q = ['nato', 'zebra', 'in%20the'][index % 3];
        await same(`${list}?${filter}&sort=-label&limit=${1 + (index % 9)}&q=${q}`);
      }
    }
  });
});

describe('history', () => {
  it('changes, corrections and revisions', async () => {
    const changes = await walkBoth('/v1/changes?limit=23');
    expect(changes.length).toBeGreaterThan(250);
    for (const query of [
      'after=3&limit=9',
      'type=person',
      'document=brussels-2022-03-24&after=1',
      'cause=correction',
    ]) {
      await walkBoth(`/v1/changes?${query}`);
    }
    await walkBoth('/v1/changes?fact=person/ilze-abele&limit=1');
    await walkBoth('/v1/corrections?limit=11');
    await walkBoth('/v1/revisions?limit=2');
    await same('/v1/revisions/5');
  });

  it('renamed and retracted facts', async () => {
    for (const id of ['ilze', 'ilze-abele', 'biruta']) {
      for (const path of ['', '/versions', '/references']) {
        for (const asOf of ['', '?asOf=3', '?asOf=5', '?asOf=6'])
          await same(`/v1/people/${id}${path}${asOf}`);
      }
    }
  });
});

describe('what is asked of documents and of all', () => {
  const documents = ['brussels-2022-03-24', 'meetings-2031'];

  it('texts, coverage, and facts by passage', async () => {
    for (const id of documents) {
      await same(`/v1/documents/${id}/text`);
      await same(`/v1/documents/${id}/coverage`);
      await same(`/v1/documents/${id}/coverage?asOf=1`);
      await walkBoth(`/v1/documents/${id}/facts?limit=9`);
      await walkBoth(`/v1/documents/${id}/facts?start=100&end=400&limit=3`);
    }
  });

  it('search, page by page', async () => {
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
        await walkBoth(`/v1/search?q=${encodeURIComponent(q)}&limit=6${asOf}`);
    }
  });

  it('periods', async () => {
    for (const days of [
      'from=2022-03-24',
      'to=2022-03-23',
      'from=2031-02-01&to=2031-03-15',
      'from=2031-06-01&sort=-startDate',
    ]) {
      await walkBoth(`/v1/events?${days}&limit=9`);
    }
  });

  it('questions that are refused, and those about nobody', async () => {
    for (const url of [
      '/v1/events/nobody',
      '/v1/events?limit=0',
      '/v1/events?asOf=4',
      '/v1/events?asOf=2147483647',
      '/v1/events?asOf=2147483648',
      '/v1/events?asOf=2031-05-02T10:00:00Z',
      '/v1/events?asOf=2031-05-02T09:59:59.999Z',
      '/v1/events?ids=nobody,m-1,war-in-ukraine',
      '/v1/statements?about=nobody',
      '/v1/figures?value=30',
      '/v1/figures?value=1e300',
      '/v1/documents/nobody/text',
      '/v1/documents/meetings-2031/facts?start=99999',
    ]) {
      await same(url);
    }
  });

  it('all of it many times over', () => {
    expect(asked.size).toBeGreaterThan(1_000);
  });
});
