/**
 * Generates a store of any size: `npm run bench:data -- --facts 1000000 --seed 1` writes
 * `bench/data/1000000-1.sqlite`. `--out` names another file, `--url` an empty database to fill instead.
 */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { openStore, type Store } from '../src/store/open.ts';
import { maskPassword } from '../src/store/url.ts';
import type { ArchiveOptions } from './fixtures/index.ts';
import { importGeneratedArchive } from './import-fixtures.ts';
import { createProgressReporter } from './progress.ts';

/** Invalid option; reported without a stack trace. */
class UsageError extends Error {}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError) && !isParseArgsError(error)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      facts: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      url: { type: 'string' },
    },
  });
  const { out, url } = values;
  if (url !== undefined && out !== undefined)
    throw new UsageError('--out and --url exclude each other; pass one of them');
  const options = {
    facts: parseInteger('--facts', values.facts, 1),
    seed: parseInteger('--seed', values.seed, 0),
  };
  if (url !== undefined) await generateStore(url, options);
  else await createStoreFile(out ?? `bench/data/${options.facts}-${options.seed}.sqlite`, options);
}

/** Creates the file under a temporary name, so that `path` never names an incomplete store. */
async function createStoreFile(path: string, options: ArchiveOptions): Promise<void> {
  if (existsSync(path))
    throw new UsageError(`--out ${path}: the file exists; delete it or choose another path`);
  mkdirSync(dirname(path), { recursive: true });
  const partialPath = `${path}.part`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(partialPath + suffix, { force: true });
  await generateStore(`file:${partialPath}`, options);
  renameSync(partialPath, path);
  print(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
}

async function generateStore(url: string, { facts, seed }: ArchiveOptions): Promise<void> {
  const store = await openStore(url);
  try {
    if (await hasRevisions(store)) {
      throw new UsageError(`${maskPassword(url)} already contains dossiers; use an empty database`);
    }
    const startedAt = performance.now();
    await importGeneratedArchive(store, {
      facts,
      seed,
      onProgress: createProgressReporter(`${facts} facts`),
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    const { total, lines } = await countFacts(store);
    print(lines.join('\n'));
    print(`${total} facts in ${seconds.toFixed(0)} s, ${(total / seconds).toFixed(0)} facts/s`);
  } finally {
    await store.close();
  }
}

function hasRevisions({ read }: Store): Promise<boolean> {
  return read(async (db) => (await db.selectFrom('revision').select('n').limit(1).execute()).length > 0);
}

/** Counts facts and versions by type. */
async function countFacts(store: Store): Promise<{ total: number; lines: string[] }> {
  const { types, revisions } = await store.read(async (db) => ({
    types: await db
      .selectFrom('fact')
      .select(['type', sql<number>`count(distinct id)`.as('facts'), sql<number>`count(*)`.as('versions')])
      .groupBy('type')
      .orderBy('type')
      .execute(),
    revisions: await db
      .selectFrom('revision')
      .select(sql<number>`count(*)`.as('n'))
      .executeTakeFirstOrThrow(),
  }));
  const lines = types.map(({ type, facts, versions }) => `${type}: ${facts} facts, ${versions} versions`);
  const sum = (column: 'facts' | 'versions') => types.reduce((total, row) => total + Number(row[column]), 0);
  return {
    total: sum('facts'),
    lines: [...lines, `total: ${sum('versions')} versions in ${revisions.n} revisions`],
  };
}

function parseInteger(option: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || !Number.isSafeInteger(value)) {
    throw new UsageError(`${option} ${text}: must be an integer, ${min} or greater`);
  }
  return value;
}

function isParseArgsError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
