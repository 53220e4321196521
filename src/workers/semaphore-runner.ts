/** Scans of a PostgreSQL store, which answers many questions at a time: some connections are left to the others. */

import { Problem, RETRY_AFTER_HEADER } from '../lib/problem-details.ts';
import type { SlowQueryRunner } from './slow-query.ts';

/** Past this many versions a scan takes a connection for longer than others should wait for one. */
const DEFAULT_MIN_VERSION_COUNT = 20_000;
/** Questions that wait for their turn. */
const MAX_WAITING_QUERIES = 32;

export function createSemaphoreRunner(
  concurrency: number,
  minVersionCount = DEFAULT_MIN_VERSION_COUNT,
): SlowQueryRunner {
  let running = 0;
  const waiters: (() => void)[] = [];
  const acquire = async () => {
    if (running < concurrency) running += 1;
    // Whoever leaves hands on the turn as it is.
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
        const detail = `${MAX_WAITING_QUERIES} questions of this kind wait to be answered, and no more may.`;
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
