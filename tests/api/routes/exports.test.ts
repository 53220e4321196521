/** Behavior that all export formats share: one revision, detectable truncation and bounded memory. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { redactDocument } from '../../../src/store/import/redact.ts';
import type { Store } from '../../../src/store/open.ts';
import {
  createApp,
  createSeededApp,
  createStore,
  get,
  getIds,
  importInto,
  type Json,
  STORE_KIND,
} from '../../support/app.ts';
import { buildEventDossier } from '../../support/dossier-builder.ts';

const parseNdjson = (body: string): Json[] =>
  body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const buildLargeDossier = (count: number, fields: object = {}) =>
  buildEventDossier(
    Array.from({ length: count }, (_, n) => ({
      id: `m-${String(n).padStart(4, '0')}`,
      kind: n % 2 ? 'summit' : 'meeting',
      ...structuredClone(fields),
    })),
  );

describe('an export', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await createSeededApp();
  });

  it('has the same items as the list', async () => {
    for (const query of ['', '?kind=war', '?sort=-startDate', '?q=zelensky&sort=label', '?from=2022-03-24']) {
      const { body } = await get(app, `/v1/events.ndjson${query}`);
      expect(parseNdjson(body), query).toEqual((await get(app, `/v1/events${query}`)).body.data);
    }
  });

  it('rejects pagination parameters, and validates the others like the list', async () => {
    for (const query of [
      'limit=5',
      'cursor=abc',
      'count=true',
      'kynd=war',
      'status=nonsense',
      'asOf=99',
      'bom=2',
      'sort=nothing',
    ]) {
      const { status, headers, body } = await get(app, `/v1/events.csv?${query}`);
      expect([query, status, headers['content-type']]).toEqual([
        query,
        400,
        'application/problem+json; charset=utf-8',
      ]);
      expect(body.errors[0].parameter).toBe(query.split('=')[0]);
    }
  });

  it('has headers for revision, file name, caching and CORS', async () => {
    const { headers } = await get(app, '/v1/events.csv');
    expect(headers).toMatchObject({
      'summit-facts-revision': '1',
      'content-disposition': 'inline; filename="events.csv"',
      'cache-control': 'public, no-cache',
      'access-control-allow-origin': '*',
    });
    const snapshot = await get(app, '/v1/events.csv?asOf=1');
    expect(snapshot.headers['cache-control']).toContain('immutable');
    const notModified = await get(app, '/v1/events.csv', { 'if-none-match': headers['etag'] as string });
    expect([notModified.status, notModified.body]).toEqual([304, '']);
    const other = await get(app, '/v1/events.ndjson', { 'if-none-match': headers['etag'] as string });
    expect(other.status).toBe(200);
  });

  it('has a different ETag for a different public URL', async () => {
    const elsewhere = await createSeededApp({ publicUrl: 'https://elsewhere.example.org' });
    const etags = [app, elsewhere].map(async (each) => (await get(each, '/v1/events.csv')).headers['etag']);
    expect(new Set(await Promise.all(etags)).size).toBe(2);
  });

  it('has no body for HEAD', async () => {
    const plain = await get(app, '/v1/events.csv');
    const head = await app.inject({ method: 'HEAD', url: '/v1/events.csv' });
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', undefined]);
    expect(head.headers['etag']).toBe(plain.headers['etag']);
    expect(head.headers['content-type']).toBe(plain.headers['content-type']);
    const invalidResponse = await app.inject({ method: 'HEAD', url: '/v1/events.csv?kind=' });
    expect(invalidResponse.statusCode).toBe(400);
  });
});

describe('an export of many pages', () => {
  let store: Store;
  beforeAll(async () => {
    store = await createStore();
    await importInto(store, buildLargeDossier(600));
  });

  /** Wraps the store: `beforeRead` runs before each read with the number of reads so far. */
  const createWatchedStore = (beforeRead: (reads: number) => Promise<unknown>): Store => {
    let reads = 0;
    return {
      ...store,
      read: async (work) => {
        await beforeRead(reads);
        reads += 1;
        return store.read(work);
      },
    };
  };

  it('is complete, ordered and of one revision during imports', async () => {
    const busy = await createApp(
      createWatchedStore(async (reads) => {
        if (reads === 2) await importInto(store, buildLargeDossier(600, { status: 'postponed' }));
      }),
    );
    const { body, headers } = await get(busy, '/v1/events.ndjson');
    const facts = parseNdjson(body);
    expect(headers['summit-facts-revision']).toBe('1');
    expect(facts.length).toBe(600);
    expect(new Set(facts.map(({ id }) => id)).size).toBe(600);
    expect(new Set(facts.map(({ status, revision }) => `${status} ${revision}`))).toEqual(
      new Set(['held 1']),
    );
    const app = await createApp(store);
    const now = parseNdjson((await get(app, '/v1/events.ndjson')).body);
    expect(new Set(now.map(({ status }) => status))).toEqual(new Set(['postponed']));
    expect(parseNdjson((await get(app, '/v1/events.ndjson?asOf=1')).body)).toEqual(facts);
    const summits = parseNdjson((await get(app, '/v1/events.ndjson?kind=summit&sort=-label')).body);
    expect(summits.length).toBe(300);
    expect(summits.map(({ id }) => id).slice(0, 200)).toEqual(
      await getIds(app, '/v1/events?kind=summit&sort=-label&limit=200'),
    );
  });

  it('returns a problem if the store fails before the first byte', async () => {
    const failing = await createApp(
      createWatchedStore(async () => {
        throw new Error('the store is gone');
      }),
    );
    const { status, body } = await get(failing, '/v1/events.csv');
    expect([status, body.code]).toEqual([500, 'internal-error']);
  });

  const createFailingStore = () =>
    createWatchedStore(async (reads) => {
      if (reads === 2) throw new Error('the store is gone');
    });

  it.each([
    'identity',
    'gzip',
    'br',
  ])('breaks the connection if the store fails later (%s)', async (encoding) => {
    const url = await (await createApp(createFailingStore())).listen({ host: '127.0.0.1', port: 0 });
    // A compressed response may break before its first chunk is full.
    const body = fetch(`${url}/v1/events.csv`, { headers: { 'accept-encoding': encoding } }).then(
      (response) => {
        expect(response.status).toBe(200);
        return response.text();
      },
    );
    await expect(body).rejects.toThrow(/terminated|fetch failed/);
  });

  it('resets an HTTP/1.0 connection if the store fails', async () => {
    const app = await createApp(createFailingStore());
    await app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((app.server.address() as { port: number }).port, '127.0.0.1');
    socket.write('GET /v1/events.csv HTTP/1.0\r\nHost: localhost\r\n\r\n');
    let received = '';
    socket.on('data', (chunk) => {
      received += String(chunk);
    });
    const [error] = await once(socket, 'close').then(
      () => ['closed as if it were whole'],
      (reason: NodeJS.ErrnoException) => [reason.code],
    );
    expect(error).toBe('ECONNRESET');
    expect(received).not.toMatch(/transfer-encoding/i);
  });

  it('breaks the connection if a text is redacted during the export', async () => {
    const ownStore = await createStore();
    await importInto(ownStore, buildLargeDossier(600));
    let reads = 0;
    const app = await createApp({
      ...ownStore,
      read: async (work) => {
        reads += 1;
        if (reads === 3)
          await redactDocument(ownStore, 'meetings-2031', { author: 'a tester', reason: 'a court' });
        return ownStore.read(work);
      },
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${url}/v1/events.ndjson`);
    await expect(response.text()).rejects.toThrow();
    const after = await (await fetch(`${url}/v1/events.ndjson`)).text();
    expect(parseNdjson(after).length).toBe(600);
  });

  // The test is about the network and needs to run on one database only.
  it.runIf(STORE_KIND === 'sqlite')('reads no faster than the client receives', async () => {
    const ownStore = await createStore();
    // Two pages are larger than the buffers at both ends of a connection.
    await importInto(
      ownStore,
      buildLargeDossier(600, { agenda: ['a', 'b', 'c'].map((letter) => letter.repeat(15_000)) }),
    );
    let reads = 0;
    const app = await createApp({
      ...ownStore,
      read: (work) => {
        reads += 1;
        return ownStore.read(work);
      },
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((app.server.address() as { port: number }).port, '127.0.0.1');
    socket.write('GET /v1/events.ndjson HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    await sleep(1_500);
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThan(3);
    let received = '';
    for await (const chunk of socket) received += String(chunk);
    expect(reads).toBe(3);
    expect(received.match(/"type":"event"/g)?.length).toBeGreaterThanOrEqual(600);
    expect(received.endsWith('\r\n0\r\n\r\n')).toBe(true);
  });
});
