/** Response times of sequential requests on a small and a large store. */

import { createFirstPageRequests, createRequests, type RequestSet } from '../request-generator.ts';
import type { Measurement } from '../results.ts';
import { ON_SERVER_CORE, type ServerProcess } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { type LoadResult, measureLoad, WARM_UP_SECONDS } from './alternate.ts';
import {
  prepareStore,
  SMALL_STORE_FACTS,
  type Workload,
  type WorkloadContext,
  withServers,
} from './context.ts';

/** Upper limit of the rate of one client that waits for each response. */
const MAX_REQUESTS_PER_SECOND = 10_000;

export const REQUESTS = {
  'First page': () => createFirstPageRequests(),
  'Page by cursor, anywhere in the list': (store: string) => createRequests(store).pages,
  'Filtered page': (store: string) => createRequests(store).filtered,
  'Single fact': (store: string) => createRequests(store).items,
};

export const latencyBySizeWorkload: Workload = async (context) => {
  const { facts } = context;
  if (facts === SMALL_STORE_FACTS)
    context.skip(`size: the large store must have more than ${SMALL_STORE_FACTS} facts`);
  const [small, large] = [await prepareStore(context, SMALL_STORE_FACTS), await prepareStore(context, facts)];
  if (!small || !large || facts === SMALL_STORE_FACTS) return [];
  const starters = [small, large].map((store) => () => startServer(store, ON_SERVER_CORE));
  return withServers(starters, async (servers) => {
    const rows: Measurement[] = [];
    for (const [title, createRequestSet] of Object.entries(REQUESTS)) {
      rows.push(
        ...(await measure(context, title, servers, [createRequestSet(small), createRequestSet(large)])),
      );
    }
    return rows;
  });
};

async function measure(
  { facts, rounds, seconds, log }: WorkloadContext,
  title: string,
  servers: ServerProcess[],
  requestSets: RequestSet[],
): Promise<Measurement[]> {
  const results: LoadResult[][] = [[], []];
  // The first round is a warm-up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, server] of servers.entries()) {
      const { count, getPath, getWarmUpPath } = requestSets[index] as RequestSet;
      const requestsPerRound = Math.min(seconds * MAX_REQUESTS_PER_SECOND, Math.floor(count / rounds));
      const getRoundPath =
        round === 0 ? getWarmUpPath : (n: number) => getPath((round - 1) * requestsPerRound + n);
      const paths = Array.from(
        { length: round === 0 ? WARM_UP_SECONDS * MAX_REQUESTS_PER_SECOND : requestsPerRound },
        (_, n) => getRoundPath(n),
      );
      const result = await measureLoad(server, {
        paths,
        seconds: round === 0 ? WARM_UP_SECONDS : seconds,
        connections: 1,
      });
      if (round > 0) results[index]?.push(result);
    }
    log(`size, ${title}: round ${round} of ${rounds}`);
  }
  const [small, large] = results as [LoadResult[], LoadResult[]];
  return (['p50Ms', 'p99Ms'] as const).map((percentile) => ({
    title: `${title}, ${percentile.slice(0, 3)}`,
    facts,
    unit: 'ms',
    ours: large.map((result) => result[percentile]),
    other: { name: `the same at ${SMALL_STORE_FACTS} facts`, values: small.map((turn) => turn[percentile]) },
    target: { most: 1.3 },
  }));
}
