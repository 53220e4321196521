import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../../src/store/open.ts';
import {
  type Answer,
  appOn,
  emptyStore,
  get,
  importInto,
  kept,
  newStoreUrl,
  STORE,
  seededStore,
} from '../../support/app.ts';
import { dossierOfEvents } from '../../support/dossier-builder.ts';
import { put, writerOf } from '../../support/dossier-client.ts';

/** How many answers were there already, and how many were made. */
async function counts(app: FastifyInstance): Promise<{ hit: number; miss: number; bytes: number }> {
  const { body } = await get(app, '/metrics');
  const of = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
  return {
    hit: of('answer_cache_requests_total\\{result="hit"\\}'),
    miss: of('answer_cache_requests_total\\{result="miss"\\}'),
    bytes: of('answer_cache_bytes'),
  };
}

/** An answer without what no two answers have in common. */
function settled({ status, headers, body }: Answer) {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return { status, headers: rest, body: body?.requestId ? { ...body, requestId: '' } : body };
}

describe('an answer that was kept', () => {
  let store: Store;
  let plain: FastifyInstance;
  beforeAll(async () => {
    store = await seededStore();
    plain = await appOn(store, { cacheMaxBytes: 0 });
  });

  it('is the same, header by header, as one that is made: for every operation', async () => {
    const app = await appOn(store);
    const examples = [...app.operations.values()].flatMap(({ example }) =>
      typeof example === 'string' && !example.startsWith('/v1/exports') ? [example] : [],
    );
    expect(examples.length).toBeGreaterThan(60);
    let hits = 0;
    for (const url of examples) {
      const made = settled(await get(plain, url));
      const first = settled(await get(app, url));
      const before = await counts(app);
      const second = settled(await get(app, url));
      expect([url, first]).toEqual([url, made]);
      expect([url, second]).toEqual([url, made]);
      hits += (await counts(app)).hit - before.hit;
    }
    // All but what is streamed, of the server itself, or depends on a key.
    expect(hits).toBeGreaterThan(60);
  });

  it('gives the same 304, and the same HEAD', async () => {
    const app = await appOn(store);
    const url = '/v1/statements?limit=3';
    const { headers } = await get(app, url);
    const named = { 'if-none-match': `W/"other", ${headers['etag']}` };
    expect(settled(await get(app, url, named))).toEqual(settled(await get(plain, url, named)));
    expect((await get(app, url, { 'if-none-match': '"other"' })).status).toBe(200);
    const [kept, made] = await Promise.all([app, plain].map((each) => each.inject({ method: 'HEAD', url })));
    expect(kept?.headers['content-length']).toBe(made?.headers['content-length']);
    expect(kept?.body).toBe('');
    expect((await counts(app)).hit).toBe(3);
  });

  it('leaves to the ordinary way what takes more care', async () => {
    const app = await appOn(store);
    const url = '/v1/events?limit=3';
    await get(app, url);
    const asked: Record<string, string>[] = [
      { 'if-none-match': '*' },
      { 'if-modified-since': new Date().toUTCString() },
      { accept: 'text/csv' },
      { authorization: 'Bearer nobody' },
    ];
    for (const headers of asked) {
      expect([headers, settled(await get(app, url, headers))]).toEqual([
        headers,
        settled(await get(plain, url, headers)),
      ]);
    }
    expect((await counts(app)).hit).toBe(0);
  });

  it('is found whatever is accepted beside JSON, and however its parameters stand', async () => {
    const app = await appOn(store);
    const accept = 'application/json, text/plain, */*';
    const first = await get(app, '/v1/events?status=held&limit=3', { accept });
    for (const url of ['/v1/events?limit=3&status=held', '/v1/events?status=held&limit=3']) {
      const again = await get(app, url, { accept });
      expect(again.headers['etag']).toBe(first.headers['etag']);
      expect(again.body).toEqual(first.body);
    }
    expect(await counts(app)).toMatchObject({ hit: 1, miss: 2 });
    await get(app, '/v1/events?limit=3&status=held', { accept });
    expect((await counts(app)).hit).toBe(2);
  });

  it('is not given to a request that must be refused', async () => {
    const app = await appOn(store);
    await app.listen({ host: '127.0.0.1', port: 0 });
    await get(app, '/v1/events?limit=3');
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.end('GET /v1/events?limit=3 HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('counts against the rate limit', async () => {
    const app = await appOn(store, { rateLimitPerMinute: 3 });
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

  it('takes no more memory than it may, and none if it may not', async () => {
    const cacheMaxBytes = 400_000;
    const app = await appOn(store, { cacheMaxBytes });
    for (let limit = 1; limit <= 100; limit += 1) await get(app, `/v1/statements?limit=${limit}`);
    const { bytes } = await counts(app);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(cacheMaxBytes / 2);
    for (let n = 0; n < 2; n += 1) await get(plain, '/v1/statements?limit=3');
    expect(await counts(plain)).toMatchObject({ hit: 0, bytes: 0 });
  });
});

describe('a new revision', () => {
  let store: Store;
  /** Null where no other process reaches the store. */
  let url: string | null;
  let app: FastifyInstance;
  const revisionOf = async (of = app) => (await get(of, '/v1/events?limit=5')).body.meta.revision;

  beforeEach(async () => {
    url = STORE === 'pglite' ? null : newStoreUrl();
    store = url === null ? await emptyStore() : kept(await openStore(url));
    app = await appOn(store);
    await importInto(store, dossierOfEvents([{ id: 'a' }, { id: 'b' }]));
    for (let n = 0; n < 2; n += 1) await revisionOf();
  });

  it('is seen at once by the process that writes it', async () => {
    expect((await counts(app)).hit).toBe(1);
    await importInto(store, dossierOfEvents([{ id: 'a' }, { id: 'b', kind: 'summit' }]));
    expect(await revisionOf()).toBe(2);
    const server = await app.listen({ host: '127.0.0.1', port: 0 });
    expect(await revisionOf()).toBe(2);
    await put(server, await writerOf(store), dossierOfEvents([{ id: 'c' }], 'others'));
    expect(await revisionOf()).toBe(3);
  });

  it('is seen soon when another process writes it', async () => {
    if (url === null) return;
    const other = kept(await openStore(url));
    await importInto(other, dossierOfEvents([{ id: 'a' }, { id: 'b', kind: 'summit' }]));
    const deadline = Date.now() + 5_000;
    while ((await revisionOf()) !== 2) expect(Date.now()).toBeLessThan(deadline);
  });

  it('shows what facts are called by then', async () => {
    const named = async () => (await get(app, '/v1/events/a')).body.name;
    expect(await named()).toBe('Meeting a');
    await importInto(store, dossierOfEvents([{ id: 'a', name: 'Meeting a' }, { id: 'b' }, { id: 'c' }]));
    expect(await named()).toBe('Meeting a');
    const list = await get(app, '/v1/events?limit=5');
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual(['a', 'b', 'c']);
  });
});
