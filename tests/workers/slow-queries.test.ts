import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { openStore, openStoreForSlowQueries, type Store } from '../../src/store/open.ts';
import { countFacts } from '../../src/store/queries/list.ts';
import { planList } from '../../src/store/queries/list-plan.ts';
import { createInProcessRunner } from '../../src/workers/in-process-runner.ts';
import type { SlowQueryRunner } from '../../src/workers/slow-query-runner.ts';
import { createThreadRunner } from '../../src/workers/thread-runner.ts';
import {
  closeAfterTests,
  createApp,
  createSeededStore,
  createSqliteStoreUrl,
  get,
  importInto,
  type Json,
  type TestResponse,
} from '../support/app.ts';
import { onTestFileEnd } from '../support/cleanup.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';

/** Queries that may scan the entire store. */
const SLOW_URLS = [
  '/v1/statements/facets?by=speaker,mode&limit=3',
  '/v1/statements/facets.csv?by=speaker',
  '/v1/events?count=true&limit=2',
  '/v1/statements.csv',
  '/v1/statements.ndjson?sort=-id',
  '/v1/events.ics',
  '/v1/battle-group-deployments.geojson',
  '/v1/statements?q=nato&mode=direct&sort=-reportedOn',
  '/v1/events?sort=name&status=held&kind=meeting',
  '/v1/events/facets?by=kind&asOf=1',
  '/v1/search?q=the',
  '/v1/changes?type=event&limit=3',
  '/v1/changes.atom?fact=organization/nato',
  '/v1/statements.jsonld?q=nato',
];

/** Removes the parts of a response that differ in every response. */
function removeVolatile({ status, headers, body }: TestResponse) {
  const { date: _, 'x-request-id': __, connection: ___, 'transfer-encoding': ____, ...rest } = headers;
  return { status, headers: rest, body: body?.requestId ? { ...body, requestId: '' } : body };
}

const closeAtEnd = (runner: SlowQueryRunner): SlowQueryRunner => {
  onTestFileEnd(() => runner.close());
  return runner;
};

describe('slow queries to SQLite', () => {
  let databaseUrl: string;
  let store: Store;
  let plain: FastifyInstance;
  let threaded: FastifyInstance;
  const createRunner = (options: { maxPending?: number; timeoutMs?: number } = {}) =>
    closeAtEnd(
      createThreadRunner({
        config: {
          databaseUrl,
          postgres: { poolSize: 1, statementTimeoutMs: options.timeoutMs ?? 60_000 },
        },
        minVersionCount: 0,
        ...(options.maxPending !== undefined && { maxPendingQueries: options.maxPending }),
      }),
    );

  beforeAll(async () => {
    databaseUrl = createSqliteStoreUrl();
    store = closeAfterTests(await openStore(databaseUrl));
    await seed(store, DOSSIERS_FOLDER);
    plain = await createApp(store);
    threaded = await createApp(store, { slowQueryRunner: createRunner(), cacheMaxBytes: 0 });
  });

  it.each(SLOW_URLS)('return the same response from a worker thread: %s', async (path) => {
    const expected = await get(plain, path);
    expect(expected.status).toBe(200);
    expect(removeVolatile(await get(threaded, path))).toEqual(removeVolatile(expected));
    const named = { 'if-none-match': String(expected.headers['etag']) };
    expect(removeVolatile(await get(threaded, path, named))).toEqual(
      removeVolatile(await get(plain, path, named)),
    );
    const [threadedHead, plainHead] = await Promise.all(
      [threaded, plain].map((app) => app.inject({ method: 'HEAD', url: path })),
    );
    expect([threadedHead?.statusCode, threadedHead?.headers['content-length']]).toEqual([
      plainHead?.statusCode,
      plainHead?.headers['content-length'],
    ]);
  });

  it('return the same errors from a worker thread', async () => {
    for (const path of ['/v1/events?count=true&asOf=99', '/v1/events.csv?from=2022-02-02&to=2022-01-01']) {
      expect(removeVolatile(await get(threaded, path))).toEqual(removeVolatile(await get(plain, path)));
    }
    const problem = await get(threaded, '/v1/events/facets?by=kind&asOf=99', { 'x-request-id': 'mine' });
    expect([problem.status, problem.body.requestId, problem.headers['x-request-id']]).toEqual([
      400,
      'mine',
      'mine',
    ]);
  });

  it('are cached like other responses', async () => {
    const cachingApp = await createApp(store, { slowQueryRunner: createRunner() });
    const [path] = SLOW_URLS as [string];
    const first = await get(cachingApp, path);
    expect(removeVolatile(await get(cachingApp, path))).toEqual(removeVolatile(first));
    expect((await get(cachingApp, '/metrics')).body).toMatch(
      /^answer_cache_requests_total\{result="hit"\} 1$/m,
    );
  });

  it('see an import that has just finished', async () => {
    await importInto(store, buildEventDossier([{ id: 'late' }], 'late-news'));
    const { body } = await get(threaded, '/v1/events?count=true&ids=late');
    expect(body.meta.total).toBe(1);
    expect(body.meta.revision).toBe(2);
  });

  it('are rejected immediately if too many are waiting', async () => {
    const busy = await createApp(store, {
      slowQueryRunner: createRunner({ maxPending: 1 }),
      cacheMaxBytes: 0,
    });
    const responses = await Promise.all(
      [1, 2, 3].map((limit) => get(busy, `/v1/statements/facets?by=speaker&limit=${limit}`)),
    );
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 503, 503]);
    const rejectedResponse = responses.find(({ status }) => status === 503);
    expect([rejectedResponse?.body.code, rejectedResponse?.headers['retry-after']]).toEqual([
      'too-busy',
      '2',
    ]);
    expect((await get(busy, '/v1/statements/facets?by=speaker')).status).toBe(200);
  });

  it('stop when the client disconnects, and leave the thread to the next query', async () => {
    const server = await createApp(store, {
      slowQueryRunner: createRunner({ maxPending: 2 }),
      cacheMaxBytes: 0,
    });
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    const controller = new AbortController();
    const aborted = [1, 2].map((limit) =>
      fetch(`${address}/v1/statements/facets?by=speaker&limit=${limit}`, { signal: controller.signal }).catch(
        ({ name }) => name,
      ),
    );
    // Given to the runner before the connection closes.
    await sleep(20);
    controller.abort();
    expect(await Promise.all(aborted)).toEqual(['AbortError', 'AbortError']);
    const deadline = Date.now() + 20_000;
    let status = 0;
    while (status !== 200 && Date.now() < deadline) {
      ({ status } = await fetch(`${address}/v1/statements/facets?by=speaker&limit=3`));
      if (status !== 200) await sleep(20);
    }
    expect(status).toBe(200);
  });

  it('reject an export that starts after the newest revision, whatever the client has', async () => {
    for (const headers of [{}, { 'if-none-match': '*' }]) {
      const { status, body } = await get(
        threaded,
        '/v1/changes.atom?after=999',
        headers as Record<string, string>,
      );
      expect([status, body.errors[0].parameter]).toEqual([400, 'after']);
    }
  });

  it('return 503 if a text was redacted after the query was planned', async () => {
    const runner = createRunner();
    const snapshot = { revision: 1, latestRevision: 1, latestRecordedAt: null, recordedAt: null } as const;
    const task = {
      name: 'countFacets',
      input: { type: 'event', filters: [], includeRetracted: false, by: ['kind'], limit: 2 },
      snapshot: { ...snapshot, immutable: true, lastModifiedIsReliable: true, redaction: 7 },
    };
    const run = () => runner.runQuery(task, async () => null, new AbortController().signal);
    await expect(run()).rejects.toMatchObject({ code: 'not-ready', status: 503 });
  });

  it('are rejected after the server has closed', async () => {
    const runner = createRunner();
    const task = { name: 'countFacets', input: {}, snapshot: {} as never };
    const running = runner.runQuery(task, async () => null, new AbortController().signal);
    const outcome = expect(running).rejects.toThrow();
    await runner.close();
    await outcome;
    await expect(runner.runQuery(task, async () => null, new AbortController().signal)).rejects.toMatchObject(
      {
        status: 503,
      },
    );
  });

  it('time out', async () => {
    const timingOut = await createApp(store, {
      slowQueryRunner: createRunner({ timeoutMs: 1 }),
      cacheMaxBytes: 0,
    });
    const { status, body, headers } = await get(timingOut, '/v1/statements/facets?by=speaker');
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'not-ready', '2']);
  });

  it('stop inside SQLite when no client waits for them any more', async () => {
    const slowQueryStore = await openStoreForSlowQueries(databaseUrl);
    onTestFileEnd(() => slowQueryStore.close());
    const query = { type: 'statement', revision: 1, filters: [], includeRetracted: false };
    const count = () => slowQueryStore.read((db) => countFacts(db, query));
    // Only rows whose number is a multiple of 256 check the deadline, so the query must read one of them.
    const many = Array.from({ length: 300 }, (_, n) => ({ id: `meeting-${n}` }));
    await importInto(store, buildEventDossier(many, 'many-meetings'));
    const events = () =>
      slowQueryStore.read((db) => countFacts(db, { ...query, type: 'event', revision: 3 }));
    slowQueryStore.setDeadline(null, new Int32Array(1));
    expect(await events()).toBeGreaterThan(300);
    slowQueryStore.setDeadline(Date.now() - 1, new Int32Array(1));
    await expect(events()).rejects.toThrow('timed out');
    slowQueryStore.setDeadline(null, new Int32Array([1]));
    await expect(events()).rejects.toThrow('timed out');
    slowQueryStore.setDeadline(null, new Int32Array(1));
    expect(await count()).toBeGreaterThan(0);
    await expect(slowQueryStore.write(async () => {})).rejects.toThrow('read-only');
  });

  it('release their slot when the client disconnects during an export, which is no error', async () => {
    const many = Array.from({ length: 2_000 }, (_, n) => ({ id: `gathering-${n}` }));
    await importInto(store, buildEventDossier(many, 'many-gatherings'));
    const loggedErrors: unknown[] = [];
    const options = { slowQueryRunner: createRunner(), cacheMaxBytes: 0 };
    const server = await createApp(store, options, (instance) => {
      instance.addHook('onRequest', async ({ log }) => {
        log.error = (...error: unknown[]) => void loggedErrors.push(error);
      });
    });
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    const deadline = Date.now() + 50_000;
    // Repeated until it succeeds: a slot is released a moment after the client disconnects.
    const fetchExport = async (encoding: string, signal: AbortSignal | null = null): Promise<Response> => {
      const headers = { 'accept-encoding': encoding };
      const response = await fetch(`${address}/v1/events.ndjson`, { headers, signal });
      if (response.status === 200) return response;
      expect([response.status, ((await response.json()) as Json).code]).toEqual([503, 'too-busy']);
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(20);
      return fetchExport(encoding, signal);
    };
    for (let n = 0; n < 40; n += 1) {
      const abort = new AbortController();
      const response = await fetchExport(n % 2 ? 'gzip' : 'identity', abort.signal);
      expect(response.headers.get('content-encoding')).toBe(n % 2 ? 'gzip' : null);
      await response.body?.getReader().read();
      abort.abort();
    }
    const fullBody = await (await fetchExport('gzip')).text();
    expect(fullBody.split('\n').length).toBeGreaterThan(2_000);
    expect(loggedErrors).toEqual([]);
  });

  it('are recognized before they run', async () => {
    const plan = (conditions: Parameters<typeof planList>[1]['filters'], field = 'id') =>
      store.read((db) =>
        planList(db, {
          type: 'event',
          revision: 4,
          filters: conditions,
          sort: { field },
        }),
      );
    const kind = { kind: 'terms' as const, anyOf: [{ field: 'kind', value: 'meeting', refType: null }] };
    const status = { kind: 'terms' as const, anyOf: [{ field: 'status', value: 'held', refType: null }] };
    expect(await plan([])).toMatchObject({ cost: 'lookup' });
    expect(await plan([kind])).toMatchObject({ cost: 'lookup', indexTerm: { field: 'kind' } });
    expect(await plan([kind, status])).toMatchObject({ cost: 'scan' });
    expect(await plan([kind], 'startDate')).toMatchObject({ cost: 'scan' });
    expect(await plan([kind, { kind: 'ids', ids: ['late'] }])).toMatchObject({
      cost: 'lookup',
      selectiveFilter: { kind: 'ids' },
    });
  });
});

describe('slow queries to a store that runs several at a time', () => {
  it('wait for a permit, and leave connections to other requests', async () => {
    const runner = createInProcessRunner({ concurrency: 2, waitTimeoutMs: 60_000, minVersionCount: 0 });
    let running = 0;
    let maxRunning = 0;
    const runOne = () =>
      runner.runQuery(
        {} as never,
        async () => {
          running += 1;
          maxRunning = Math.max(maxRunning, running);
          await sleep(1);
          running -= 1;
          return 'result';
        },
        new AbortController().signal,
      );
    const results = await Promise.allSettled(Array.from({ length: 40 }, runOne));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(34);
    const rejectedResult = results.find((each) => each.status === 'rejected');
    expect(rejectedResult?.reason).toMatchObject({ code: 'too-busy', status: 503 });
    expect(maxRunning).toBe(2);
    expect(await runOne()).toBe('result');
  });

  it('return the same responses as without a runner', async () => {
    const store = await createSeededStore();
    const [plain, queued] = await Promise.all([
      createApp(store),
      createApp(store, {
        slowQueryRunner: createInProcessRunner({ concurrency: 1, waitTimeoutMs: 60_000, minVersionCount: 0 }),
      }),
    ]);
    for (const path of SLOW_URLS) {
      expect(removeVolatile(await get(queued, path))).toEqual(removeVolatile(await get(plain, path)));
    }
  });
});
