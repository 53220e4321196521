/** Requests for the same statements to this server and to other servers, repeated and distinct. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparisonServer } from '../comparisons/comparison-server.ts';
import { writeRows } from '../comparisons/export-rows.ts';
import { comparisonServers } from '../comparisons/index.ts';
import { type RequestKind, type RequestParameters, readRequestParameters } from '../comparisons/requests.ts';
import { createRequests, createWordRequests } from '../request-generator.ts';
import type { Measurement } from '../results.ts';
import { ON_SERVER_CORE, type ServerProcess } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { measureLoad } from './alternate.ts';
import {
  prepareStore,
  SMALL_STORE_FACTS,
  type Workload,
  type WorkloadContext,
  withServers,
} from './context.ts';

/** Maximum number of paths for this server in a round. */
const MAX_PATHS = 20_000;
const ROUND_SECONDS = 1;
/** Warm-up time for each of the five kinds of request and each of the five servers. */
const WARM_UP_SECONDS = 2;

const TITLES: Record<RequestKind, string> = {
  page: 'Repeated page of 20',
  pages: 'Pages of 20',
  filtered: 'Pages of 20 by one speaker',
  item: 'Single statements',
  search: 'Pages of 20 that contain a word',
};
const REQUEST_KINDS = Object.keys(TITLES) as RequestKind[];

/** Provider of the paths of a kind that a server receives in a round. */
type PathProvider = (kind: RequestKind, round: number) => string[];

/** Request rates by kind, one for each round. */
type Rates = Record<RequestKind, number[]>;

/** Measures each other server in turn with a new instance of this server. */
export const comparisonWorkload: Workload = async (context) => {
  const store = await prepareStore(context, SMALL_STORE_FACTS);
  if (!store) return [];
  const folder = mkdtempSync(join(context.dataFolder, 'comparisons-'));
  try {
    await writeRows(store, folder);
    const parameters = readRequestParameters(folder);
    const getOurPaths = createOurPaths(store, parameters, context.rounds);
    const measurements: Measurement[] = [];
    for (const comparisonServer of comparisonServers)
      measurements.push(
        ...(await compareWithServer(context, { comparisonServer, folder, store, parameters, getOurPaths })),
      );
    return measurements;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

interface ComparisonInput {
  comparisonServer: ComparisonServer;
  folder: string;
  store: string;
  parameters: RequestParameters;
  getOurPaths: PathProvider;
}

async function compareWithServer(
  context: WorkloadContext,
  { comparisonServer, folder, store, parameters, getOurPaths }: ComparisonInput,
): Promise<Measurement[]> {
  const { name, version, notes } = comparisonServer;
  let otherServer: ServerProcess;
  try {
    otherServer = await comparisonServer.start(folder, ON_SERVER_CORE);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    context.skip(`${name} ${version}: ${reason}; npm run bench:comparisons installs it`);
    return [];
  }
  const sides = await withServers(
    [() => startServer(store, ON_SERVER_CORE), async () => otherServer],
    (servers) =>
      measureRates(context, name, servers, [getOurPaths, createTheirPaths(comparisonServer, parameters)]),
  );
  return REQUEST_KINDS.map((kind) => ({
    title: TITLES[kind],
    facts: SMALL_STORE_FACTS,
    unit: 'requests/s',
    ours: sides[0]?.[kind] ?? [],
    other: { name: `${name} ${version}`, values: sides[1]?.[kind] ?? [] },
    target: { least: kind === 'page' ? 3 : 1 },
    ...(notes[kind] && { note: notes[kind] }),
  }));
}

async function measureRates(
  { rounds, log }: WorkloadContext,
  name: string,
  servers: ServerProcess[],
  paths: PathProvider[],
): Promise<Rates[]> {
  const rates = servers.map(
    () => Object.fromEntries(REQUEST_KINDS.map((kind) => [kind, []])) as unknown as Rates,
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of REQUEST_KINDS) {
      for (const [index, server] of servers.entries()) {
        const load = { paths: paths[index]?.(kind, round) ?? [], repeat: index === 1 || kind === 'page' };
        const result = await measureLoad(server, {
          ...load,
          seconds: round === 0 ? WARM_UP_SECONDS : ROUND_SECONDS,
        });
        if (round > 0) rates[index]?.[kind].push(result.perSecond);
      }
    }
    log(`rivals, ${name}: round ${round} of ${rounds}`);
  }
  return rates;
}

/**
 * Creates distinct paths, except for the repeated page, because this server caches responses. Items are facts
 * of any type, because there are not enough statements.
 */
function createOurPaths(store: string, { words }: RequestParameters, rounds: number): PathProvider {
  const { pages, filtered, items } = createRequests(store);
  const requestSets = { pages, filtered, item: items, search: createWordRequests(store, words) };
  return (kind, round) => {
    if (kind === 'page') return ['/v1/statements?limit=20'];
    const { count, getPath } = requestSets[kind];
    const pathsPerRound = Math.min(MAX_PATHS, Math.floor(count / (rounds + 1)));
    return Array.from({ length: pathsPerRound }, (_, n) => getPath(round * pathsPerRound + n));
  };
}

/** Creates up to a hundred paths of each kind, to repeat: the other servers cache no responses. */
function createTheirPaths(
  { urls }: ComparisonServer,
  { positions, speakers, ids, words }: RequestParameters,
): PathProvider {
  const paths: Record<RequestKind, string[]> = {
    page: [urls.page],
    pages: positions.map(urls.pages),
    filtered: speakers.map(urls.filtered),
    item: ids.map(urls.item),
    search: words.map(urls.search),
  };
  return (kind) => paths[kind];
}
