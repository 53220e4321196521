/** The same statements from us and from others, repeated and all different. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Rival } from '../comparisons/comparison-server.ts';
import { writeRows } from '../comparisons/export-rows.ts';
import { rivals } from '../comparisons/index.ts';
import {
  questionsOn as questionsOnRows,
  type Workload as RivalKind,
  type Questions as Rows,
} from '../comparisons/requests.ts';
import { questionsOn, withWords } from '../request-generator.ts';
import type { Measured } from '../results.ts';
import { ON_SERVER_CORE, type Running } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { turnOf } from './alternate.ts';
import { type Context, SMALL, storeWith, type Workload, withRunning } from './context.ts';

/** As many of our own paths are made ready for each round. */
const MOST = 20_000;
const SECONDS = 1;
/** Of each kind of question; there are five of them and of rivals. */
const WARM_UP_SECONDS = 2;

const TITLES: Record<RivalKind, string> = {
  page: 'The same page of 20 again',
  pages: 'Pages of 20',
  filtered: 'Pages of 20 by one speaker',
  item: 'Single statements',
  search: 'Pages of 20 that hold a word',
};
const KINDS = Object.keys(TITLES) as RivalKind[];

/** What is asked of a server in a round. */
type PathsOf = (kind: RivalKind, round: number) => string[];

/** Rates by kind, one a round. */
type Rates = Record<RivalKind, number[]>;

/** Each in turn, by turns with a server of ours that was started for it. */
export const againstRivals: Workload = async (context) => {
  const store = await storeWith(context, SMALL);
  if (!store) return [];
  const folder = mkdtempSync(join(context.data, 'rivals-'));
  try {
    await writeRows(store, folder);
    const rows = questionsOnRows(folder);
    const ours = ourPaths(store, rows, context.rounds);
    const found: Measured[] = [];
    for (const rival of rivals) found.push(...(await compare(context, { rival, folder, store, rows, ours })));
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

interface Asked {
  rival: Rival;
  folder: string;
  store: string;
  rows: Rows;
  ours: PathsOf;
}

async function compare(context: Context, { rival, folder, store, rows, ours }: Asked): Promise<Measured[]> {
  const { name, version, notes } = rival;
  let running: Running;
  try {
    running = await rival.start(folder, ON_SERVER_CORE);
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    context.skip(`${name} ${version}: ${why}; npm run bench:comparisons installs it`);
    return [];
  }
  const sides = await withRunning(
    [() => startServer(store, ON_SERVER_CORE), async () => running],
    (servers) => measured(context, name, servers, [ours, theirPaths(rival, rows)]),
  );
  return KINDS.map((kind) => ({
    title: TITLES[kind],
    facts: SMALL,
    unit: 'requests/s',
    ours: sides[0]?.[kind] ?? [],
    other: { name: `${name} ${version}`, values: sides[1]?.[kind] ?? [] },
    target: { least: kind === 'page' ? 3 : 1 },
    ...(notes[kind] && { note: notes[kind] }),
  }));
}

async function measured(
  { rounds, tell }: Context,
  name: string,
  servers: Running[],
  paths: PathsOf[],
): Promise<Rates[]> {
  const found = servers.map(() => Object.fromEntries(KINDS.map((kind) => [kind, []])) as unknown as Rates);
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of KINDS) {
      for (const [index, server] of servers.entries()) {
        const asked = { paths: paths[index]?.(kind, round) ?? [], repeat: index === 1 || kind === 'page' };
        const turn = await turnOf(server, { ...asked, seconds: round === 0 ? WARM_UP_SECONDS : SECONDS });
        if (round > 0) found[index]?.[kind].push(turn.perSecond);
      }
    }
    tell(`rivals, ${name}: round ${round} of ${rounds}`);
  }
  return found;
}

/** Ours keeps answers, so it is asked nothing twice but the page that is asked for again; facts of any type, to have enough. */
function ourPaths(store: string, { words }: Rows, rounds: number): PathsOf {
  const { pages, filtered, items } = questionsOn(store);
  const of = { pages, filtered, item: items, search: withWords(store, words) };
  return (kind, round) => {
    if (kind === 'page') return ['/v1/statements?limit=20'];
    const { count, at } = of[kind];
    const each = Math.min(MOST, Math.floor(count / (rounds + 1)));
    return Array.from({ length: each }, (_, n) => at(round * each + n));
  };
}

/** The others keep none: they are asked the same hundred of each kind in turn. */
function theirPaths({ urls }: Rival, { places, speakers, ids, words }: Rows): PathsOf {
  const paths: Record<RivalKind, string[]> = {
    page: [urls.page],
    pages: places.map(urls.pages),
    filtered: speakers.map(urls.filtered),
    item: ids.map(urls.item),
    search: words.map(urls.search),
  };
  return (kind) => paths[kind];
}
