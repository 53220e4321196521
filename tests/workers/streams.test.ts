/** Exports streamed by a worker thread: the same bytes as without one, at any speed of the client. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { importGeneratedArchive } from '../../bench/import-fixtures.ts';
import { buildApp } from '../../src/app.ts';
import { openStore, POSTGRES_DEFAULTS, type Store } from '../../src/store/open.ts';
import { createThreadRunner } from '../../src/workers/thread-runner.ts';
import { closeAfterTests, createApp, createSqliteStoreUrl } from '../support/app.ts';
import { onTestFileEnd } from '../support/cleanup.ts';

const PUBLIC_URL = 'https://facts.example.org';

let inProcessApp: FastifyInstance;
let threadedApp: FastifyInstance;
let url: string;
let databasePath: string;

beforeAll(async () => {
  const databaseUrl = createSqliteStoreUrl();
  const store: Store = closeAfterTests(await openStore(databaseUrl));
  // Some types have more than one page, so that their bodies consist of several chunks.
  await importGeneratedArchive(store, { facts: 3_000, seed: 1 });
  databasePath = databaseUrl.slice('file:'.length);
  lengthenStatements(databasePath);
  inProcessApp = await createApp(store, { publicUrl: PUBLIC_URL });
  const runner = createThreadRunner({
    config: { databaseUrl, postgres: POSTGRES_DEFAULTS },
    minVersionCount: 1,
  });
  const config = {
    logLevel: 'fatal' as const,
    publicUrl: PUBLIC_URL,
    cacheMaxBytes: 0,
    rateLimitPerMinute: 0,
    trustProxy: [],
  };
  threadedApp = await buildApp({ store, slowQueryRunner: runner, config });
  onTestFileEnd(async () => {
    await threadedApp.close();
    await runner.close();
  });
  await threadedApp.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(threadedApp.server.address() as AddressInfo).port}`;
});

/** Makes statements so long that no connection can buffer all of them before the client reads. */
function lengthenStatements(path: string): void {
  const database = new BetterSqlite3(path);
  const note = `',"inferences":[{"fields":[],"kind":"derived","note":"' || hex(randomblob(25000)) || '"},{'`;
  database.exec(`update fact set body = replace(body, ',"inferences":[{', ${note}) where type = 'statement'`);
  database.close();
}

/** Reads a body with a pause after each chunk. */
async function readSlowly(path: string, pauseMs: number): Promise<string> {
  const [response] = (await once(get(url + path, { agent: false }), 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  // Gives the server time to fill the connection.
  if (pauseMs > 0) await pause(200);
  const pieces: Buffer[] = [];
  for await (const piece of response) {
    pieces.push(piece);
    if (pauseMs > 0) await pause(pauseMs);
  }
  return Buffer.concat(pieces).toString();
}

const EXPORT_PATHS = [
  'statements.ndjson',
  'statements.csv',
  'memberships.ndjson',
  'events.geojson',
  'countries.csv',
];

describe('an export streamed by a worker thread', () => {
  it.each(EXPORT_PATHS)('has the same bytes: %s', async (name) => {
    const { body } = await inProcessApp.inject(`/v1/${name}`);
    expect(await readSlowly(`/v1/${name}`, 0)).toBe(body);
  });

  it('has the same bytes for slow clients and for several at a time', async () => {
    const { body } = await inProcessApp.inject('/v1/statements.ndjson');
    const paths = Array.from({ length: 4 }, (_, n) => readSlowly('/v1/statements.ndjson', n));
    // Not toEqual, which would print a difference of 20 MB.
    for (const each of await Promise.all(paths)) expect(each === body).toBe(true);
  });

  it('breaks the connection if a later page fails', async () => {
    const database = new BetterSqlite3(databasePath);
    const figures = "type = 'figure' and rev_to = 2147483647";
    expect(database.prepare(`select count(*) from fact where ${figures}`).pluck().get()).toBeGreaterThan(200);
    database.exec(`update fact set body = substr(body, 1, length(body) - 9) || '"broken}'
      where ${figures} and id = (select max(id) from fact where ${figures})`);
    database.close();
    const request = get(`${url}/v1/figures.csv`, { agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    // The request emits the same error as the response.
    request.on('error', () => {});
    const readAll = async () => {
      for await (const _ of response);
      return 'complete';
    };
    const outcome = await readAll().catch(({ code }) => code);
    // The error may arrive before the first byte is sent.
    expect([
      [200, 'ECONNRESET'],
      [500, 'complete'],
    ]).toContainEqual([response.statusCode, outcome]);
    expect(await readSlowly('/v1/events.geojson', 0)).toBe(
      (await inProcessApp.inject('/v1/events.geojson')).body,
    );
  });

  it('releases its slot after HEAD', async () => {
    for (let n = 0; n < 20; n += 1) {
      const { status, headers } = await fetch(`${url}/v1/statements.ndjson`, { method: 'HEAD' });
      expect([status, headers.get('content-disposition')]).toEqual([
        200,
        'inline; filename="statements.ndjson"',
      ]);
    }
    const { status } = await fetch(`${url}/v1/countries.csv`);
    expect(status).toBe(200);
  });
});
