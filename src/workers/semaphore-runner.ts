/** Slow queries to PostgreSQL: a semaphore limits how many run, to leave connections to other requests. */

import { Problem, RETRY_AFTER_HEADER } from '../lib/problem-details.ts';
import type { SlowQueryRunner } from './slow-query.ts';

/** Number of versions from which a scan holds a connection longer than other requests should wait. */
const DEFAULT_MIN_VERSION_COUNT = 20_000;
const MAX_WAITING_QUERIES = 32;

export function createSemaphoreRunner(
  concurrency: number,
  minVersionCount = DEFAULT_MIN_VERSION_COUNT,
): SlowQueryRunner {
  let running = 0;
  const waiters: (() => void)[] = [];
  const acquire = async () => {
    if (running < concurrency) running += 1;
    // The releasing caller passes its permit to the next waiter.
    else await new Promise<void>((resolve) => waiters.push(resolve));
  };
  const release = () => {
    const next = waiters.shift();
    if (next) next();
    else running -= 1;
  };
  return {
    minVersionCount,
    warmUp() {},
    async run(_request, _reply, retry) {
      if (waiters.length >= MAX_WAITING_QUERIES) {
        const detail = `The queue for slow queries is full: ${MAX_WAITING_QUERIES} are waiting`;
        throw new Problem('too-busy', detail, [], RETRY_AFTER_HEADER);
      }
      await acquire();
      try {
        return await retry();
      } finally {
        release();
      }
    },
    writeArchive: null,
    async close() {},
  };
}
