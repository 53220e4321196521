/** Import throughput, compared with raw inserts of the same rows into the same tables and indexes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { JSON_BODY_MEDIA_TYPE } from '../src/http/body-media-types.ts';
import { importSubmission } from '../src/ingest/dossier-service.ts';
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
import { computeMedian, computeSpread } from './stats.ts';

/** Ways to write the same facts into a store. */
const IMPORT_METHODS = {
  submitted: 'JSON body: parse, validate, plan, write',
  validated: 'validated dossier: plan, write',
  raw: 'raw inserts with better-sqlite3',
};
type ImportMethod = keyof typeof IMPORT_METHODS;

/** Elapsed and CPU time of one method in one round. */
interface Duration {
  wallMs: number;
  cpuMs: number;
}
type RoundResult = Record<ImportMethod, Duration> & { facts: number };

/** Stores with the same content, one for each method. */
interface TestStores {
  folder: string;
  submitted: Store;
  validated: Store;
  raw: RawStore;
  /**
   * Keys of the contributions in `raw`. A contribution stays unchanged when other dossiers amend the fact
   * later.
   */
  insertedContributions: Set<string>;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Imports each set of dossiers with the three methods in turn, into stores that contain `existingDossiers`;
 * with `separateStores`, each set into new stores.
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
  // Creates the tables.
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
    // In sequence, because a report refers to earlier ones.
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

/** Reads the rows that revision `n` wrote, without the contributions that `raw` already contains. */
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

/** Collects garbage first, so that earlier allocations do not count against the measured work. */
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

/** Throws unless each table has the same number of rows in all stores. */
function assertSameRowCounts({ folder }: TestStores): void {
  const [submitted, validated, raw] = Object.keys(IMPORT_METHODS).map((method) =>
    countRows(join(folder, method)),
  );
  if (submitted !== raw || validated !== raw)
    throw new Error(`The row counts of the stores differ: ${submitted} / ${validated} / ${raw}`);
}

/** Formats a table of the median rates with their ranges, and their ratios to the raw inserts. */
export function formatRates(rounds: RoundResult[]): string {
  const lines = Object.entries(IMPORT_METHODS).map(([method, title]) => {
    const cells = (['wallMs', 'cpuMs'] as const).flatMap((clock) => {
      const { median, min, max } = computeSpread(
        rounds.map((each) => (each.facts * 1_000) / each[method as ImportMethod][clock]),
      );
      const ratios = rounds.map((each) => each.raw[clock] / each[method as ImportMethod][clock]);
      return [`${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`, computeMedian(ratios).toFixed(2)];
    });
    return `| ${title} | ${cells.join(' | ')} |`;
  });
  const header = '| method | facts/s (range) | ratio to raw | facts per CPU second (range) | ratio to raw |';
  return [header, '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}
