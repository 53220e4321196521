/** Exports that a thread writes: the same bytes as without one, however they are taken. */
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
import { createThreadPoolRunner } from '../../src/workers/request-pool.ts';
import { closeAfterTests, createApp, createSqliteStoreUrl } from '../support/app.ts';
import { onTestFileEnd } from '../support/cleanup.ts';

const PUBLIC_URL = 'https://facts.example.org';

let inProcessApp: FastifyInstance;
let threadedApp: FastifyInstance;
let url: string;

beforeAll(async () => {
  const databaseUrl = createSqliteStoreUrl();
  const store: Store = closeAfterTests(await openStore(databaseUrl));
  // More than a page of some types: their bodies come in several pieces.
  await importGeneratedArchive(store, { facts: 3_000, seed: 1 });
  lengthenStatements(databaseUrl.slice('file:'.length));
  inProcessApp = await createApp(store, { publicUrl: PUBLIC_URL });
  const scans = createThreadPoolRunner({
    config: { databaseUrl, logLevel: 'fatal', postgres: POSTGRES_DEFAULTS },
    minVersionCount: 1,
  });
  const config = {
    logLevel: 'fatal' as const,
    publicUrl: PUBLIC_URL,
    cacheMaxBytes: 0,
    rateLimitPerMinute: 0,
    trustProxy: [],
  };
  threadedApp = await buildApp({ store, slowQueryRunner: scans, config });
  onTestFileEnd(async () => {
    await threadedApp.close();
    await scans.close();
  });
  await threadedApp.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(threadedApp.server.address() as AddressInfo).port}`;
});

/** Makes statements so long that no connection takes all of them before somebody reads. */
function lengthenStatements(path: string): void {
  const database = new BetterSqlite3(path);
  const note = `',"inferences":[{"fields":[],"kind":"derived","note":"' || hex(randomblob(25000)) || '"},{'`;
  database.exec(`update fact set body = replace(body, ',"inferences":[{', ${note}) where type = 'statement'`);
  database.close();
}

/** Takes a body, with a pause after each piece. */
async function readSlowly(path: string, pauseMs: number): Promise<string> {
  const [response] = (await once(get(url + path, { agent: false }), 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  // Time for the connection to be filled.
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

describe('an export that a thread writes', () => {
  it.each(EXPORT_PATHS)('has the same bytes: %s', async (name) => {
    const { body } = await inProcessApp.inject(`/v1/${name}`);
    expect(await readSlowly(`/v1/${name}`, 0)).toBe(body);
  });

  it('has the same bytes for clients that are slow, and for many at a time', async () => {
    const { body } = await inProcessApp.inject('/v1/statements.ndjson');
    const paths = Array.from({ length: 4 }, (_, n) => readSlowly('/v1/statements.ndjson', n));
    // Compared by hand: a difference of 20 MB is not to be printed.
    for (const each of await Promise.all(paths)) expect(each === body).toBe(true);
  });
});
