/** Questions that are never asked twice, beside tables that are made for just them. */
import { join } from 'node:path';
import { tablesOf } from '../baselines/tables.ts';
import { type Answer, askWell } from '../http-client.ts';
import { KINDS, type Kind, type Questions, questionsOn } from '../request-generator.ts';
import type { Measured } from '../results.ts';
import { launch, ON_SERVER_CORE, type Running } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { holdBytes } from '../wrk.ts';
import { byProcessor, type Duel, rates, turnOf, WARM_UP_SECONDS } from './alternate.ts';
import { type Context, sizesOf, storeWith, type Workload, withRunning } from './context.ts';

/** As many are made ready; who is faster is stopped when they are used up. */
const MOST_PER_SECOND = 15_000;
/** How many answers are held against the yardstick's beforehand. */
const SAMPLE = 200;
/** How far the mean length of answers may be from that of the sample: pages of hits hold from one to twenty. */
const TOLERANCE = 0.4;

const TITLES: Record<Kind, string> = {
  pages: 'Pages of 20, all different',
  filtered: 'Filtered pages of 20, all different',
  items: 'Single facts, all different',
  searches: 'Searches for two words, all different',
};

export const miss: Workload = async (context) => {
  const rows: Measured[] = [];
  for (const facts of sizesOf(context)) {
    const store = await storeWith(context, facts);
    if (!store) continue;
    context.tell(`the yardstick's tables of ${facts} facts`);
    const tables = await tablesOf(store, join(context.data, `yardstick-${facts}.sqlite`));
    const questions = questionsOn(store);
    for (const kind of KINDS)
      rows.push(await measure(context, { kind, facts, store, tables, of: questions[kind] }));
  }
  return rows;
};

interface Asked {
  kind: Kind;
  facts: number;
  store: string;
  tables: string;
  of: Questions;
}

/** Both are started anew whenever the questions are used up. */
async function measure(context: Context, asked: Asked): Promise<Measured> {
  const { rounds, seconds, tell } = context;
  const { kind, facts, of } = asked;
  const perRound = Math.min(of.count, seconds * MOST_PER_SECOND);
  const roundsALife = Math.min(rounds, Math.floor(of.count / perRound));
  const bytes = await withSides(asked, (sides) => sampled(of, sides));
  const warmUp = Array.from({ length: WARM_UP_SECONDS * MOST_PER_SECOND }, (_, n) => of.warmUp(n));
  const duel: Duel = { ours: [], other: [] };
  while (duel.ours.length < rounds) {
    await withSides(asked, async (sides) => {
      for (const side of SIDES) await turnOf(sides[side], { paths: warmUp, seconds: WARM_UP_SECONDS });
      for (let round = 0; round < roundsALife && duel.ours.length < rounds; round += 1) {
        const paths = Array.from({ length: perRound }, (_, n) => of.at(round * perRound + n));
        for (const side of SIDES) {
          const turn = await turnOf(sides[side], { paths, seconds });
          holdBytes(`${side}, ${kind}`, turn, bytes[side], TOLERANCE);
          duel[side].push(turn);
        }
        tell(`miss, ${kind} of ${facts} facts: round ${duel.ours.length} of ${rounds}`);
      }
    });
  }
  return {
    title: TITLES[kind],
    facts,
    unit: 'requests/s',
    ours: rates(duel.ours),
    other: { name: 'better-sqlite3 on tables made for the question, and Fastify', values: rates(duel.other) },
    target: { least: 0.75 },
    byProcessor: byProcessor(duel),
    note: `${roundsALife * perRound} different URLs${roundsALife < rounds ? ' in each life of a server' : ''}`,
  };
}

const SIDES = ['ours', 'other'] as const;
type Sides<T> = Record<(typeof SIDES)[number], T>;

const withSides = <T>({ store, tables }: Asked, use: (sides: Sides<Running>) => Promise<T>): Promise<T> =>
  withRunning([() => startServer(store, ON_SERVER_CORE), () => launchTables(tables)], ([ours, other]) =>
    use({ ours, other } as Sides<Running>),
  );

export const launchTables = (tables: string, under = ON_SERVER_CORE): Promise<Running> =>
  launch([process.execPath, 'bench/baselines/tables-server.ts', tables], {
    name: 'the yardstick',
    under,
  });

/** Throws unless a sample of the answers is the same from both; gives how long those of each are. */
async function sampled(of: Questions, sides: Sides<Running>): Promise<Sides<number>> {
  const count = Math.min(SAMPLE, of.count);
  const sum = { ours: 0, other: 0 };
  for (let n = 0; n < count; n += 1) {
    const path = of.at(n);
    const [ours, other] = [await askWell(sides.ours.url + path), await askWell(sides.other.url + path)];
    holdSameBody(path, ours, other);
    sum.ours += ours.bytes;
    sum.other += other.bytes;
  }
  return { ours: sum.ours / count, other: sum.other / count };
}

function holdSameBody(path: string, ours: Answer, theirs: Answer): void {
  if (ours.body.equals(theirs.body)) return;
  throw new Error(
    `${path}: the yardstick answers something else; if the store or the API has changed, delete its tables:\n` +
      `${ours.body.toString().slice(0, 3_000)}\n${theirs.body.toString().slice(0, 3_000)}`,
  );
}
