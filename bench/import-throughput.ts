/** How fast dossiers are imported, beside bare inserts of the same rows into the same tables and indexes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { importSubmission } from '../src/ingest/dossier-service.ts';
import { JSON_BODY_MEDIA_TYPE } from '../src/ingest/media-types.ts';
import { importDossier, validateAgainstStore } from '../src/store/import/import-dossier.ts';
import { openStore, type Store } from '../src/store/open.ts';
import type { GeneratedDossier } from './fixtures/index.ts';
import {
  countRows,
  openRawStore,
  type RawStore,
  type Rows,
  readRevisionRows,
} from './raw-insert-baseline.ts';

/** The ways in which the same facts come into a store. */
const IMPORT_METHODS = {
  submitted: 'from the JSON body: read, checked, planned, written',
  validated: 'from the checked dossier: planned, written',
  raw: 'bare better-sqlite3',
};
type ImportMethod = keyof typeof IMPORT_METHODS;

/** Of one way in one round, in ms: by the clock, and of the processors. */
interface Duration {
  wallMs: number;
  cpuMs: number;
}
type RoundResult = Record<ImportMethod, Duration> & { facts: number };

/** A store for each way, all with the same in them. */
interface TestStores {
  folder: string;
  submitted: Store;
  validated: Store;
  raw: RawStore;
  /** The contributions that `bare` has: one stays as it is when others speak of the fact again. */
  insertedContributions: Set<string>;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Imports each set of dossiers in the three ways, one after the other, into stores with those `before` in them; in new
 * stores for each if they are `apart`.
 */
export async function measureImports(
  parentFolder: string,
  existingDossiers: GeneratedDossier[],
  dossierSets: GeneratedDossier[][],
  separateStores = false,
): Promise<RoundResult[]> {
  const rounds: RoundResult[] = [];
  for (const setsPerStore of separateStores ? dossierSets.map((set) => [set]) : [dossierSets]) {
    const stores = await openStores(parentFolder, existingDossiers);
    try {
      for (const set of setsPerStore) rounds.push(await runRound(stores, set));
      assertSameRowCounts(stores);
    } finally {
      await closeStores(stores);
    }
  }
  return rounds;
}

async function openStores(parentFolder: string, existingDossiers: GeneratedDossier[]): Promise<TestStores> {
  const folder = mkdtempSync(join(parentFolder, 'rate-'));
  // It makes the tables.
  await (await openStore(`file:${join(folder, 'raw')}`)).close();
  const [submitted, validated] = await Promise.all(
    ['submitted', 'validated'].map((method) => openStore(`file:${join(folder, method)}`)),
  );
  const raw = openRawStore(join(folder, 'raw'));
  const stores = { folder, submitted, validated, raw, insertedContributions: new Set() } as TestStores;
  await runRound(stores, existingDossiers);
  return stores;
}

async function closeStores({ folder, submitted, validated, raw }: TestStores): Promise<void> {
  await Promise.all([submitted.close(), validated.close()]);
  raw.close();
  rmSync(folder, { recursive: true });
}

async function runRound(stores: TestStores, dossiers: GeneratedDossier[]): Promise<RoundResult> {
  const bodies = dossiers.map(({ files, parsed }) =>
    Buffer.from(JSON.stringify({ ...(parsed.value as object), text: files.source })),
  );
  const revisions: number[] = [];
  const submitted = await measureAfterGarbageCollection(async () => {
    for (const [index, { files, note }] of dossiers.entries()) {
      const body = bodies[index] as Buffer;
      const job = {
        id: files.id,
        mediaType: JSON_BODY_MEDIA_TYPE,
        body,
        reviewer: null,
        author: 'bench',
        note,
      };
      const { revision } = await importSubmission(stores.submitted, {
        ...job,
        ifMatch: null,
        ifNoneMatch: '*',
      });
      revisions.push(revision);
    }
  });
  let facts = 0;
  let validated: Duration = { wallMs: 0, cpuMs: 0 };
  collectGarbage();
  for (const { files, parsed, note } of dossiers) {
    // One after the other: a report speaks of those before it.
    const { dossier, problems } = await validateAgainstStore(stores.validated, files, parsed);
    if (!dossier) throw new Error(problems[0]?.message);
    facts += dossier.facts.length;
    const duration = await measureDuration(async () => {
      await importDossier(stores.validated, dossier, { author: 'bench', note });
    });
    validated = { wallMs: validated.wallMs + duration.wallMs, cpuMs: validated.cpuMs + duration.cpuMs };
  }
  const rows = revisions.map((n) => readNewRows(stores, n));
  const raw = await measureAfterGarbageCollection(async () => {
    for (const each of rows) stores.raw.insert(each);
  });
  return { submitted, validated, raw, facts };
}

/** The rows that revision `n` wrote, but for those that `bare` has had from an earlier one. */
function readNewRows({ folder, submitted, insertedContributions }: TestStores, n: number): Rows {
  const rows = readRevisionRows(join(folder, 'submitted'), n, submitted.synonyms);
  const contribution = rows['contribution']?.filter((row) => {
    const key = row.slice(0, 3).join('/');
    const isKnown = insertedContributions.has(key);
    insertedContributions.add(key);
    return !isKnown;
  });
  return { ...rows, contribution: contribution ?? [] };
}

/** What was made beforehand must not be cleared away on the time of what is measured. */
function measureAfterGarbageCollection(work: () => Promise<void>): Promise<Duration> {
  collectGarbage();
  return measureDuration(work);
}

async function measureDuration(work: () => Promise<void>): Promise<Duration> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

/** The rows must be as many, in each table of each store. */
function assertSameRowCounts({ folder }: TestStores): void {
  const [submitted, validated, raw] = Object.keys(IMPORT_METHODS).map((method) =>
    countRows(join(folder, method)),
  );
  if (submitted !== raw || validated !== raw)
    throw new Error(`the stores differ: ${submitted} / ${validated} / ${raw}`);
}

/** A table of the medians, with the least and the most, and of each way how it compares with the bare inserts. */
export function formatRates(rounds: RoundResult[]): string {
  const lines = Object.entries(IMPORT_METHODS).map(([method, title]) => {
    const cells = (['wallMs', 'cpuMs'] as const).flatMap((clock) => {
      const rates = sortNumbers(
        rounds.map((each) => (each.facts * 1_000) / each[method as ImportMethod][clock]),
      );
      const ratios = sortNumbers(rounds.map((each) => each.raw[clock] / each[method as ImportMethod][clock]));
      const spread = `${(rates[0] as number).toFixed(0)}–${(rates.at(-1) as number).toFixed(0)}`;
      return [`${computeMedian(rates).toFixed(0)} (${spread})`, computeMedian(ratios).toFixed(2)];
    });
    return `| ${title} | ${cells.join(' | ')} |`;
  });
  const header = '| way | facts a second (least–most) | of bare | facts a second of processor | of bare |';
  return [header, '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}

const sortNumbers = (values: number[]) => values.sort((a, b) => a - b);
const computeMedian = (values: number[]) => values[Math.floor(values.length / 2)] as number;
