import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/open.ts';
import {
  createApp,
  createStore,
  followPages,
  get,
  getIds,
  importInto,
  type Json,
} from '../../support/app.ts';
import { buildEventDossier, type EventInput } from '../../support/dossier-builder.ts';

/** 60 events: many share a day, some have none, ids do not follow the days. */
const events: EventInput[] = Array.from({ length: 60 }, (_, n) => {
  const startDate = n % 5 === 0 ? null : `2031-05-${String(10 + (n % 4)).padStart(2, '0')}`;
  const id = `meeting-${String((n * 37) % 60).padStart(2, '0')}`;
  return {
    id,
    startDate,
    datePrecision: startDate && 'day',
    name: `Meeting ${String.fromCodePoint(97 + (n % 26))}`,
  };
});

const SORTS = ['id', 'label', 'reportedOn', 'name', 'startDate', 'endDate'].flatMap((field) => [
  field,
  `-${field}`,
]);

let store: Store;
let app: FastifyInstance;
beforeEach(async () => {
  store = await createStore();
  app = await createApp(store);
  await importInto(store, buildEventDossier(events));
});

/** Reference implementation of the documented order. */
function sortIds(facts: Json[], sort: string): string[] {
  const field = sort.replace(/^-/, '');
  const sign = sort.startsWith('-') ? -1 : 1;
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...facts]
    .sort((a, b) => {
      if ((a[field] === null) !== (b[field] === null)) return a[field] === null ? 1 : -1;
      return sign * compare(a[field] ?? '', b[field] ?? '') || compare(a.id, b.id);
    })
    .map(({ id }) => id);
}

describe('pagination of a list', () => {
  it.each(SORTS)('sorted by %s neither skips nor repeats facts during imports', async (sort) => {
    const { body } = await get(app, `/v1/events?sort=${sort}&limit=200`);
    const expectedIds = sortIds(body.data, sort);
    expect(expectedIds).toHaveLength(events.length);
    expect(body.data.map(({ id }: Json) => id)).toEqual(expectedIds);

    // Changes every sortable value and adds a fact.
    const changedEvents = events.map((event, n) => ({
      ...event,
      name: `Meeting ${(n * 7) % 13}`,
      startDate: `2031-06-${String(1 + ((n * 11) % 28)).padStart(2, '0')}`,
      datePrecision: 'day',
    }));
    const between = () => importInto(store, buildEventDossier([...changedEvents, { id: 'aaa' }]));
    const items = await followPages(app, `/v1/events?sort=${sort}&limit=7`, between);
    expect(items.map(({ id }: Json) => id)).toEqual(expectedIds);
    expect(await getIds(app, '/v1/events?ids=aaa')).toEqual(['aaa']);
  });

  it('reads every page at the revision of the first', async () => {
    const first = await get(app, '/v1/events?limit=50');
    await importInto(store, buildEventDossier(events.map((event) => ({ ...event, kind: 'summit' }))));
    const second = await get(app, first.body.links.next);
    expect(second.body.meta.revision).toBe(first.body.meta.revision);
    expect(new Set(second.body.data.map(({ kind }: Json) => kind))).toEqual(new Set(['meeting']));
    expect(second.headers['cache-control']).toContain('immutable');
    expect(await getIds(app, '/v1/events?kind=meeting')).toEqual([]);
  });

  it('allows the limit to change between pages', async () => {
    const first = await get(app, '/v1/events?limit=3');
    const second = await get(app, `/v1/events?limit=5&cursor=${first.body.meta.nextCursor}`);
    const secondPage = await get(app, first.body.links.next.replace('limit=3', 'limit=5'));
    expect(second.body).toEqual(secondPage.body);
    const allIds = await getIds(app, '/v1/events?limit=8');
    expect([...first.body.data, ...second.body.data].map(({ id }: Json) => id)).toEqual(allIds);
  });

  it('ends with null even if the last page is full', async () => {
    const { body } = await get(app, `/v1/events?limit=${events.length}`);
    expect(body.data).toHaveLength(events.length);
    expect([body.links.next, body.meta.nextCursor]).toEqual([null, null]);
  });

  it('has its links in the Link header too', async () => {
    const { body, headers } = await get(app, '/v1/events?limit=2');
    const links = (link = '') => link.split(', ').filter((each) => !each.includes('rel="alternate"'));
    expect(links(headers['link'])).toEqual([
      '</v1/events?limit=2>; rel="self"',
      `<${body.links.next}>; rel="next"`,
    ]);
    const last = await get(app, '/v1/events?limit=200');
    expect(links(last.headers['link'])).toEqual(['</v1/events?limit=200>; rel="self"']);
  });
});

describe('a filter that few facts match, and one that many match', () => {
  it('return facts in the same order', async () => {
    const many = await createStore();
    const crowd = await createApp(many);
    const manyEvents = Array.from({ length: 1_500 }, (_, n) => ({
      id: `m-${String(n).padStart(4, '0')}`,
      kind: n % 300 === 0 ? 'summit' : 'meeting',
      startDate: n % 7 === 0 ? null : `2031-05-${String(10 + (n % 19))}`,
      datePrecision: n % 7 === 0 ? null : 'day',
    }));
    await importInto(many, buildEventDossier(manyEvents));
    const meetings = await followPages(crowd, '/v1/events?kind=meeting&sort=-startDate&limit=200');
    const all = await followPages(crowd, '/v1/events?sort=-startDate&limit=200');
    const expected = all.filter(({ kind }) => kind === 'meeting').map(({ id }) => id);
    expect(meetings.map(({ id }) => id)).toEqual(expected);
    const summits = await followPages(crowd, '/v1/events?kind=summit&sort=-startDate&limit=2');
    expect(summits.map(({ id }) => id)).toEqual(
      all.filter(({ kind }) => kind === 'summit').map(({ id }) => id),
    );
    const { body } = await get(crowd, '/v1/events?kind=meeting&count=true&limit=1');
    expect(body.meta.total).toBe(expected.length);
  });
});
