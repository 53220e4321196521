/** Slow queries to PostgreSQL: a queue limits how many run, to leave connections to other requests. */
import {
  createSlowQueryQueue,
  DEFAULT_MIN_VERSION_COUNT,
  runWithTimeout,
  type SlowQueryRunner,
} from './slow-query-runner.ts';

const MAX_WAITING_QUERIES = 32;

interface SemaphoreOptions {
  /** Maximum number of queries that run at a time. */
  concurrency: number;
  /** Time to wait and run, in milliseconds. */
  timeoutMs: number;
  minVersionCount?: number;
}

export function createSemaphoreRunner({
  concurrency,
  timeoutMs,
  minVersionCount = DEFAULT_MIN_VERSION_COUNT,
}: SemaphoreOptions): SlowQueryRunner {
  const queue = createSlowQueryQueue(concurrency, concurrency + MAX_WAITING_QUERIES);
  const run = <T>(work: () => Promise<T>, clientSignal: AbortSignal) =>
    runWithTimeout(timeoutMs, clientSignal, (signal) => queue.run(work, signal));
  return {
    minVersionCount,
    warmUp() {},
    runQuery: (_task, runHere, signal) => run(runHere, signal),
    openStream: (_task, openHere, _response, signal) => run(openHere, signal),
    writeArchive: null,
    async close() {},
  };
}
