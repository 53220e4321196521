/** How many dossiers may come in, wait and be taken at once. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Removal } from '../../src/ingest/dossier-service.ts';
import { MAX_JOBS, oneAtATime, type Place } from '../../src/workers/import-queue.ts';

const JOB: Removal = { id: 'a', author: 'a', reviewer: null, reason: 'a', ifMatch: null, ifNoneMatch: null };

/** An importer whose jobs wait for the gate, and which of them have begun. */
function gated() {
  const gate = Promise.withResolvers<void>();
  const begun: number[] = [];
  const importer = oneAtATime(async () => {
    begun.push(begun.length);
    await gate.promise;
    return { revision: 1, action: 'none', added: [], modified: [], retracted: [], unchanged: 0 };
  });
  const fill = () => Array.from({ length: MAX_JOBS }, () => importer.enter());
  return { importer, gate, begun, fill };
}

describe('places', () => {
  it('are given back by whoever leaves, once', () => {
    const { importer, fill } = gated();
    const places = fill();
    expect(() => importer.enter()).toThrow('no more may');
    for (const place of places) {
      place.leave();
      place.leave();
    }
    fill();
    expect(() => importer.enter()).toThrow('no more may');
  });

  it('are held by jobs whose clients have gone: one that has begun is finished, one that waits never begins', async () => {
    const { importer, gate, begun, fill } = gated();
    const places = fill();
    const jobs = places.map((place: Place) =>
      importer.remove(JOB, place).then(
        () => 'done',
        ({ code }) => code,
      ),
    );
    await setImmediate();
    for (const place of places) place.leave();
    expect(() => importer.enter()).toThrow('no more may');
    gate.resolve();
    const answers = await Promise.all(jobs);
    expect([answers[0], new Set(answers.slice(1))]).toEqual(['done', new Set(['request-timeout'])]);
    expect(begun).toHaveLength(1);
    fill();
  });

  it('are no more once the server stops, and what has begun is waited for', async () => {
    const { importer, gate } = gated();
    const [first, second] = [importer.enter(), importer.enter()];
    const done = importer.remove(JOB, first);
    await setImmediate();
    const refused = importer.remove(JOB, second).catch(({ code }) => code);
    const closed = importer.close();
    expect(() => importer.enter()).toThrow('about to stop');
    gate.resolve();
    await closed;
    expect([(await done).action, await refused]).toEqual(['none', 'not-ready']);
  });
});
