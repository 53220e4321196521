import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/open.ts';
import { createApp, createStore, get, importInto } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';

let store: Store;
let app: FastifyInstance;
const clockAt = (instant: string) => ({ now: () => new Date(instant) });

beforeEach(async () => {
  store = await createStore();
  app = await createApp(store);
  await importInto(store, buildEventDossier([{ id: 'a' }, { id: 'b' }]), clockAt('2031-05-02T10:00:00.300Z'));
});

describe('ETag', () => {
  it('is strong, and does not depend on the order of the parameters', async () => {
    const first = await get(app, '/v1/events?kind=meeting&limit=5');
    const second = await get(app, '/v1/events?limit=5&kind=meeting');
    expect(first.headers['etag']).toMatch(/^"[\w-]{27}"$/);
    expect(second.headers['etag']).toBe(first.headers['etag']);
    expect(second.body).toEqual(first.body);
  });

  it('differs between requests', async () => {
    const urls = [
      '/v1/events',
      '/v1/events?limit=5',
      '/v1/events?kind=meeting',
      '/v1/events/a',
      '/v1/people',
    ];
    const etags = await Promise.all(urls.map(async (url) => (await get(app, url)).headers['etag']));
    expect(new Set(etags).size).toBe(urls.length);
  });

  it('changes with the revision, and returns 304 until then', async () => {
    const { headers } = await get(app, '/v1/events/a');
    const etag = headers['etag'] as string;
    for (const named of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const notModified = await get(app, '/v1/events/a', { 'if-none-match': named });
      expect([notModified.status, notModified.body, notModified.headers['etag']]).toEqual([304, '', etag]);
    }
    expect((await get(app, '/v1/events', { 'if-none-match': '*' })).status).toBe(304);
    expect((await get(app, '/v1/events/a', { 'if-none-match': '"other"' })).status).toBe(200);
    await importInto(store, buildEventDossier([{ id: 'a' }, { id: 'b', kind: 'summit' }]));
    expect((await get(app, '/v1/events/a', { 'if-none-match': etag })).status).toBe(200);
  });

  it('returns 304 for the forms that proxies which compress give it, from the cache as well', async () => {
    for (const url of ['/v1/events/a', '/explore', '/v1/events.csv', '/docs/assets/page.css']) {
      const etag = String((await get(app, url)).headers['etag']);
      const withSuffix = (suffix: string) => `${etag.slice(0, -1)}${suffix}"`;
      const suffixes = ['-gzip', '-br', '--gzip', ';gzip', '-zstd', '-br-gzip', '-gzip;gzip'];
      for (const tag of [
        ...suffixes.map(withSuffix),
        `W/${withSuffix('-gzip')}`,
        `"a", ${withSuffix('-gzip')}`,
      ]) {
        const { status, headers } = await get(app, url, { 'if-none-match': tag });
        expect([url, tag, status]).toEqual([url, tag, 304]);
        // Only forms that this server sends itself are repeated.
        expect([etag, withSuffix('-gzip'), withSuffix('-br')]).toContain(headers['etag']);
      }
      for (const tag of [withSuffix('-other'), withSuffix('x'), `"-gzip"`, `"other-gzip"`]) {
        expect([url, tag, (await get(app, url, { 'if-none-match': tag })).status]).toEqual([url, tag, 200]);
      }
    }
  });

  it('differs between databases with the same revision number', async () => {
    const other = await createStore();
    await importInto(other, buildEventDossier([{ id: 'a' }]), clockAt('2031-05-02T10:00:01.000Z'));
    const { headers } = await get(app, '/v1/events');
    const elsewhere = await get(await createApp(other), '/v1/events', {
      'if-none-match': String(headers['etag']),
    });
    expect(elsewhere.status).toBe(200);
  });

  it('is not compared before the request has been validated', async () => {
    const { status, headers } = await get(app, '/v1/events?limit=0', { 'if-none-match': '*' });
    expect([status, headers['etag']]).toEqual([400, undefined]);
  });

  it('is not sent with a 404', async () => {
    const { status, headers } = await get(app, '/v1/events/missing');
    expect([status, headers['etag'], headers['last-modified'], headers['cache-control']]).toEqual([
      404,
      undefined,
      undefined,
      'no-store',
    ]);
  });
});

it('releases the snapshot before it sends the response, since the client may be slow', async () => {
  let readCount = 0;
  const read: Store['read'] = async (work) => {
    readCount += 1;
    return store.read(work).finally(() => {
      readCount -= 1;
    });
  };
  const sentWhile: number[] = [];
  const watchedApp = await createApp({ ...store, read }, {}, (app) =>
    app.addHook('onSend', async () => {
      sentWhile.push(readCount);
    }),
  );
  for (const url of [
    '/v1/events',
    '/v1/events/a',
    '/v1/documents/meetings-2031/text',
    '/v1/events/missing',
  ]) {
    await get(watchedApp, url);
    await get(watchedApp, url, { 'if-none-match': '*' });
  }
  expect(sentWhile).toEqual(Array(8).fill(0));
});

describe('a fact that does not exist', () => {
  it.each([
    ['if-none-match', '*'],
    ['if-modified-since', 'Fri, 02 May 2031 10:00:00 GMT'],
  ])('returns 404 regardless of %s', async (name, value) => {
    expect((await get(app, '/v1/events/missing', { [name]: value })).status).toBe(404);
  });
});

describe('Last-Modified', () => {
  it('is the time of the revision, and returns 304', async () => {
    const { headers } = await get(app, '/v1/events');
    expect(headers['last-modified']).toBe('Fri, 02 May 2031 10:00:00 GMT');
    const since = (date: string) => get(app, '/v1/events', { 'if-modified-since': date });
    expect((await since('Fri, 02 May 2031 10:00:00 GMT')).status).toBe(304);
    expect((await since('Fri, 02 May 2031 09:59:59 GMT')).status).toBe(200);
    expect((await since('not a date')).status).toBe(200);
  });

  it('is ignored if two revisions share a second', async () => {
    await importInto(
      store,
      buildEventDossier([{ id: 'a' }, { id: 'b', kind: 'summit' }]),
      clockAt('2031-05-02T10:00:00.900Z'),
    );
    const { status } = await get(app, '/v1/events', { 'if-modified-since': 'Fri, 02 May 2031 10:00:00 GMT' });
    expect(status).toBe(200);
  });

  it('has lower precedence than If-None-Match', async () => {
    const headers = { 'if-none-match': '"other"', 'if-modified-since': 'Fri, 02 May 2031 10:00:00 GMT' };
    expect((await get(app, '/v1/events', headers)).status).toBe(200);
  });
});

describe('Cache-Control', () => {
  it('makes responses of a fixed revision immutable, and others revalidate', async () => {
    expect((await get(app, '/v1/events?asOf=1')).headers['cache-control']).toContain('immutable');
    expect((await get(app, '/v1/events')).headers['cache-control']).toBe('public, no-cache');
  });

  it('does not make an instant immutable that an unfinished import may precede', async () => {
    const past = await createStore();
    const reader = await createApp(past);
    const createCache = async (now: string) =>
      (await get(reader, `/v1/events?asOf=${now}`)).headers['cache-control'];
    await importInto(past, buildEventDossier([{ id: 'a' }]), clockAt('2021-05-02T10:00:00Z'));
    expect(await createCache('2021-05-02T10:00:00Z')).toBe('public, no-cache');
    expect(await createCache('2021-05-02T12:00:00Z')).toBe('public, no-cache');
    await importInto(past, buildEventDossier([{ id: 'a', kind: 'summit' }]), clockAt('2021-05-03T10:00:00Z'));
    expect(await createCache('2021-05-02T12:00:00Z')).toContain('immutable');
  });
});

describe('asOf', () => {
  it('returns past states, by number and by instant', async () => {
    await importInto(
      store,
      buildEventDossier([{ id: 'a', kind: 'summit' }, { id: 'b' }]),
      clockAt('2031-05-03T10:00:00Z'),
    );
    const fetchKind = async (query: string) => (await get(app, `/v1/events/a${query}`)).body;
    expect(await fetchKind('')).toMatchObject({ kind: 'summit', version: 2, revision: 2 });
    expect(await fetchKind('?asOf=1')).toMatchObject({ kind: 'meeting', version: 1, revision: 1 });
    expect(await fetchKind('?asOf=2031-05-03T09:59:59Z')).toMatchObject({ kind: 'meeting' });
    expect(await fetchKind('?asOf=2031-05-03T11:30:00%2B02:00')).toMatchObject({ kind: 'meeting' });
    expect(await fetchKind('?asOf=2031-05-03T12:00:00%2B02:00')).toMatchObject({ kind: 'summit' });
    const list = await get(app, '/v1/events?asOf=1&kind=meeting&count=true');
    expect(list.body).toMatchObject({ meta: { revision: 1, total: 2 } });
    expect((await get(app, '/v1/events?asOf=2&kind=meeting&count=true')).body.meta.total).toBe(1);
  });

  it('does not change the version of unchanged facts', async () => {
    await importInto(store, buildEventDossier([{ id: 'a', kind: 'summit' }, { id: 'b' }]));
    expect((await get(app, '/v1/events/b')).body).toMatchObject({ version: 1, revision: 1 });
  });
});

describe('an empty database', () => {
  it('returns empty lists at revision 0', async () => {
    const empty = await createApp(await createStore());
    const { status, body } = await get(empty, '/v1/events?count=true');
    expect([status, body.data, body.meta]).toEqual([
      200,
      [],
      { revision: 0, limit: 50, nextCursor: null, total: 0 },
    ]);
    expect((await get(empty, '/v1/events?asOf=1')).status).toBe(400);
    expect((await get(empty, '/readyz')).body).toEqual({ status: 'ready', revision: 0 });
  });
});
