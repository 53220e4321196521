/** Limit on dossiers that arrive, wait or are processed at once. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DeleteInput } from '../../src/ingest/dossier-service.ts';
import { createImportQueue, MAX_JOBS, type Slot } from '../../src/workers/import-queue.ts';

const JOB: DeleteInput = {
  id: 'a',
  author: 'a',
  reviewer: null,
  reason: 'a',
  ifMatch: null,
  ifNoneMatch: null,
};

/** Creates a queue whose jobs wait for the gate; `startedJobs` lists the jobs that have started. */
function createGatedQueue() {
  const gate = Promise.withResolvers<void>();
  const startedJobs: number[] = [];
  const importQueue = createImportQueue(async () => {
    startedJobs.push(startedJobs.length);
    await gate.promise;
    return { revision: 1, action: 'none', added: [], modified: [], retracted: [], unchanged: 0 };
  });
  const fill = () => Array.from({ length: MAX_JOBS }, () => importQueue.reserve());
  return { importQueue, gate, startedJobs, fill };
}

describe('slots', () => {
  it('are released once', () => {
    const { importQueue, fill } = createGatedQueue();
    const slots = fill();
    expect(() => importQueue.reserve()).toThrow('queue for imports is full');
    for (const slot of slots) {
      slot.release();
      slot.release();
    }
    fill();
    expect(() => importQueue.reserve()).toThrow('queue for imports is full');
  });

  it('stay held after the client disconnects: a running job finishes, a waiting one never starts', async () => {
    const { importQueue, gate, startedJobs, fill } = createGatedQueue();
    const slots = fill();
    const jobs = slots.map((slot: Slot) =>
      importQueue.delete(JOB, slot).then(
        () => 'done',
        ({ code }) => code,
      ),
    );
    await setImmediate();
    for (const slot of slots) slot.release();
    expect(() => importQueue.reserve()).toThrow('queue for imports is full');
    gate.resolve();
    const results = await Promise.all(jobs);
    expect([results[0], new Set(results.slice(1))]).toEqual(['done', new Set(['request-timeout'])]);
    expect(startedJobs).toHaveLength(1);
    fill();
  });

  it('are refused once the server shuts down, which waits for the running job', async () => {
    const { importQueue, gate } = createGatedQueue();
    const [first, second] = [importQueue.reserve(), importQueue.reserve()];
    const firstJob = importQueue.delete(JOB, first);
    await setImmediate();
    const refusedCode = importQueue.delete(JOB, second).catch(({ code }) => code);
    const closing = importQueue.close();
    expect(() => importQueue.reserve()).toThrow('shutting down');
    gate.resolve();
    await closing;
    expect([(await firstJob).action, await refusedCode]).toEqual(['none', 'not-ready']);
  });
});
