/** Archives that a worker thread writes. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem, serviceUnavailable } from '../../src/lib/problem-details.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { StoreUnavailable } from '../../src/store/database.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { deserializeError, serializeError } from '../../src/workers/error-transfer.ts';
import type { ArchiveJob } from '../../src/workers/slow-query-runner.ts';
import { createThreadRunner } from '../../src/workers/thread-runner.ts';
import {
  closeAfterTests,
  createApp,
  createSqliteStoreUrl,
  createTemporaryFolder,
  get,
} from '../support/app.ts';
import { download } from '../support/archive.ts';
import { onTestFileEnd } from '../support/cleanup.ts';

const ARCHIVE_URLS = ['/v1/exports/summit-facts.sqlite', '/v1/exports/summit-facts.ndjson.gz'];

describe('an archive of a large SQLite store', () => {
  let url: string;
  let store: Store;
  let plain: FastifyInstance;
  /** Jobs passed to worker threads. */
  let jobs: ArchiveJob[];
  const createRunner = (minVersionCount = 0) => {
    const postgres = { poolSize: 1, statementTimeoutMs: 60_000 };
    const runner = createThreadRunner({ config: { databaseUrl: url, postgres }, minVersionCount });
    onTestFileEnd(() => runner.close());
    return runner;
  };
  const createThreadedApp = async (minVersionCount: number) => {
    const runner = createRunner(minVersionCount);
    const writeArchive: typeof runner.writeArchive = async (job, stop) => {
      jobs.push(job);
      await runner.writeArchive?.(job, stop);
    };
    return createApp(store, { slowQueryRunner: { ...runner, writeArchive } });
  };

  beforeAll(async () => {
    url = createSqliteStoreUrl();
    store = closeAfterTests(await openStore(url));
    await seed(store, DOSSIERS_FOLDER);
    plain = await createApp(store);
  });

  it('equals one written in the main thread, and a small store uses no worker thread', async () => {
    jobs = [];
    const large = await createThreadedApp(0);
    const small = await createThreadedApp(1_000_000);
    for (const [n, path] of ARCHIVE_URLS.entries()) {
      const [here, there] = [await download(plain, path), await download(large, path)];
      expect([there.status, jobs.length]).toEqual([200, n + 1]);
      expect(there.headers['summit-facts-sha256']).toBe(here.headers['summit-facts-sha256']);
      expect(there.bytes.equals(here.bytes)).toBe(true);
      expect((await download(small, path)).bytes.equals(here.bytes)).toBe(true);
      expect(jobs.length).toBe(n + 1);
    }
  });

  it('is aborted when the server closes, and leaves no files behind', async () => {
    jobs = [];
    const foldersBefore = readdirSync(tmpdir()).filter((name) => name.startsWith('summit-facts-exports-'));
    const server = await createThreadedApp(0);
    const pendingResponse = get(server, ARCHIVE_URLS[0] as string);
    while (jobs.length === 0) await new Promise(setImmediate);
    await server.close();
    const { status, body } = await pendingResponse;
    expect([status, body.code]).toEqual([503, 'not-ready']);
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('summit-facts-exports-'));
    expect(left.filter((name) => !foldersBefore.includes(name))).toEqual([]);
  });

  it('rejects with the reason why it could not be written', async () => {
    const [job] = jobs as [ArchiveJob];
    const path = `${createTemporaryFolder()}/none/whole`;
    const stop = new AbortController();
    const { writeArchive = null } = createRunner();
    await expect(writeArchive?.({ ...job, path }, stop.signal)).rejects.toThrow(
      /unable to open database file|directory does not exist/,
    );
    const redactedSnapshot = { ...job.snapshot, redaction: 7 };
    const lateJob = { ...job, snapshot: redactedSnapshot, path: `${createTemporaryFolder()}/whole` };
    await expect(writeArchive?.(lateJob, stop.signal)).rejects.toMatchObject({
      code: 'not-ready',
      status: 503,
    });
    stop.abort(serviceUnavailable('The server is shutting down'));
    await expect(writeArchive?.(lateJob, stop.signal)).rejects.toThrow('shutting down');
  });
});

describe('an error from another thread', () => {
  it('keeps its class, message, code and headers', () => {
    const problem = new Problem('not-found', 'There is none.', [], { 'retry-after': '2' });
    const full = Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    for (const error of [problem, new StoreUnavailable('away'), full]) {
      const deserialized = deserializeError(structuredClone(serializeError(error)));
      expect(deserialized).toBeInstanceOf(error.constructor);
      expect(deserialized.message).toContain(error.message);
      expect((deserialized as { code?: unknown }).code).toBe((error as { code?: unknown }).code);
    }
    expect(deserializeError(structuredClone(serializeError(problem)))).toMatchObject({
      headers: { 'retry-after': '2' },
    });
    expect(deserializeError(serializeError('thrown')).message).toBe('thrown');
  });
});
