/** Threads that fail: the tasks that wait for them must not wait forever. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/lib/problem-details.ts';
import { openStore, POSTGRES_DEFAULTS } from '../../src/store/open.ts';
import { createThreadImportQueue } from '../../src/workers/import-queue.ts';
import { ThreadPool } from '../../src/workers/thread-pool.ts';
import { createThreadRunner } from '../../src/workers/thread-runner.ts';
import { createTemporaryFolder } from '../support/app.ts';
import { onTestFileEnd } from '../support/cleanup.ts';
import { buildDossier } from '../support/dossier-builder.ts';

const closeAtEnd = <T extends { close(): Promise<void> }>(resource: T): T => {
  onTestFileEnd(() => resource.close());
  return resource;
};

const createPool = (entry: string, min: number) =>
  closeAtEnd(new ThreadPool({ entry, name: 'run', workerData: { value: 'data' }, threads: { min, max: 1 } }));

const ENTRY = '../../tests/workers/fixtures/thread';

describe('a pool of threads', () => {
  it('returns results and errors of tasks', async () => {
    const pool = createPool(ENTRY, 0);
    expect(pool.hasThreads).toBe(false);
    expect(await pool.run('run', 'task')).toEqual(['data', 'task']);
    expect(pool.hasThreads).toBe(true);
    await expect(pool.run('fail', 'wrong')).rejects.toMatchObject({ code: 'not-found', message: 'wrong' });
    await expect(pool.run('fail', 'wrong')).rejects.toBeInstanceOf(Problem);
  });

  it.each([
    0, 1,
  ])('rejects tasks whose thread cannot start, and recovers, with %d kept threads', async (min) => {
    const pool = createPool('../../tests/workers/fixtures/missing', min);
    for (let n = 0; n < 3; n += 1) await expect(pool.run('run', n)).rejects.toThrow('missing');
    pool.start();
    await expect(Promise.allSettled([pool.run('run', 1), pool.run('run', 2)])).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
  });

  it('rejects the task whose thread exits, and runs the next one', async () => {
    const pool = createPool(ENTRY, 1);
    await expect(pool.run('exit', null)).rejects.toThrow('exited');
    expect(await pool.run('run', 'next')).toEqual(['data', 'next']);
  });

  it('rejects with the reason when the signal aborts, before and during the task', async () => {
    const pool = createPool(ENTRY, 0);
    const reason = new Error('no longer needed');
    await expect(pool.run('run', 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const running = pool.run('hang', null, { signal: controller.signal });
    const waiting = pool.run('run', 'after');
    setTimeout(() => controller.abort(reason), 50);
    await expect(running).rejects.toBe(reason);
    expect(await waiting).toEqual(['data', 'after']);
  });

  it('rejects tasks after it has closed', async () => {
    const pool = createPool(ENTRY, 0);
    await pool.run('run', 1);
    await pool.close();
    await expect(pool.run('run', 2)).rejects.toMatchObject({ code: 'not-ready' });
  });
});

describe('threads with a database that cannot be opened', () => {
  const config = (path: string) => ({ databaseUrl: `file:${path}`, postgres: POSTGRES_DEFAULTS });

  it('reject slow queries with 503 until it can', async () => {
    const path = join(createTemporaryFolder(), 'late.sqlite');
    const runner = closeAtEnd(createThreadRunner({ config: config(path), minVersionCount: 0 }));
    const snapshot = {
      revision: 0,
      latestRevision: 0,
      latestRecordedAt: null,
      recordedAt: null,
      redaction: 0,
      immutable: false,
      lastModifiedIsReliable: false,
    };
    const input = { type: 'event', filters: [], includeRetracted: false };
    const count = () =>
      runner.runQuery({ name: 'countList', input, snapshot }, async () => null, new AbortController().signal);
    for (let n = 0; n < 2; n += 1) await expect(count()).rejects.toThrow('The database does not respond');
    await (await openStore(`file:${path}`)).close();
    expect(await count()).toEqual({ total: 0 });
  });

  it('reject imports with 503', async () => {
    const folder = join(createTemporaryFolder(), 'folder.sqlite');
    mkdirSync(folder);
    const queue = closeAtEnd(
      createThreadImportQueue({ url: `file:${folder}`, options: { ...POSTGRES_DEFAULTS, readOnly: false } }),
    );
    const { facts } = buildDossier({ source: 'x' });
    const input = { id: 'x', mediaType: 'application/yaml', body: Buffer.from(facts), note: null };
    for (let n = 0; n < 2; n += 1) {
      const slot = queue.reserve();
      await expect(queue.check(input, slot)).rejects.toThrow('The database does not respond');
      slot.release();
    }
  });
});
