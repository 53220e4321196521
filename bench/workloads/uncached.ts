/** Distinct requests, compared with tables built for just these requests. */
import { join } from 'node:path';
import { createBaselineTables } from '../baselines/tables.ts';
import { getOkResponse, type HttpResponse } from '../http-client.ts';
import { createRequests, REQUEST_KINDS, type RequestKind, type RequestSet } from '../request-generator.ts';
import type { Measurement } from '../results.ts';
import { ON_SERVER_CORE, type ServerProcess, spawnServer } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { assertBytes } from '../wrk.ts';
import { type Comparison, computeCpuRatios, getRates, measureLoad, WARM_UP_SECONDS } from './alternate.ts';
import { getStoreSizes, prepareStore, type Workload, type WorkloadContext, withServers } from './context.ts';

/** Number of prepared requests for each second; a faster server stops when they are used up. */
const MAX_REQUESTS_PER_SECOND = 15_000;
/** Number of responses that are compared with those of the baseline before the measurement. */
const SAMPLE_SIZE = 200;
/** Relative tolerance of the mean response size: a page of search results has one to twenty. */
const LENGTH_TOLERANCE = 0.4;

const TITLES: Record<RequestKind, string> = {
  pages: 'Pages of 20, all different',
  filtered: 'Filtered pages of 20, all different',
  items: 'Single facts, all different',
  searches: 'Searches for two words, all different',
};

export const uncachedWorkload: Workload = async (context) => {
  const rows: Measurement[] = [];
  for (const facts of getStoreSizes(context)) {
    const store = await prepareStore(context, facts);
    if (!store) continue;
    context.log(`baseline tables of ${facts} facts`);
    const tables = await createBaselineTables(store, join(context.dataFolder, `baseline-${facts}.sqlite`));
    const requests = createRequests(store);
    for (const kind of REQUEST_KINDS)
      rows.push(await measure(context, { kind, facts, store, tables, requests: requests[kind] }));
  }
  return rows;
};

interface RequestInput {
  kind: RequestKind;
  facts: number;
  store: string;
  tables: string;
  requests: RequestSet;
}

/** Restarts both servers whenever the requests are used up. */
async function measure(context: WorkloadContext, input: RequestInput): Promise<Measurement> {
  const { rounds, seconds, log } = context;
  const { kind, facts, requests } = input;
  const perRound = Math.min(requests.count, seconds * MAX_REQUESTS_PER_SECOND);
  const roundsPerServer = Math.min(rounds, Math.floor(requests.count / perRound));
  const meanBytes = await withBothServers(input, (sides) => compareSample(requests, sides));
  const warmUpPaths = Array.from({ length: WARM_UP_SECONDS * MAX_REQUESTS_PER_SECOND }, (_, n) =>
    requests.getWarmUpPath(n),
  );
  const comparison: Comparison = { ours: [], other: [] };
  while (comparison.ours.length < rounds) {
    await withBothServers(input, async (sides) => {
      for (const side of SIDES)
        await measureLoad(sides[side], { paths: warmUpPaths, seconds: WARM_UP_SECONDS });
      for (let round = 0; round < roundsPerServer && comparison.ours.length < rounds; round += 1) {
        const paths = Array.from({ length: perRound }, (_, n) => requests.getPath(round * perRound + n));
        for (const side of SIDES) {
          const result = await measureLoad(sides[side], { paths, seconds });
          assertBytes(`${side}, ${kind}`, result, meanBytes[side], LENGTH_TOLERANCE);
          comparison[side].push(result);
        }
        log(`miss, ${kind} of ${facts} facts: round ${comparison.ours.length} of ${rounds}`);
      }
    });
  }
  return {
    title: TITLES[kind],
    facts,
    unit: 'requests/s',
    ours: getRates(comparison.ours),
    other: {
      name: 'better-sqlite3 on purpose-built tables, with Fastify',
      values: getRates(comparison.other),
    },
    target: { least: 0.75 },
    byProcessor: computeCpuRatios(comparison),
    note: `${roundsPerServer * perRound} different URLs${roundsPerServer < rounds ? ' for each start of a server' : ''}`,
  };
}

const SIDES = ['ours', 'other'] as const;
type Sides<T> = Record<(typeof SIDES)[number], T>;

const withBothServers = <T>(
  { store, tables }: RequestInput,
  use: (sides: Sides<ServerProcess>) => Promise<T>,
): Promise<T> =>
  withServers([() => startServer(store, ON_SERVER_CORE), () => startTablesServer(tables)], ([ours, other]) =>
    use({ ours, other } as Sides<ServerProcess>),
  );

export const startTablesServer = (tables: string, commandPrefix = ON_SERVER_CORE): Promise<ServerProcess> =>
  spawnServer([process.execPath, 'bench/baselines/tables-server.ts', tables], {
    name: 'the baseline',
    commandPrefix,
  });

/** Throws unless a sample of responses has equal bodies. Returns the mean response size of each server. */
async function compareSample(requests: RequestSet, sides: Sides<ServerProcess>): Promise<Sides<number>> {
  const count = Math.min(SAMPLE_SIZE, requests.count);
  const sum = { ours: 0, other: 0 };
  for (let n = 0; n < count; n += 1) {
    const path = requests.getPath(n);
    const [ours, other] = [
      await getOkResponse(sides.ours.url + path),
      await getOkResponse(sides.other.url + path),
    ];
    assertSameBody(path, ours, other);
    sum.ours += ours.bytes;
    sum.other += other.bytes;
  }
  return { ours: sum.ours / count, other: sum.other / count };
}

function assertSameBody(path: string, ours: HttpResponse, other: HttpResponse): void {
  if (ours.body.equals(other.body)) return;
  throw new Error(
    `${path}: the baseline's response differs; if the store or the API has changed, delete the baseline tables:\n` +
      `${ours.body.toString().slice(0, 3_000)}\n${other.body.toString().slice(0, 3_000)}`,
  );
}
