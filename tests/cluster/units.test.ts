import { Counter, Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../src/cluster/backoff.ts';
import { batchCalls } from '../../src/cluster/batch-calls.ts';
import { createClusterMetrics, type WorkerMetricsSource } from '../../src/cluster/metrics.ts';
import { createRateLimitCounter } from '../../src/cluster/rate-limit-counter.ts';

describe('the delay before a worker is replaced', () => {
  it('doubles with each early exit, up to 30 seconds, and is 0 after a stable worker', () => {
    const delayAfter = createBackoff();
    const early = Array.from({ length: 11 }, () => delayAfter(1_000));
    expect(early.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(early.slice(-2)).toEqual([30_000, 30_000]);
    expect([delayAfter(60_000), delayAfter(1_000)]).toEqual([0, 100]);
  });
});

describe('batched calls', () => {
  it('of one event loop turn become one call, and each gets its own output', async () => {
    const messages: number[][] = [];
    const ask = batchCalls(async (questions: number[]) => {
      messages.push(questions);
      return questions.map((n) => n * 10);
    });
    expect(await Promise.all([ask(1), ask(2)])).toEqual([10, 20]);
    expect(await ask(3)).toBe(30);
    expect(messages).toEqual([[1, 2], [3]]);
  });

  it('fail together', async () => {
    const ask = batchCalls(() => Promise.reject(new Error('no answer')));
    const results = await Promise.allSettled([ask(1), ask(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('the rate limit counter', () => {
  it('counts each client separately, and starts again when its window has ended', () => {
    let now = 1_000;
    const count = createRateLimitCounter(() => now);
    expect(count('a', 60)).toEqual({ current: 1, ttl: 60 });
    now += 59;
    expect([count('a', 60), count('b', 60)]).toEqual([
      { current: 2, ttl: 1 },
      { current: 1, ttl: 60 },
    ]);
    now += 1;
    expect([count('a', 60), count('b', 60)]).toEqual([
      { current: 1, ttl: 60 },
      { current: 2, ttl: 59 },
    ]);
  });

  it('drops the clients that have been idle longest if there are too many', () => {
    const count = createRateLimitCounter(() => 0);
    count('first', 60);
    count('second', 60);
    for (let n = 0; n < 4_998; n += 1) count(`client ${n}`, 60);
    expect(count('first', 60).current).toBe(2);
    count('one more', 60);
    expect([count('first', 60).current, count('second', 60).current]).toEqual([3, 1]);
  });
});

describe('the metrics of all processes', () => {
  const worker = (requestCount: number) => {
    const registry = new Registry();
    new Counter({ name: 'served_total', help: 'served', registers: [registry] }).inc(requestCount);
    new Gauge({ name: 'held', help: 'held', registers: [registry] }).set(requestCount);
    return { collectOwnMetrics: () => registry.getMetricsAsJSON() };
  };
  const getMetric = (text: string, name: string) =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const both = (text: string) => [getMetric(text, 'served_total'), getMetric(text, 'held')];

  it('are summed, and keep the counters of exited workers, but not their gauges', async () => {
    const metrics = createClusterMetrics();
    const workers = new Map<number, WorkerMetricsSource>([
      [1, worker(3)],
      [2, worker(4)],
    ]);
    const metricsBefore = await metrics.collect(workers);
    expect(both(metricsBefore)).toEqual([7, 7]);
    const inMinutes =
      Math.abs(getMetric(metricsBefore, 'process_start_time_seconds') - Date.now() / 1000) / 60;
    expect(inMinutes).toBeLessThan(60);
    for (const id of [1, 2]) {
      workers.delete(id);
      metrics.retireWorker(id);
    }
    workers.set(3, worker(10));
    expect(both(await metrics.collect(workers))).toEqual([17, 10]);
  });

  it('omit a worker that exits during the call, and fail for one that does not respond', async () => {
    const metrics = createClusterMetrics();
    const silent: WorkerMetricsSource = { collectOwnMetrics: () => Promise.reject(new Error('no answer')) };
    const workers = new Map<number, WorkerMetricsSource>([
      [1, silent],
      [2, worker(4)],
    ]);
    await expect(metrics.collect(workers)).rejects.toThrow('no answer');
    const ending: WorkerMetricsSource = {
      collectOwnMetrics() {
        workers.delete(1);
        return Promise.reject(new Error('ended'));
      },
    };
    workers.set(1, ending);
    expect(both(await metrics.collect(workers))).toEqual([4, 4]);
  });
});
