/** Repeated requests, with and without If-None-Match, compared with Fastify sending the same bytes. */
import { getOkResponse, getResponse, type HttpResponse } from '../http-client.ts';
import type { Measurement } from '../results.ts';
import { ON_SERVER_CORE, type ServerProcess, spawnServer } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { assertBytes } from '../wrk.ts';
import { type Comparison, computeCpuRatios, getRates, measureLoad, WARM_UP_SECONDS } from './alternate.ts';
import {
  prepareStore,
  SMALL_STORE_FACTS,
  type Workload,
  type WorkloadContext,
  withServers,
} from './context.ts';

const PAGE_PATH = '/v1/statements?limit=20';

export const cachedWorkload: Workload = async (context) => {
  const store = await prepareStore(context, SMALL_STORE_FACTS);
  if (!store) return [];
  return withServers([() => startServer(store, ON_SERVER_CORE)], ([ours]) =>
    withServers([() => startRouteServer(ours as ServerProcess)], ([route]) =>
      compareFullAndEmpty(context, ours as ServerProcess, route as ServerProcess),
    ),
  );
};

async function compareFullAndEmpty(
  context: WorkloadContext,
  ours: ServerProcess,
  routeServer: ServerProcess,
): Promise<Measurement[]> {
  const etag = (await getOkResponse(ours.url + PAGE_PATH)).headers.find(
    ([name]) => name === 'etag',
  )?.[1] as string;
  const headers = { 'If-None-Match': etag };
  const full = await compareServers(context, ours, routeServer, { title: 'hit', path: '/full', headers: {} });
  const empty = await compareServers(context, ours, routeServer, {
    title: 'hit, 304',
    path: '/empty',
    headers,
  });
  return [
    toMeasurement('Repeated page of 20', 'Fastify sending the same bytes', full),
    toMeasurement('Repeated page, `If-None-Match`: 304', 'Fastify sending the same 304', empty),
  ];
}

const startRouteServer = ({ url }: ServerProcess): Promise<ServerProcess> =>
  spawnServer([process.execPath, 'bench/baselines/route-server.ts', url, PAGE_PATH], {
    name: 'the baseline',
    commandPrefix: ON_SERVER_CORE,
  });

interface RequestVariant {
  title: string;
  /** Path on the baseline server. */
  path: string;
  headers: Record<string, string>;
}

async function compareServers(
  { rounds, seconds, log }: WorkloadContext,
  ours: ServerProcess,
  routeServer: ServerProcess,
  { title, path, headers }: RequestVariant,
): Promise<Comparison> {
  const sides = { ours: { server: ours, path: PAGE_PATH }, other: { server: routeServer, path } };
  const [ourResponse, baselineResponse] = [
    await getResponse(ours.url + PAGE_PATH, headers),
    await getResponse(routeServer.url + path, headers),
  ];
  assertSameResponse(ourResponse, baselineResponse);
  const comparison: Comparison = { ours: [], other: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of ['ours', 'other'] as const) {
      const { server, path } = sides[side];
      const options = {
        paths: [path],
        repeat: true,
        headers,
        seconds: round === 0 ? WARM_UP_SECONDS : seconds,
      };
      const result = await measureLoad(server, options);
      assertBytes(path, result, ourResponse.bytes);
      if (round > 0) comparison[side].push(result);
    }
    log(`${title}: round ${round} of ${rounds}`);
  }
  return comparison;
}

/** Throws unless the responses are equal byte for byte, except for the request id and the date. */
function assertSameResponse(ours: HttpResponse, other: HttpResponse): void {
  const toComparable = ({ status, headers, body, bytes }: HttpResponse) =>
    JSON.stringify([
      status,
      bytes,
      headers
        .map(([name, value]) => [name.toLowerCase(), value])
        .filter(([name]) => name !== 'x-request-id' && name !== 'date')
        .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      body.toString(),
    ]);
  if (toComparable(ours) !== toComparable(other)) {
    throw new Error(`The responses differ:\n${toComparable(ours)}\n${toComparable(other)}`);
  }
}

const toMeasurement = (title: string, name: string, comparison: Comparison): Measurement => ({
  title,
  unit: 'requests/s',
  ours: getRates(comparison.ours),
  other: { name, values: getRates(comparison.other) },
  target: { least: 0.9 },
  byProcessor: computeCpuRatios(comparison),
});
