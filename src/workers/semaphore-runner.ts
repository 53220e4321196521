/** Scans of a PostgreSQL store, which answers many questions at a time: some connections are left to the others. */

import { Problem, RETRY } from '../lib/problem-details.ts';
import type { Scans } from './slow-query.ts';

/** Past this many versions a scan takes a connection for longer than others should wait for one. */
const FROM_VERSIONS = 20_000;
/** Questions that wait for their turn. */
const MAX_WAITING = 32;

export function scansByTurn(atOnce: number, fromVersions = FROM_VERSIONS): Scans {
  let running = 0;
  const waiting: (() => void)[] = [];
  const turn = async () => {
    if (running < atOnce) running += 1;
    // Whoever leaves hands on the turn as it is.
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  return {
    fromVersions,
    begin() {},
    async answer(_request, _reply, again) {
      if (waiting.length >= MAX_WAITING) {
        const detail = `${MAX_WAITING} questions of this kind wait to be answered, and no more may.`;
        throw new Problem('too-busy', detail, [], RETRY);
      }
      await turn();
      try {
        return await again();
      } finally {
        leave();
      }
    },
    writeWhole: null,
    async close() {},
  };
}
