/** Files of everything that a thread writes. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { notReady, Problem } from '../../src/lib/problem-details.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { StoreUnavailable } from '../../src/store/database.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { type WholeJob, writeInThread } from '../../src/workers/archive-runner.ts';
import { errorOf, failureOf } from '../../src/workers/error-transfer.ts';
import { scansInThreads } from '../../src/workers/request-pool.ts';
import { appOn, get, kept, sqliteStoreUrl, temporaryFolder } from '../support/app.ts';
import { download } from '../support/archive.ts';
import { atTheEnd } from '../support/cleanup.ts';

const URLS = ['/v1/exports/summit-facts.sqlite', '/v1/exports/summit-facts.ndjson.gz'];

describe('a file of everything in a large SQLite store', () => {
  let url: string;
  let store: Store;
  let plain: FastifyInstance;
  /** Jobs that were given to threads. */
  let jobs: WholeJob[];
  const threaded = async (fromVersions: number) => {
    const config = {
      databaseUrl: url,
      logLevel: 'silent' as const,
      postgres: { poolSize: 1, statementTimeoutMs: 60_000 },
    };
    const scans = scansInThreads({ config, fromVersions });
    atTheEnd(() => scans.close());
    const writeWhole: typeof scans.writeWhole = async (job, stop) => {
      jobs.push(job);
      await scans.writeWhole?.(job, stop);
    };
    return appOn(store, { scans: { ...scans, writeWhole } });
  };

  beforeAll(async () => {
    url = sqliteStoreUrl();
    store = kept(await openStore(url));
    await seed(store, DOSSIERS_FOLDER);
    plain = await appOn(store);
  });

  it('is the same as one that is written here, and only then written by a thread', async () => {
    jobs = [];
    const large = await threaded(0);
    const small = await threaded(1_000_000);
    for (const [n, path] of URLS.entries()) {
      const [here, there] = [await download(plain, path), await download(large, path)];
      expect([there.status, jobs.length]).toEqual([200, n + 1]);
      expect(there.headers['summit-facts-sha256']).toBe(here.headers['summit-facts-sha256']);
      expect(there.bytes.equals(here.bytes)).toBe(true);
      expect((await download(small, path)).bytes.equals(here.bytes)).toBe(true);
      expect(jobs.length).toBe(n + 1);
    }
  });

  it('is given up when the server closes, and leaves nothing behind', async () => {
    jobs = [];
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('summit-facts-exports-'));
    const server = await threaded(0);
    const asked = get(server, URLS[0] as string);
    while (jobs.length === 0) await new Promise(setImmediate);
    await server.close();
    const { status, body } = await asked;
    expect([status, body.code]).toEqual([503, 'not-ready']);
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('summit-facts-exports-'));
    expect(left.filter((name) => !before.includes(name))).toEqual([]);
  });

  it('tells why it could not be written', async () => {
    const [job] = jobs as [WholeJob];
    const path = `${temporaryFolder()}/none/whole`;
    const stop = new AbortController();
    await expect(writeInThread({ databaseUrl: url, job: { ...job, path } }, stop.signal)).rejects.toThrow(
      /unable to open database file|directory does not exist/,
    );
    const redacted = { ...job.reading, redaction: 7 };
    const late = { ...job, reading: redacted, path: `${temporaryFolder()}/whole` };
    await expect(writeInThread({ databaseUrl: url, job: late }, stop.signal)).rejects.toMatchObject({
      code: 'not-ready',
      status: 503,
    });
    stop.abort(notReady('The server is about to stop.'));
    await expect(writeInThread({ databaseUrl: url, job: late }, stop.signal)).rejects.toThrow(
      'about to stop',
    );
  });
});

describe('an error of another thread', () => {
  it('is what it was', () => {
    const problem = new Problem('not-found', 'There is none.', [], { 'retry-after': '2' });
    const full = Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    for (const error of [problem, new StoreUnavailable('away'), full]) {
      const again = errorOf(structuredClone(failureOf(error)));
      expect(again).toBeInstanceOf(error.constructor);
      expect(again.message).toContain(error.message);
      expect((again as { code?: unknown }).code).toBe((error as { code?: unknown }).code);
    }
    expect(errorOf(structuredClone(failureOf(problem)))).toMatchObject({ headers: { 'retry-after': '2' } });
    expect(errorOf(failureOf('thrown')).message).toBe('thrown');
  });
});
