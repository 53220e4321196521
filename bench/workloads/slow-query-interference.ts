/** Latency of requests while two clients continuously send slow queries. */
import { setTimeout as sleep } from 'node:timers/promises';
import { factTypes } from '../../src/model/types/index.ts';
import { getOkResponse } from '../http-client.ts';
import { createRequests } from '../request-generator.ts';
import type { ServerProcess } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { computePercentile, computeSpread } from '../stats.ts';
import { prepareStore, type Workload, withServers } from './context.ts';

const CLIENTS = 2;
/** Interval at which the measured requests are sent, without waiting for earlier responses. */
const REQUEST_INTERVAL_MS = 10;
const WARM_UP_MS = 5_000;
/** Words that occur in very many facts. */
const FREQUENT_WORDS = ['plan', 'grain', 'the', 'of', 'on', 'would', 'will'];

/** The server may use both cores here, because worker threads run the slow queries. */
export const slowQueryWorkload: Workload = async (context) => {
  const { rounds, seconds, facts, log } = context;
  const store = await prepareStore(context, facts);
  if (!store) return [];
  const nextPath = createPathSource(store);
  return withServers([() => startServer(store)], async ([server]) => {
    const { url } = server as ServerProcess;
    const p99s = { alone: [] as number[], beside: [] as number[] };
    const responseCounts: number[] = [];
    await measureOthersP99(url, nextPath, WARM_UP_MS);
    for (let round = 1; round <= rounds; round += 1) {
      // Twice the duration, because only one percent of the requests determine the p99.
      p99s.alone.push(await measureOthersP99(url, nextPath, seconds * 2_000));
      const slowQueries = startSlowQueries(url);
      p99s.beside.push(await measureOthersP99(url, nextPath, seconds * 2_000));
      responseCounts.push(await slowQueries.stop());
      log(`scans of ${facts} facts: round ${round} of ${rounds}`);
    }
    return [
      {
        title: `Pages, facts and repeated pages while ${CLIENTS} clients request facets and searches, p99`,
        facts,
        unit: 'ms',
        ours: p99s.beside,
        other: { name: 'the same without other load', values: p99s.alone },
        target: { most: 3 },
        note: `${computeSpread(responseCounts).median} facets and searches per round`,
      },
    ];
  });
};

/** Returns paths of pages, items and one repeated page in turn; all others are distinct. */
function createPathSource(store: string): () => string {
  const { pages, items } = createRequests(store);
  let n = 0;
  return () => {
    n += 1;
    return [pages.getPath(n), items.getPath(n % items.count), '/v1/statements?limit=20'][n % 3] as string;
  };
}

/** Returns the 99th percentile of the response times in milliseconds, from when each request was due. */
async function measureOthersP99(url: string, nextPath: () => string, ms: number): Promise<number> {
  const times: number[] = [];
  const requests: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let dueAt = startedAt; dueAt < startedAt + ms; dueAt += REQUEST_INTERVAL_MS) {
    await sleep(Math.max(0, dueAt - performance.now()));
    requests.push(getOkResponse(url + nextPath()).then(() => void times.push(performance.now() - dueAt)));
  }
  await Promise.all(requests);
  return computePercentile(times, 0.99);
}

let slowQueryCount = 0;

/** Starts the clients of slow queries. `stop` returns the number of their responses. */
function startSlowQueries(url: string): { stop: () => Promise<number> } {
  let [isRunning, responseCount] = [true, 0];
  const client = async () => {
    while (isRunning) {
      await getOkResponse(url + createSlowQueryPath(slowQueryCount++));
      responseCount += 1;
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  // `stop` rejects with the error; until then it must not count as unhandled.
  clients.catch(() => {});
  return {
    stop: async () => {
      isRunning = false;
      await clients;
      return responseCount;
    },
  };
}

/** Returns a facet or a search in turn, different for each `n`. */
export function createSlowQueryPath(n: number): string {
  const limit = 1 + (Math.floor(n / (2 * FREQUENT_WORDS.length)) % 200);
  if (n % 2 === 0) return `/v1/search?limit=${limit}&q=${FREQUENT_WORDS[(n >> 1) % FREQUENT_WORDS.length]}`;
  const { collection, facetNames } = factTypes[(n >> 1) % factTypes.length] as (typeof factTypes)[number];
  return `/v1/${collection}/facets?by=${facetNames[0]}&limit=${1 + (Math.floor(n / (2 * factTypes.length)) % 200)}`;
}
