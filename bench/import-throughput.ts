/** How fast dossiers are imported, beside bare inserts of the same rows into the same tables and indexes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { importSent } from '../src/ingest/dossier-service.ts';
import { JSON_BODY } from '../src/ingest/media-types.ts';
import { checkAgainst, importDossier } from '../src/store/import/import-dossier.ts';
import { openStore, type Store } from '../src/store/open.ts';
import type { MadeDossier } from './fixtures/index.ts';
import { type Bare, countsOf, openBare, type Rows, rowsOfRevision } from './raw-insert-baseline.ts';

/** The ways in which the same facts come into a store. */
const WAYS = {
  sent: 'from the JSON body: read, checked, planned, written',
  checked: 'from the checked dossier: planned, written',
  bare: 'bare better-sqlite3',
};
type Way = keyof typeof WAYS;

/** Of one way in one round, in ms: by the clock, and of the processors. */
interface Took {
  wall: number;
  cpu: number;
}
type Round = Record<Way, Took> & { facts: number };

/** A store for each way, all with the same in them. */
interface Trial {
  folder: string;
  sent: Store;
  checked: Store;
  bare: Bare;
  /** The contributions that `bare` has: one stays as it is when others speak of the fact again. */
  contributed: Set<string>;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Imports each set of dossiers in the three ways, one after the other, into stores with those `before` in them; in new
 * stores for each if they are `apart`.
 */
export async function importRate(
  within: string,
  before: MadeDossier[],
  sets: MadeDossier[][],
  apart = false,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (const each of apart ? sets.map((set) => [set]) : [sets]) {
    const trial = await openTrial(within, before);
    try {
      for (const set of each) rounds.push(await round(trial, set));
      refuseUnequal(trial);
    } finally {
      await closeTrial(trial);
    }
  }
  return rounds;
}

async function openTrial(within: string, before: MadeDossier[]): Promise<Trial> {
  const folder = mkdtempSync(join(within, 'rate-'));
  // It makes the tables.
  await (await openStore(`file:${join(folder, 'bare')}`)).close();
  const [sent, checked] = await Promise.all(
    ['sent', 'checked'].map((way) => openStore(`file:${join(folder, way)}`)),
  );
  const bare = openBare(join(folder, 'bare'));
  const trial = { folder, sent, checked, bare, contributed: new Set() } as Trial;
  await round(trial, before);
  return trial;
}

async function closeTrial({ folder, sent, checked, bare }: Trial): Promise<void> {
  await Promise.all([sent.close(), checked.close()]);
  bare.close();
  rmSync(folder, { recursive: true });
}

async function round(trial: Trial, set: MadeDossier[]): Promise<Round> {
  const bodies = set.map(({ files, parsed }) =>
    Buffer.from(JSON.stringify({ ...(parsed.value as object), text: files.source })),
  );
  const revisions: number[] = [];
  const sent = await timed(async () => {
    for (const [index, { files, note }] of set.entries()) {
      const body = bodies[index] as Buffer;
      const job = { id: files.id, mediaType: JSON_BODY, body, reviewer: null, author: 'bench', note };
      const { revision } = await importSent(trial.sent, { ...job, ifMatch: null, ifNoneMatch: '*' });
      revisions.push(revision);
    }
  });
  let facts = 0;
  let checked: Took = { wall: 0, cpu: 0 };
  collectGarbage();
  for (const { files, parsed, note } of set) {
    // One after the other: a report speaks of those before it.
    const { dossier, problems } = await checkAgainst(trial.checked, files, parsed);
    if (!dossier) throw new Error(problems[0]?.message);
    facts += dossier.facts.length;
    const took = await clocked(async () => {
      await importDossier(trial.checked, dossier, { author: 'bench', note });
    });
    checked = { wall: checked.wall + took.wall, cpu: checked.cpu + took.cpu };
  }
  const rows = revisions.map((n) => rowsNewAt(trial, n));
  const bare = await timed(async () => {
    for (const each of rows) trial.bare.insert(each);
  });
  return { sent, checked, bare, facts };
}

/** The rows that revision `n` wrote, but for those that `bare` has had from an earlier one. */
function rowsNewAt({ folder, sent, contributed }: Trial, n: number): Rows {
  const rows = rowsOfRevision(join(folder, 'sent'), n, sent.synonyms);
  const contribution = rows['contribution']?.filter((row) => {
    const key = row.slice(0, 3).join('/');
    const known = contributed.has(key);
    contributed.add(key);
    return !known;
  });
  return { ...rows, contribution: contribution ?? [] };
}

/** What was made beforehand must not be cleared away on the time of what is measured. */
function timed(work: () => Promise<void>): Promise<Took> {
  collectGarbage();
  return clocked(work);
}

async function clocked(work: () => Promise<void>): Promise<Took> {
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - began, cpu: (user + system) / 1_000 };
}

/** The rows must be as many, in each table of each store. */
function refuseUnequal({ folder }: Trial): void {
  const [sent, checked, bare] = Object.keys(WAYS).map((way) => countsOf(join(folder, way)));
  if (sent !== bare || checked !== bare) throw new Error(`the stores differ: ${sent} / ${checked} / ${bare}`);
}

/** A table of the medians, with the least and the most, and of each way how it compares with the bare inserts. */
export function describeRate(rounds: Round[]): string {
  const lines = Object.entries(WAYS).map(([way, title]) => {
    const cells = (['wall', 'cpu'] as const).flatMap((clock) => {
      const rates = sorted(rounds.map((each) => (each.facts * 1_000) / each[way as Way][clock]));
      const ratios = sorted(rounds.map((each) => each.bare[clock] / each[way as Way][clock]));
      const spread = `${(rates[0] as number).toFixed(0)}–${(rates.at(-1) as number).toFixed(0)}`;
      return [`${median(rates).toFixed(0)} (${spread})`, median(ratios).toFixed(2)];
    });
    return `| ${title} | ${cells.join(' | ')} |`;
  });
  const head = '| way | facts a second (least–most) | of bare | facts a second of processor | of bare |';
  return [head, '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}

const sorted = (values: number[]) => values.sort((a, b) => a - b);
const median = (values: number[]) => values[Math.floor(values.length / 2)] as number;
