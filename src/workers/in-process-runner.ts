/** Slow queries to PostgreSQL: a queue limits how many run, to leave connections to other requests. */
import { serviceUnavailable } from '../lib/problem-details.ts';
import {
  createSlowQueryQueue,
  DEFAULT_MIN_VERSION_COUNT,
  runWithTimeout,
  type SlowQueryRunner,
} from './slow-query-runner.ts';

const MAX_WAITING_QUERIES = 32;

interface InProcessRunnerOptions {
  /** Maximum number of queries that run at a time. */
  concurrency: number;
  /** Maximum time that a query waits, in milliseconds; the database limits how long its statements run. */
  waitTimeoutMs: number;
  minVersionCount?: number;
}

export function createInProcessRunner({
  concurrency,
  waitTimeoutMs,
  minVersionCount = DEFAULT_MIN_VERSION_COUNT,
}: InProcessRunnerOptions): SlowQueryRunner {
  const queue = createSlowQueryQueue(concurrency, concurrency + MAX_WAITING_QUERIES);
  const run = <T>(work: () => Promise<T>, clientSignal: AbortSignal) =>
    runWithTimeout(waitTimeoutMs, clientSignal, (signal, clearTimer) =>
      queue.run(() => {
        clearTimer();
        return work();
      }, signal),
    );
  return {
    minVersionCount,
    warmUp() {},
    runQuery: (_task, runInProcess, signal) => run(runInProcess, signal),
    openStream: (_task, openInProcess, _response, signal) => run(openInProcess, signal),
    writeArchive: null,
    async close() {
      void queue.close(serviceUnavailable('The server is shutting down'));
    },
  };
}
