/** PgBouncer in transaction mode: every transaction may run on another connection than the previous one. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { query } from '../../src/store/database.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import {
  closeAfterTests,
  createApp,
  createStoreUrl,
  followPages,
  get,
  getIds,
  importInto,
  runAsSuperuser,
} from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';
import { findFreePort } from '../support/free-port.ts';
import { chownToPostgres } from '../support/postgres-cluster.ts';

const POOL_SIZE = 2;
const APPLICATION_NAME = 'behind-pgbouncer';
/** Creates the URL of a new store behind the pooler. */
let createUrlBehindPooler: () => string;
let url: string;
let store: Store;
let app: FastifyInstance;
let stop: () => void;

beforeAll(async () => {
  const { port: serverPort, pathname } = new URL(inject('postgresUrl'));
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-pgbouncer-'));
  const owner = chownToPostgres(folder);
  const port = await findFreePort();
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(join(folder, 'users.txt'), '"postgres" ""\n');
  writeFileSync(
    file,
    `[databases]
${pathname.slice(1)} = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = ${POOL_SIZE}
max_client_conn = 200
`,
  );
  // Debian installs it in /usr/sbin, which is only in root's PATH.
  const bouncer = spawn('pgbouncer', ['-q', file], {
    ...owner,
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
    stdio: 'ignore',
  });
  stop = () => {
    bouncer.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  };
  createUrlBehindPooler = () =>
    `${replacePort(createStoreUrl(), String(port))}&application_name=${APPLICATION_NAME}`;
  url = createUrlBehindPooler();
  store = closeAfterTests(await openWhenListening(url));
  await seed(store, DOSSIERS_FOLDER);
  app = await createApp(store);
});
afterAll(() => stop());

const replacePort = (url: string, port: string) => Object.assign(new URL(url), { port }).href;

/** Opens the store as soon as the pooler listens. */
async function openWhenListening(url: string): Promise<Store> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await openStore(url, { poolSize: 20, statementTimeoutMs: 500 });
    } catch (error) {
      if (tries > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe('behind PgBouncer in transaction mode', () => {
  it('concurrent requests share few connections, each with its own schema and settings', async () => {
    const other = closeAfterTests(await openStore(createUrlBehindPooler()));
    await importInto(other, buildEventDossier([{ id: 'only-here' }]));
    const otherApp = await createApp(other);
    const both = Array.from({ length: 40 }, () => [
      getIds(app, '/v1/battle-group-deployments'),
      getIds(otherApp, '/v1/events'),
    ]);
    const responses = await Promise.all(both.flat());
    for (const [index, ids] of responses.entries()) {
      if (index % 2 === 0) expect(ids).toHaveLength(4);
      else expect(ids).toEqual(['only-here']);
    }
    const [connections] = await store.read((db) =>
      query(
        db,
        sql<{
          n: number;
        }>`select count(*)::integer as n from pg_stat_activity where application_name = ${APPLICATION_NAME}`,
      ),
    );
    expect(connections?.n).toBeGreaterThan(0);
    expect(connections?.n).toBeLessThanOrEqual(POOL_SIZE);
  });

  it('enforces the statement timeout, and leaves no settings on the connection', async () => {
    const slow = store.read((db) => query(db, sql`select pg_sleep(5)`));
    await expect(slow).rejects.toThrow('The query timed out');
    const { port } = new URL(url);
    const client = new Client({ connectionString: replacePort(inject('postgresUrl'), port) });
    await client.connect();
    for (const setting of ['statement_timeout', 'lock_timeout', 'search_path', 'transaction_isolation']) {
      const [now, fresh] = [
        await client.query(`show ${setting}`),
        await runAsSuperuser((query) => query(`show ${setting}`)),
      ];
      expect(now.rows, setting).toEqual((fresh as typeof now).rows);
    }
    await client.end();
  });

  it('concurrent imports from several stores add one revision after another', async () => {
    const stores = [
      store,
      closeAfterTests(await openWhenListening(url)),
      closeAfterTests(await openWhenListening(url)),
    ];
    const results = await Promise.all(
      stores.flatMap((each, n) =>
        [0, 1, 2].map((m) => importInto(each, buildEventDossier([{ id: `e-${n}-${m}` }], `d-${n}-${m}`))),
      ),
    );
    const newest = (await get(app, '/readyz')).body.revision;
    const revisions = results.map(({ revision }) => revision as number).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 9 }, (_, n) => newest - 8 + n));
    const pages = await followPages(app, '/v1/events?limit=3&ids=e-0-0,e-1-1,e-2-2,e-0-2');
    expect(pages.map(({ id }) => id)).toEqual(['e-0-0', 'e-0-2', 'e-1-1', 'e-2-2']);
  });
});
