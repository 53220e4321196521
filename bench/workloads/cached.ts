/** A page that is asked for again, with and without an ETag, beside bare Fastify that sends the same bytes. */
import { type Answer, ask, askWell } from '../http-client.ts';
import type { Measured } from '../results.ts';
import { launch, ON_SERVER_CORE, type Running } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { holdBytes } from '../wrk.ts';
import { byProcessor, type Duel, rates, turnOf, WARM_UP_SECONDS } from './alternate.ts';
import { type Context, SMALL, storeWith, type Workload, withRunning } from './context.ts';

const PATH = '/v1/statements?limit=20';

export const hit: Workload = async (context) => {
  const store = await storeWith(context, SMALL);
  if (!store) return [];
  return withRunning([() => startServer(store, ON_SERVER_CORE)], ([ours]) =>
    withRunning([() => launchRoute(ours as Running)], ([route]) =>
      both(context, ours as Running, route as Running),
    ),
  );
};

async function both(context: Context, ours: Running, route: Running): Promise<Measured[]> {
  const etag = (await askWell(ours.url + PATH)).headers.find(([name]) => name === 'etag')?.[1] as string;
  const headers = { 'If-None-Match': etag };
  const full = await duel(context, ours, route, { title: 'hit', path: '/full', headers: {} });
  const empty = await duel(context, ours, route, { title: 'hit, 304', path: '/empty', headers });
  return [
    row('The same page of 20 again', 'Fastify sending the same bytes', full),
    row('The same, `If-None-Match`: 304', 'Fastify sending the same 304', empty),
  ];
}

const launchRoute = ({ url }: Running): Promise<Running> =>
  launch([process.execPath, 'bench/baselines/route-server.ts', url, PATH], {
    name: 'the bare route',
    under: ON_SERVER_CORE,
  });

interface Asked {
  title: string;
  /** Of the yardstick. */
  path: string;
  headers: Record<string, string>;
}

async function duel(
  { rounds, seconds, tell }: Context,
  ours: Running,
  route: Running,
  { title, path, headers }: Asked,
): Promise<Duel> {
  const sides = { ours: { server: ours, path: PATH }, other: { server: route, path } };
  const [first, second] = [await ask(ours.url + PATH, headers), await ask(route.url + path, headers)];
  holdSame(first, second);
  const turns: Duel = { ours: [], other: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of ['ours', 'other'] as const) {
      const { server, path } = sides[side];
      const asked = {
        paths: [path],
        repeat: true,
        headers,
        seconds: round === 0 ? WARM_UP_SECONDS : seconds,
      };
      const turn = await turnOf(server, asked);
      holdBytes(path, turn, first.bytes);
      if (round > 0) turns[side].push(turn);
    }
    tell(`${title}: round ${round} of ${rounds}`);
  }
  return turns;
}

/** All but the id of the request and the date must be the same, to the byte. */
function holdSame(ours: Answer, theirs: Answer): void {
  const comparable = ({ status, headers, body, bytes }: Answer) =>
    JSON.stringify([
      status,
      bytes,
      headers
        .map(([name, value]) => [name.toLowerCase(), value])
        .filter(([name]) => name !== 'x-request-id' && name !== 'date')
        .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      body.toString(),
    ]);
  if (comparable(ours) !== comparable(theirs)) {
    throw new Error(`the answers differ:\n${comparable(ours)}\n${comparable(theirs)}`);
  }
}

const row = (title: string, name: string, duel: Duel): Measured => ({
  title,
  unit: 'requests/s',
  ours: rates(duel.ours),
  other: { name, values: rates(duel.other) },
  target: { least: 0.9 },
  byProcessor: byProcessor(duel),
});
