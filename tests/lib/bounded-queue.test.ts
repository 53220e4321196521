import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BoundedQueue } from '../../src/lib/bounded-queue.ts';

const createQueue = (concurrency: number, capacity: number) =>
  new BoundedQueue({ concurrency, capacity, createFullError: () => new Error('full') });

/** Creates work that ends when it is told to. */
function createWork() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let started = false;
  const run = () => {
    started = true;
    return promise;
  };
  return { run, resolve, reject, hasStarted: () => started };
}

describe('a bounded queue', () => {
  it('runs as much work at a time as it may, in order', async () => {
    const queue = createQueue(2, 10);
    const works = [createWork(), createWork(), createWork()] as const;
    const results = works.map(({ run }) => queue.run(run));
    await setImmediate();
    expect(works.map(({ hasStarted }) => hasStarted())).toEqual([true, true, false]);
    works[1].resolve('second');
    await setImmediate();
    expect(works[2].hasStarted()).toBe(true);
    works[0].reject(new Error('failed'));
    works[2].resolve('third');
    expect((await Promise.allSettled(results)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('rejects work beyond its capacity, and accepts more after work has ended', async () => {
    const queue = createQueue(1, 2);
    const works = [createWork(), createWork()] as const;
    const results = works.map(({ run }) => queue.run(run));
    await expect(queue.run(async () => 'third')).rejects.toThrow('full');
    for (const { resolve } of works) resolve('done');
    await Promise.all(results);
    expect(await queue.run(async () => 'third')).toBe('third');
  });

  it('rejects at once when the signal aborts, and keeps the slot until running work has ended', async () => {
    const queue = createQueue(1, 1);
    const work = createWork();
    const controller = new AbortController();
    const result = queue.run(work.run, controller.signal);
    await setImmediate();
    controller.abort(new Error('too late'));
    await expect(result).rejects.toThrow('too late');
    await expect(queue.run(async () => 'next')).rejects.toThrow('full');
    work.resolve('ignored');
    await setImmediate();
    expect(await queue.run(async () => 'next')).toBe('next');
  });

  it('never starts work whose signal has aborted while it waited', async () => {
    const queue = createQueue(1, 2);
    const [first, second] = [createWork(), createWork()];
    const controller = new AbortController();
    const results = [queue.run(first.run), queue.run(second.run, controller.signal)];
    controller.abort(new Error('gone'));
    await expect(results[1]).rejects.toThrow('gone');
    first.resolve('done');
    await setImmediate();
    expect([await results[0], second.hasStarted()]).toEqual(['done', false]);
    const aborted = AbortSignal.abort(new Error('gone before'));
    await expect(queue.run(async () => 'never', aborted)).rejects.toThrow('gone before');
  });

  it('rejects waiting and new work when it closes, after the running work has ended', async () => {
    const queue = createQueue(1, 3);
    const [first, second] = [createWork(), createWork()];
    const results = [queue.run(first.run), queue.run(second.run)];
    const outcomes = Promise.allSettled(results);
    await setImmediate();
    let closed = false;
    const closing = queue.close(new Error('closing')).then(() => {
      closed = true;
    });
    expect(() => queue.reserve()).toThrow('closing');
    await setImmediate();
    expect(closed).toBe(false);
    first.resolve('done');
    await closing;
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(second.hasStarted()).toBe(false);
  });
});

describe('a reserved slot', () => {
  it('counts before its work arrives, and is released once', async () => {
    const queue = createQueue(1, 1);
    const slot = queue.reserve();
    expect(() => queue.reserve()).toThrow('full');
    slot.release();
    slot.release();
    const again = queue.reserve();
    expect(() => queue.reserve()).toThrow('full');
    expect(await again.run(async () => 'done')).toBe('done');
  });

  it('lets running work go on after its release, and rejects work that has not started', async () => {
    const queue = createQueue(1, 2);
    const [first, second] = [createWork(), createWork()];
    const slots = [queue.reserve(), queue.reserve()] as const;
    const results = [slots[0].run(first.run), slots[1].run(second.run)];
    await setImmediate();
    for (const slot of slots) slot.release(new Error('gone'));
    expect(() => queue.reserve()).toThrow('full');
    first.resolve('done');
    await expect(results[1]).rejects.toThrow('gone');
    expect([await results[0], second.hasStarted()]).toEqual(['done', false]);
    queue.reserve();
  });
});
