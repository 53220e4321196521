/** The same questions to a small and to a large store, one after the other: how long an answer takes. */

import { firstPages, type Questions, questionsOn } from '../request-generator.ts';
import type { Measured } from '../results.ts';
import { ON_SERVER_CORE, type Running } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { type Turn, turnOf, WARM_UP_SECONDS } from './alternate.ts';
import { type Context, SMALL, storeWith, type Workload, withRunning } from './context.ts';

/** More than one client is answered that waits for each answer. */
const MOST_PER_SECOND = 10_000;

export const QUESTIONS = {
  'First page': () => firstPages(),
  'A page by cursor, all over the list': (store: string) => questionsOn(store).pages,
  'Filtered page': (store: string) => questionsOn(store).filtered,
  'Single fact': (store: string) => questionsOn(store).items,
};

export const size: Workload = async (context) => {
  const { facts } = context;
  if (facts === SMALL) context.skip(`the large store is to have more than ${SMALL} facts`);
  const [small, large] = [await storeWith(context, SMALL), await storeWith(context, facts)];
  if (!small || !large || facts === SMALL) return [];
  const start = [small, large].map((store) => () => startServer(store, ON_SERVER_CORE));
  return withRunning(start, async (servers) => {
    const rows: Measured[] = [];
    for (const [title, of] of Object.entries(QUESTIONS)) {
      rows.push(...(await measure(context, title, servers, [of(small), of(large)])));
    }
    return rows;
  });
};

async function measure(
  { facts, rounds, seconds, tell }: Context,
  title: string,
  servers: Running[],
  questions: Questions[],
): Promise<Measured[]> {
  const turns: Turn[][] = [[], []];
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, server] of servers.entries()) {
      const { count, at, warmUp } = questions[index] as Questions;
      const each = Math.min(seconds * MOST_PER_SECOND, Math.floor(count / rounds));
      const path = round === 0 ? warmUp : (n: number) => at((round - 1) * each + n);
      const paths = Array.from({ length: round === 0 ? WARM_UP_SECONDS * MOST_PER_SECOND : each }, (_, n) =>
        path(n),
      );
      const turn = await turnOf(server, {
        paths,
        seconds: round === 0 ? WARM_UP_SECONDS : seconds,
        connections: 1,
      });
      if (round > 0) turns[index]?.push(turn);
    }
    tell(`size, ${title}: round ${round} of ${rounds}`);
  }
  const [small, large] = turns as [Turn[], Turn[]];
  return (['p50Ms', 'p99Ms'] as const).map((what) => ({
    title: `${title}, ${what.slice(0, 3)}`,
    facts,
    unit: 'ms',
    ours: large.map((turn) => turn[what]),
    other: { name: `the same at ${SMALL} facts`, values: small.map((turn) => turn[what]) },
    target: { most: 1.3 },
  }));
}
