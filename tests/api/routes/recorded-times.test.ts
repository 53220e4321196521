/** Parameters that select by the time of recording: `asOf` and `after`, and the order of changes. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createApp,
  createStore,
  followPages,
  get,
  getIds,
  importInto,
  type Json,
} from '../../support/app.ts';
import { buildEventDossier } from '../../support/dossier-builder.ts';

/** Times of the revisions, two of them on one day. */
const RECORDED = [
  '2020-03-01T09:00:00.000Z',
  '2020-03-02T00:00:00.000Z',
  '2020-03-02T23:59:59.999Z',
  '2020-03-04T12:00:00.000Z',
];

let app: FastifyInstance;
beforeAll(async () => {
  const store = await createStore();
  for (const [index, recordedAt] of RECORDED.entries()) {
    const id = `day-${index + 1}`;
    await importInto(store, buildEventDossier([{ id: `meeting-${index + 1}` }], id), {
      now: () => new Date(recordedAt),
    });
  }
  app = await createApp(store);
});

describe('asOf with a day', () => {
  it.each([
    ['2020-03-01', 1],
    ['2020-03-02', 3],
    ['2020-03-03', 3],
    ['2020-03-04', 4],
    ['2021-01-01', 4],
  ])('%s reads what was recorded up to its end', async (day, revision) => {
    const { body } = await get(app, `/v1/events?asOf=${day}`);
    expect(body.meta.revision).toBe(revision);
    expect(body.data).toHaveLength(revision);
    expect(body.links.self).toBe(`/v1/events?asOf=${day}`);
    const instant = await get(app, `/v1/events?asOf=${day}T23:59:59.999Z`);
    expect(instant.body.data).toEqual(body.data);
    expect((await app.inject(`/v1/events.ndjson?asOf=${day}`)).headers['summit-facts-revision']).toBe(
      String(revision),
    );
    expect((await get(app, `/explore?collection=events&asOf=${day}`)).body).toContain(`${revision} event`);
  });

  it('is immutable once a later revision exists', async () => {
    const getCaching = async (asOf: string) =>
      (await get(app, `/v1/events?asOf=${asOf}`)).headers['cache-control'];
    expect(await getCaching('2020-03-02')).toContain('immutable');
    expect(await getCaching('2020-03-04')).toBe('public, no-cache');
    const today = new Date().toISOString().slice(0, 10);
    expect(await getCaching(today)).toBe('public, no-cache');
  });

  it('is in errors with the spelling of the request, like all values of asOf', async () => {
    for (const value of ['latest', 'Newest', '2099-01-01', '2099-01-01t00:00:00z']) {
      const { status, body } = await get(app, `/v1/events?asOf=${value}`);
      expect([status, body.errors[0].detail]).toEqual([400, expect.stringContaining(value)]);
    }
  });

  it('takes today, and refuses tomorrow', async () => {
    const toDay = (time: number) => new Date(time).toISOString().slice(0, 10);
    expect((await get(app, `/v1/events?asOf=${toDay(Date.now())}`)).body.meta.revision).toBe(4);
    expect((await get(app, `/v1/events?asOf=${toDay(Date.now() + 2 * 86_400_000)}`)).status).toBe(400);
  });

  it('pages at one revision', async () => {
    const events = await followPages(app, '/v1/events?asOf=2020-03-02&limit=1');
    expect(events.map(({ id }) => id)).toEqual(['meeting-1', 'meeting-2', 'meeting-3']);
  });
});

const getRevisions = async (url: string): Promise<number[]> => [
  ...new Set((await followPages(app, url)).map(({ revision }: Json) => revision)),
];

describe('changes after a time', () => {
  it.each([
    ['2019-12-31', [1, 2, 3, 4]],
    ['2020-03-01T08:59:59Z', [1, 2, 3, 4]],
    ['2020-03-01T09:00:00Z', [2, 3, 4]],
    ['2020-03-01t10:00:00%2B01:00', [2, 3, 4]],
    ['2020-03-01', [2, 3, 4]],
    ['2020-03-02T00:00:00Z', [3, 4]],
    ['2020-03-02', [4]],
    ['2020-03-04', []],
    ['3', [4]],
  ])('%s', async (after, expected) => {
    expect(await getRevisions(`/v1/changes?after=${after}`)).toEqual(expected);
    expect(await getRevisions(`/v1/changes?after=${after}&limit=1`)).toEqual(expected);
    expect(await getRevisions(`/v1/changes?after=${after}&limit=1&sort=-recordedAt`)).toEqual(
      [...expected].reverse(),
    );
    const { items } = (await get(app, `/v1/changes.feed.json?after=${after}`)).body;
    expect(items).toHaveLength(2 * expected.length);
    const { body: atom } = await app.inject(`/v1/changes.atom?after=${after}`);
    expect(atom.match(/<entry>/g) ?? []).toHaveLength(2 * expected.length);
  });

  it('and up to another', async () => {
    expect(await getRevisions('/v1/changes?after=2020-03-01&asOf=2020-03-02')).toEqual([2, 3]);
    expect(await getRevisions('/v1/changes?after=2020-03-03&asOf=2')).toEqual([]);
    expect((await get(app, '/v1/changes?after=3&asOf=2')).status).toBe(400);
  });
});

describe('the order of changes', () => {
  it('is the same forwards and backwards, on pages of every size', async () => {
    const oldestFirst = await followPages(app, '/v1/changes');
    expect(await followPages(app, '/v1/changes?sort=recordedAt')).toEqual(oldestFirst);
    for (const limit of [1, 2, 3, 200]) {
      const newestFirst = await followPages(app, `/v1/changes?sort=-recordedAt&limit=${limit}`);
      expect(newestFirst).toEqual([...oldestFirst].reverse());
    }
    const additions = await followPages(
      app,
      '/v1/changes?sort=-recordedAt&cause=addition&type=event&limit=1',
    );
    expect(additions.map(({ fact }) => fact.id)).toEqual([
      'meeting-4',
      'meeting-3',
      'meeting-2',
      'meeting-1',
    ]);
  });

  it('is that of the feeds too, which begin with the newest by default', async () => {
    const getTitles = async (url: string) => (await get(app, url)).body.items.map(({ title }: Json) => title);
    const newestFirst = await getTitles('/v1/changes.feed.json?type=event');
    expect(newestFirst[0]).toContain('meeting-4');
    expect(await getTitles('/v1/changes.feed.json?type=event&sort=recordedAt')).toEqual(
      [...newestFirst].reverse(),
    );
    const { headers } = await get(app, '/v1/changes?sort=-recordedAt&after=2020-03-01');
    for (const [, url] of String(headers['link']).matchAll(/<([^>]+)>; rel="alternate"/g))
      expect((await get(app, String(url))).status, url).toBe(200);
  });

  it('binds cursors', async () => {
    const { body } = await get(app, '/v1/changes?limit=1&sort=-recordedAt');
    const cursor = body.meta.nextCursor;
    expect((await get(app, `/v1/changes?limit=1&cursor=${cursor}`)).body.errors[0].code).toBe(
      'cursor-mismatch',
    );
  });
});

describe('search by type', () => {
  it('finds facts of these types only, on all pages', async () => {
    const types = async (url: string) =>
      (await followPages(app, url)).map(({ type, id }: Json) => `${type}/${id}`);
    const all = await types('/v1/search?q=meeting');
    const events = await types('/v1/search?q=meeting&type=event&limit=1');
    expect(events).toEqual(all.filter((name) => name.startsWith('event/')));
    expect(events).toHaveLength(4);
    expect(await types('/v1/search?q=meeting&type=document,event')).toEqual(
      all.filter((name) => /^(document|event)/.test(name)),
    );
    expect(await getIds(app, '/v1/search?q=meeting&type=person&type=figure')).toEqual([]);
    const { body: page } = await get(app, '/explore?collection=all&q=meeting&type=event');
    expect(page).toContain('4 facts');
    expect(page).toContain('<input type="hidden" name="type" value="event">');
  });
});
