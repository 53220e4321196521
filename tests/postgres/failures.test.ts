/** Failures of PostgreSQL: a slow, full or stopped server causes 503, and requests succeed afterwards. */
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { query } from '../../src/store/database.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { closeAfterTests, createApp, get, importInto } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-cluster.ts';

let postgresServer: PostgresServer;
let store: Store;
let app: FastifyInstance;
beforeAll(async () => {
  postgresServer = await startPostgres();
  store = closeAfterTests(await openStore(postgresServer.url, { poolSize: 3, statementTimeoutMs: 400 }));
  await seed(store, DOSSIERS_FOLDER);
  app = await createApp(store);
});
afterAll(() => postgresServer.remove());

const UNAVAILABLE_RESPONSE = { status: 503, headers: { 'retry-after': '2' }, body: { code: 'not-ready' } };

/** Locks the table of facts against reads while `work` runs. */
async function whileFactsLocked(work: () => Promise<void>): Promise<void> {
  const other = await openStore(postgresServer.url);
  try {
    await other.write(async (db) => {
      await sql`lock table fact in access exclusive mode`.execute(db);
      await work();
    });
  } finally {
    await other.close();
  }
}

describe('a slow server', () => {
  it('causes a 503 after the statement timeout', async () => {
    await whileFactsLocked(async () => {
      const response = await get(app, '/v1/events');
      expect(response).toMatchObject(UNAVAILABLE_RESPONSE);
      expect(response.body.detail).toBe('The query timed out');
    });
    expect((await get(app, '/v1/events')).status).toBe(200);
  });

  it('has at most the connections of the pool, and one for writes', async () => {
    const connections = async () => {
      const clients = sql<{ n: number }>`select count(*)::integer as n from pg_stat_activity
        where backend_type = 'client backend'`;
      const [counted] = await store.read((db) => query(db, clients));
      return counted?.n;
    };
    const responses = await Promise.all(
      Array.from({ length: 60 }, (_, n) => get(app, `/v1/statements?limit=${1 + n}&count=true`)),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await connections()).toBeLessThanOrEqual(4);
  });

  it('causes a 503 if no connection of the pool becomes free in time', async () => {
    const patientStore = closeAfterTests(
      await openStore(postgresServer.url, { poolSize: 1, statementTimeoutMs: 20_000 }),
    );
    const patientApp = await createApp(patientStore);
    let first: Promise<unknown> | undefined;
    await whileFactsLocked(async () => {
      first = get(patientApp, '/v1/events');
      expect(await get(patientApp, '/v1/people')).toMatchObject(UNAVAILABLE_RESPONSE);
    });
    expect(await first).toMatchObject({ status: 200 });
    expect((await get(patientApp, '/v1/people')).status).toBe(200);
  });

  it('does not delay the liveness probe', async () => {
    await whileFactsLocked(async () => expect((await get(app, '/healthz')).status).toBe(200));
  });
});

describe('a server that stops', () => {
  it('causes 503 until it is back, and the process survives', async () => {
    const patientDatabase = closeAfterTests(await openStore(postgresServer.url));
    const slowRead = patientDatabase.read((db) => query(db, sql`select pg_sleep(9)`));
    const slowWrite = patientDatabase.write((db) => sql`select pg_sleep(9)`.execute(db));
    const lost = Promise.allSettled([slowRead, slowWrite]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await postgresServer.stopImmediately();
    for (const { status, reason } of (await lost) as PromiseRejectedResult[]) {
      expect([status, String(reason)]).toEqual(['rejected', 'Error: The database does not respond']);
    }
    for (const url of ['/v1/events', '/v1/events/war-in-ukraine', '/v1/search?q=nato', '/readyz']) {
      const response = await get(app, url);
      expect(response, url).toMatchObject(UNAVAILABLE_RESPONSE);
      expect(JSON.stringify(response.body)).not.toMatch(/ECONN|127\.0|postgres/i);
    }
    expect((await get(app, '/healthz')).status).toBe(200);
    await postgresServer.start();
    expect((await get(app, '/v1/events')).status).toBe(200);
    expect((await get(app, '/readyz')).body).toEqual({ status: 'ready', revision: 1 });
  });

  it('rolls back an unfinished write completely', async () => {
    const writing = store.write(async (db) => {
      await db.insertInto('revision').values({ n: 2, recorded_at: '', author: '', note: '' }).execute();
      await postgresServer.stopImmediately();
      await db.deleteFrom('term').execute();
    });
    await expect(writing).rejects.toThrow('The database does not respond');
    await postgresServer.start();
    expect((await get(app, '/readyz')).body.revision).toBe(1);
    expect((await importInto(store, buildEventDossier([{ id: 'a' }]))).revision).toBe(2);
  });
});
