/**
 * What a question costs as the store grows, from 10³ to 10⁶ facts, and what an import does: `npm run bench:growth`. The figures
 * go into bench/scaling.json, of which bench/plot.ts draws docs/performance.svg.
 */
import { copyFileSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../src/store/open.ts';
import { FACTS_PER_REPORT, type MadeDossier, reportOf, reportsFor } from './fixtures/index.ts';
import { askWell } from './http-client.ts';
import { add } from './import-fixtures.ts';
import { firstPages, type Questions, questionsOn } from './request-generator.ts';
import { machineOf } from './results.ts';
import { ON_SERVER_CORE } from './spawn-server.ts';
import { startServer } from './start-server.ts';
import { spreadOf } from './stats.ts';

/** What was measured on one store. */
export interface Size {
  facts: number;
  fileMB: number;
  importFactsPerSecond: number;
  /** The median of answers, in ms, by what was asked. */
  questions: Record<string, number>;
}

export interface Growth {
  date: string;
  machine: ReturnType<typeof machineOf>;
  sizes: Size[];
}

/** So many answers, if they come within the time. */
const REQUESTS = 60;
const WARM_UP = 30;
const MOST_MS = 20_000;
/** How many reports are imported into a copy. */
const REPORTS = 10;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'bench/generate-store' },
    out: { type: 'string', default: join(import.meta.dirname, 'scaling.json') },
  },
});

const sizes: Size[] = [];
for (const facts of [1_000, 10_000, 100_000, 1_000_000]) {
  const path = join(values.data, `${facts}-1.sqlite`);
  if (existsSync(path)) sizes.push(await measure(path, facts));
  else tell(`${path} is not there: npm run bench:data -- --facts ${facts} --seed 1 makes it`);
}
const growth: Growth = { date: new Date().toISOString().slice(0, 10), machine: machineOf(), sizes };
writeFileSync(values.out, `${JSON.stringify(growth, null, 1)}\n`);

async function measure(path: string, facts: number): Promise<Size> {
  const questions: Size['questions'] = {};
  const server = await startServer(path, ON_SERVER_CORE);
  try {
    for (const [title, { at, warmUp }] of Object.entries(questionsAbout(path))) {
      await timesOf(server.url, warmUp, WARM_UP);
      const { median } = spreadOf(await timesOf(server.url, at, REQUESTS));
      questions[title] = Number(median.toPrecision(3));
      tell(`${facts} facts, ${title}: ${questions[title]} ms`);
    }
  } finally {
    await server.stop();
  }
  const importFactsPerSecond = Math.round(await importsInto(path, facts));
  tell(`${facts} facts, import: ${importFactsPerSecond} facts a second`);
  return {
    facts,
    fileMB: Number((statSync(path).size / 1e6).toPrecision(3)),
    importFactsPerSecond,
    questions,
  };
}

/** How long each answer takes, in ms, one after the other. */
async function timesOf(url: string, path: (n: number) => string, count: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + MOST_MS;
  for (let n = 0; n < count && performance.now() < end; n += 1) {
    const began = performance.now();
    await askWell(url + path(n));
    times.push(performance.now() - began);
  }
  return times;
}

/** None is asked twice, so that no answer is one that was kept. */
function questionsAbout(path: string): Record<string, Pick<Questions, 'at' | 'warmUp'>> {
  const { pages, filtered, items } = questionsOn(path);
  const numbered = (at: Questions['at']) => ({ at, warmUp: (n: number) => at(n + REQUESTS) });
  return {
    'first page': firstPages(),
    'page by cursor': pages,
    'filtered page': filtered,
    'single fact': items,
    'rare search': numbered((n) => `/v1/search?limit=20&q=plan%20${n}`),
    'frequent search': numbered((n) => `/v1/search?limit=${1 + n}&q=grain`),
    facet: numbered((n) => `/v1/events/facets?by=kind&limit=${1 + n}`),
  };
}

/** At what rate reports come into a copy of the store, the first aside. */
async function importsInto(path: string, facts: number): Promise<number> {
  const copy = `${path}.copy`;
  copyFileSync(path, copy);
  const store = await openStore(`file:${copy}`);
  try {
    // Later ones than the store has.
    const reports = Array.from({ length: REPORTS + 1 }, (_, n) =>
      reportOf({ seed: 1, n: reportsFor(facts) + n }),
    );
    const [first, ...others] = reports as [MadeDossier, ...MadeDossier[]];
    await add(store, first);
    const began = performance.now();
    for (const report of others) await add(store, report);
    return (REPORTS * FACTS_PER_REPORT * 1_000) / (performance.now() - began);
  } finally {
    await store.close();
    for (const end of ['', '-wal', '-shm']) rmSync(copy + end, { force: true });
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
