import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../../src/store/open.ts';
import {
  closeAfterTests,
  createApp,
  createSeededStore,
  createStore,
  createStoreUrl,
  get,
  importInto,
  STORE_KIND,
  type TestResponse,
} from '../../support/app.ts';
import { buildEventDossier } from '../../support/dossier-builder.ts';
import { createWriteKey, putDossier } from '../../support/dossier-client.ts';

/** Reads the hits, misses and size of the cache from the metrics. */
async function readCacheMetrics(app: FastifyInstance): Promise<{ hit: number; miss: number; bytes: number }> {
  const { body } = await get(app, '/metrics');
  const getMetric = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
  return {
    hit: getMetric('answer_cache_requests_total\\{result="hit"\\}'),
    miss: getMetric('answer_cache_requests_total\\{result="miss"\\}'),
    bytes: getMetric('answer_cache_bytes'),
  };
}

/** Removes the parts of a response that differ for each request. */
function removeVolatile({ status, headers, body }: TestResponse) {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return { status, headers: rest, body: body?.requestId ? { ...body, requestId: '' } : body };
}

describe('a cached response', () => {
  let store: Store;
  let plain: FastifyInstance;
  beforeAll(async () => {
    store = await createSeededStore();
    plain = await createApp(store, { cacheMaxBytes: 0 });
  });

  it('equals an uncached one, header by header, for every operation', async () => {
    const app = await createApp(store);
    const examples = [...app.operations.values()].flatMap(({ example }) =>
      typeof example === 'string' && !example.startsWith('/v1/exports') ? [example] : [],
    );
    expect(examples.length).toBeGreaterThan(60);
    let hits = 0;
    for (const url of examples) {
      const uncached = removeVolatile(await get(plain, url));
      const first = removeVolatile(await get(app, url));
      const metricsBefore = await readCacheMetrics(app);
      const second = removeVolatile(await get(app, url));
      expect([url, first]).toEqual([url, uncached]);
      expect([url, second]).toEqual([url, uncached]);
      hits += (await readCacheMetrics(app)).hit - metricsBefore.hit;
    }
    // All except responses that are streamed, describe the server, or depend on a key.
    expect(hits).toBeGreaterThan(60);
  });

  it('serves the same 304 and the same HEAD', async () => {
    const app = await createApp(store);
    const url = '/v1/statements?limit=3';
    const { headers } = await get(app, url);
    const named = { 'if-none-match': `W/"other", ${headers['etag']}` };
    expect(removeVolatile(await get(app, url, named))).toEqual(removeVolatile(await get(plain, url, named)));
    expect((await get(app, url, { 'if-none-match': '"other"' })).status).toBe(200);
    const [kept, made] = await Promise.all([app, plain].map((each) => each.inject({ method: 'HEAD', url })));
    expect(kept?.headers['content-length']).toBe(made?.headers['content-length']);
    expect(kept?.body).toBe('');
    expect((await readCacheMetrics(app)).hit).toBe(3);
  });

  it('is not used for requests that need the handler', async () => {
    const app = await createApp(store);
    const url = '/v1/events?limit=3';
    await get(app, url);
    const headerSets: Record<string, string>[] = [
      { 'if-none-match': '*' },
      { 'if-modified-since': new Date().toUTCString() },
      { accept: 'text/csv' },
      { authorization: 'Bearer missing' },
    ];
    for (const headers of headerSets) {
      expect([headers, removeVolatile(await get(app, url, headers))]).toEqual([
        headers,
        removeVolatile(await get(plain, url, headers)),
      ]);
    }
    expect((await readCacheMetrics(app)).hit).toBe(0);
  });

  it('is found with other media types in Accept besides JSON, and parameters in another order', async () => {
    const app = await createApp(store);
    const accept = 'application/json, text/plain, */*';
    const first = await get(app, '/v1/events?status=held&limit=3', { accept });
    for (const url of ['/v1/events?limit=3&status=held', '/v1/events?status=held&limit=3']) {
      const cached = await get(app, url, { accept });
      expect(cached.headers['etag']).toBe(first.headers['etag']);
      expect(cached.body).toEqual(first.body);
    }
    expect(await readCacheMetrics(app)).toMatchObject({ hit: 1, miss: 2 });
    await get(app, '/v1/events?limit=3&status=held', { accept });
    expect((await readCacheMetrics(app)).hit).toBe(2);
  });

  it('is not sent to an invalid request', async () => {
    const app = await createApp(store);
    await app.listen({ host: '127.0.0.1', port: 0 });
    await get(app, '/v1/events?limit=3');
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.end('GET /v1/events?limit=3 HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('counts against the rate limit', async () => {
    const app = await createApp(store, { rateLimitPerMinute: 3 });
    const left: unknown[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { status, headers } = await get(app, '/v1/events?limit=3');
      left.push([status, headers['ratelimit-remaining']]);
      expect(headers['ratelimit']).toMatch(/^"default";r=\d+;t=\d+$/);
    }
    expect(left).toEqual([
      [200, '2'],
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ]);
  });

  it('stays within the memory limit, and is not stored if the limit is 0', async () => {
    const cacheMaxBytes = 400_000;
    const app = await createApp(store, { cacheMaxBytes });
    for (let limit = 1; limit <= 100; limit += 1) await get(app, `/v1/statements?limit=${limit}`);
    const { bytes } = await readCacheMetrics(app);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(cacheMaxBytes / 2);
    for (let n = 0; n < 2; n += 1) await get(plain, '/v1/statements?limit=3');
    expect(await readCacheMetrics(plain)).toMatchObject({ hit: 0, bytes: 0 });
  });
});

describe('a new revision', () => {
  let store: Store;
  /** Null if no other process can open the database. */
  let url: string | null;
  let app: FastifyInstance;
  const fetchRevision = async (targetApp = app) =>
    (await get(targetApp, '/v1/events?limit=5')).body.meta.revision;

  beforeEach(async () => {
    url = STORE_KIND === 'pglite' ? null : createStoreUrl();
    store = url === null ? await createStore() : closeAfterTests(await openStore(url));
    app = await createApp(store);
    await importInto(store, buildEventDossier([{ id: 'a' }, { id: 'b' }]));
    for (let n = 0; n < 2; n += 1) await fetchRevision();
  });

  it('is served immediately by the process that writes it', async () => {
    expect((await readCacheMetrics(app)).hit).toBe(1);
    await importInto(store, buildEventDossier([{ id: 'a' }, { id: 'b', kind: 'summit' }]));
    expect(await fetchRevision()).toBe(2);
    const server = await app.listen({ host: '127.0.0.1', port: 0 });
    expect(await fetchRevision()).toBe(2);
    await putDossier(server, await createWriteKey(store), buildEventDossier([{ id: 'c' }], 'others'));
    expect(await fetchRevision()).toBe(3);
  });

  it('is served soon after another process writes it', async () => {
    if (url === null) return;
    const other = closeAfterTests(await openStore(url));
    await importInto(other, buildEventDossier([{ id: 'a' }, { id: 'b', kind: 'summit' }]));
    const deadline = Date.now() + 5_000;
    while ((await fetchRevision()) !== 2) expect(Date.now()).toBeLessThan(deadline);
  });

  it('has the current names of facts', async () => {
    const named = async () => (await get(app, '/v1/events/a')).body.name;
    expect(await named()).toBe('Meeting a');
    await importInto(store, buildEventDossier([{ id: 'a', name: 'Meeting a' }, { id: 'b' }, { id: 'c' }]));
    expect(await named()).toBe('Meeting a');
    const list = await get(app, '/v1/events?limit=5');
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual(['a', 'b', 'c']);
  });
});
