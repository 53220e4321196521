/** How many dossiers may come in, wait and be taken at once. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DeleteInput } from '../../src/ingest/dossier-service.ts';
import { createSerialQueue, MAX_JOBS, type Slot } from '../../src/workers/import-queue.ts';

const JOB: DeleteInput = {
  id: 'a',
  author: 'a',
  reviewer: null,
  reason: 'a',
  ifMatch: null,
  ifNoneMatch: null,
};

/** An importer whose jobs wait for the gate, and which of them have begun. */
function createGatedImporter() {
  const gate = Promise.withResolvers<void>();
  const startedJobs: number[] = [];
  const importer = createSerialQueue(async () => {
    startedJobs.push(startedJobs.length);
    await gate.promise;
    return { revision: 1, action: 'none', added: [], modified: [], retracted: [], unchanged: 0 };
  });
  const fill = () => Array.from({ length: MAX_JOBS }, () => importer.reserve());
  return { importer, gate, begun: startedJobs, fill };
}

describe('places', () => {
  it('are given back by whoever leaves, once', () => {
    const { importer, fill } = createGatedImporter();
    const slots = fill();
    expect(() => importer.reserve()).toThrow('no more may');
    for (const slot of slots) {
      slot.release();
      slot.release();
    }
    fill();
    expect(() => importer.reserve()).toThrow('no more may');
  });

  it('are held by jobs whose clients have gone: one that has begun is finished, one that waits never begins', async () => {
    const { importer, gate, begun, fill } = createGatedImporter();
    const slots = fill();
    const jobs = slots.map((slot: Slot) =>
      importer.delete(JOB, slot).then(
        () => 'done',
        ({ code }) => code,
      ),
    );
    await setImmediate();
    for (const slot of slots) slot.release();
    expect(() => importer.reserve()).toThrow('no more may');
    gate.resolve();
    const results = await Promise.all(jobs);
    expect([results[0], new Set(results.slice(1))]).toEqual(['done', new Set(['request-timeout'])]);
    expect(begun).toHaveLength(1);
    fill();
  });

  it('are no more once the server stops, and what has begun is waited for', async () => {
    const { importer, gate } = createGatedImporter();
    const [first, second] = [importer.reserve(), importer.reserve()];
    const firstJob = importer.delete(JOB, first);
    await setImmediate();
    const refusedCode = importer.delete(JOB, second).catch(({ code }) => code);
    const closing = importer.close();
    expect(() => importer.reserve()).toThrow('about to stop');
    gate.resolve();
    await closing;
    expect([(await firstJob).action, await refusedCode]).toEqual(['none', 'not-ready']);
  });
});
