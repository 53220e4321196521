import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { openStore, openStoreToScan, type Store } from '../../src/store/open.ts';
import { countFacts } from '../../src/store/queries/list.ts';
import { planFor } from '../../src/store/queries/list-plan.ts';
import { scansInThreads } from '../../src/workers/request-pool.ts';
import { scansByTurn } from '../../src/workers/semaphore-runner.ts';
import type { Scans } from '../../src/workers/slow-query.ts';
import {
  type Answer,
  appOn,
  get,
  importInto,
  type Json,
  kept,
  seededStore,
  sqliteStoreUrl,
} from '../support/app.ts';
import { atTheEnd } from '../support/cleanup.ts';
import { dossierOfEvents } from '../support/dossier-builder.ts';

/** Questions that may look through the whole store, whatever it holds. */
const LONG = [
  '/v1/statements/facets?by=speaker,mode&limit=3',
  '/v1/statements/facets.csv?by=speaker',
  '/v1/events?count=true&limit=2',
  '/v1/statements.csv',
  '/v1/statements.ndjson?sort=-id',
  '/v1/events.ics',
  '/v1/countries.geojson'.replace('countries', 'battle-group-deployments'),
];

/** An answer without what no two answers have in common. */
function settled({ status, headers, body }: Answer) {
  const { date: _, 'x-request-id': __, connection: ___, 'transfer-encoding': ____, ...rest } = headers;
  return { status, headers: rest, body: body?.requestId ? { ...body, requestId: '' } : body };
}

const kindly = (scans: Scans): Scans => {
  atTheEnd(() => scans.close());
  return scans;
};

describe('long questions to SQLite', () => {
  let url: string;
  let store: Store;
  let plain: FastifyInstance;
  let scanning: FastifyInstance;
  const threads = (options: { maxScans?: number; timeoutMs?: number } = {}) =>
    kindly(
      scansInThreads({
        config: {
          databaseUrl: url,
          logLevel: 'silent',
          postgres: { poolSize: 1, statementTimeoutMs: options.timeoutMs ?? 60_000 },
        },
        fromVersions: 0,
        ...(options.maxScans !== undefined && { maxScans: options.maxScans }),
      }),
    );

  beforeAll(async () => {
    url = sqliteStoreUrl();
    store = kept(await openStore(url));
    await seed(store, DOSSIERS_FOLDER);
    plain = await appOn(store);
    scanning = await appOn(store, { scans: threads(), cacheMaxBytes: 0 });
  });

  it.each(LONG)('are answered by a thread as they would be here: %s', async (question) => {
    const made = await get(plain, question);
    expect(made.status).toBe(200);
    expect(settled(await get(scanning, question))).toEqual(settled(made));
    const named = { 'if-none-match': String(made.headers['etag']) };
    expect(settled(await get(scanning, question, named))).toEqual(settled(await get(plain, question, named)));
    const [there, here] = await Promise.all(
      [scanning, plain].map((app) => app.inject({ method: 'HEAD', url: question })),
    );
    expect([there?.statusCode, there?.headers['content-length']]).toEqual([
      here?.statusCode,
      here?.headers['content-length'],
    ]);
  });

  it('are refused as they would be here', async () => {
    for (const question of [
      '/v1/events?count=true&asOf=99',
      '/v1/events.csv?from=2022-02-02&to=2022-01-01',
    ]) {
      expect(settled(await get(scanning, question))).toEqual(settled(await get(plain, question)));
    }
    const problem = await get(scanning, '/v1/events/facets?by=kind&asOf=99', { 'x-request-id': 'mine' });
    expect([problem.status, problem.body.requestId, problem.headers['x-request-id']]).toEqual([
      400,
      'mine',
      'mine',
    ]);
  });

  it('are kept like other answers', async () => {
    const keeping = await appOn(store, { scans: threads() });
    const [question] = LONG as [string];
    const first = await get(keeping, question);
    expect(settled(await get(keeping, question))).toEqual(settled(first));
    expect((await get(keeping, '/metrics')).body).toMatch(/^answer_cache_requests_total\{result="hit"\} 1$/m);
  });

  it('see what was imported just before', async () => {
    await importInto(store, dossierOfEvents([{ id: 'late' }], 'late-news'));
    const { body } = await get(scanning, '/v1/events?count=true&ids=late');
    expect(body.meta.total).toBe(1);
    expect(body.meta.revision).toBe(2);
  });

  it('are refused at once where too many wait', async () => {
    const busy = await appOn(store, { scans: threads({ maxScans: 1 }), cacheMaxBytes: 0 });
    const answers = await Promise.all(
      [1, 2, 3].map((limit) => get(busy, `/v1/statements/facets?by=speaker&limit=${limit}`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503, 503]);
    const refused = answers.find(({ status }) => status === 503);
    expect([refused?.body.code, refused?.headers['retry-after']]).toEqual(['too-busy', '2']);
    expect((await get(busy, '/v1/statements/facets?by=speaker')).status).toBe(200);
  });

  it('are given up after their time', async () => {
    const hasty = await appOn(store, { scans: threads({ timeoutMs: 1 }), cacheMaxBytes: 0 });
    const { status, body, headers } = await get(hasty, '/v1/statements/facets?by=speaker');
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'not-ready', '2']);
  });

  it('stop within the store when nobody waits for them any more', async () => {
    const scans = await openStoreToScan(url);
    atTheEnd(() => scans.close());
    const question = { type: 'statement', revision: 1, conditions: [], retracted: false };
    const count = () => scans.read((db) => countFacts(db, question));
    // A row whose number is a multiple of 256 has to come by, for anybody to look at the clock.
    const many = Array.from({ length: 300 }, (_, n) => ({ id: `meeting-${n}` }));
    await importInto(store, dossierOfEvents(many, 'many-meetings'));
    const events = () => scans.read((db) => countFacts(db, { ...question, type: 'event', revision: 3 }));
    scans.scanWhile(null, new Int32Array(1));
    expect(await events()).toBeGreaterThan(300);
    scans.scanWhile(Date.now() - 1, new Int32Array(1));
    await expect(events()).rejects.toThrow('too long');
    scans.scanWhile(null, new Int32Array([1]));
    await expect(events()).rejects.toThrow('too long');
    scans.scanWhile(null, new Int32Array(1));
    expect(await count()).toBeGreaterThan(0);
    await expect(scans.write(async () => {})).rejects.toThrow('only read');
  });

  it('give their place back when a client goes away in the middle of an export', async () => {
    const many = Array.from({ length: 2_000 }, (_, n) => ({ id: `gathering-${n}` }));
    await importInto(store, dossierOfEvents(many, 'many-gatherings'));
    const server = await appOn(store, { scans: threads(), cacheMaxBytes: 0 });
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    const deadline = Date.now() + 50_000;
    // As often as it takes: a place is given back a moment after the client has gone.
    const exported = async (signal: AbortSignal | null = null): Promise<Response> => {
      const response = await fetch(`${address}/v1/events.ndjson`, { signal });
      if (response.status === 200) return response;
      expect([response.status, ((await response.json()) as Json).code]).toEqual([503, 'too-busy']);
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(20);
      return exported(signal);
    };
    for (let n = 0; n < 40; n += 1) {
      const abort = new AbortController();
      const response = await exported(abort.signal);
      await response.body?.getReader().read();
      abort.abort();
    }
    const whole = await (await exported()).text();
    expect(whole.split('\n').length).toBeGreaterThan(2_000);
  });

  it('are recognized before they are asked', async () => {
    const plan = (conditions: Parameters<typeof planFor>[1]['conditions'], field = 'id') =>
      store.read((db) =>
        planFor(db, {
          type: 'event',
          revision: 4,
          conditions,
          sort: { field },
        }),
      );
    const kind = { kind: 'terms' as const, anyOf: [{ field: 'kind', value: 'meeting', refType: null }] };
    const status = { kind: 'terms' as const, anyOf: [{ field: 'status', value: 'held', refType: null }] };
    expect(await plan([])).toMatchObject({ scans: false });
    expect(await plan([kind])).toMatchObject({ scans: false, walked: { field: 'kind' } });
    expect(await plan([kind, status])).toMatchObject({ scans: true });
    expect(await plan([kind], 'startDate')).toMatchObject({ scans: true });
    expect(await plan([kind, { kind: 'ids', ids: ['late'] }])).toMatchObject({
      scans: false,
      rare: { kind: 'ids' },
    });
  });
});

describe('long questions where the store answers several at a time', () => {
  it('take turns, and leave the others their connections', async () => {
    const scans = scansByTurn(2, 0);
    let running = 0;
    let most = 0;
    const ask = () =>
      scans.answer({} as never, {} as never, async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(1);
        running -= 1;
        return 'answered';
      });
    const answers = await Promise.allSettled(Array.from({ length: 40 }, ask));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(34);
    const refused = answers.find((each) => each.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'too-busy', status: 503 });
    expect(most).toBe(2);
    expect(await ask()).toBe('answered');
  });

  it('are answered like any other', async () => {
    const store = await seededStore();
    const [plain, turning] = await Promise.all([appOn(store), appOn(store, { scans: scansByTurn(1, 0) })]);
    for (const question of LONG) {
      expect(settled(await get(turning, question))).toEqual(settled(await get(plain, question)));
    }
  });
});
