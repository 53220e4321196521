/** Dossiers that come in, beside bare inserts of the same rows into the same tables and indexes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { reportOf, reportsFor } from '../fixtures/index.ts';
import { importRate } from '../import-throughput.ts';
import type { Workload } from './context.ts';

const MOST_FACTS = 100_000;
/** What is in the stores before. */
const BEFORE = 50;

export const imports: Workload = async ({ rounds, facts, data, tell }) => {
  const imported = Math.min(MOST_FACTS, facts);
  const each = Math.max(1, Math.floor(reportsFor(imported) / rounds));
  const report = (n: number) => reportOf({ seed: 1, n });
  const before = Array.from({ length: BEFORE }, (_, n) => report(n));
  const sets = Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: each }, (_, n) => report(BEFORE + round * each + n)),
  );
  const folder = mkdtempSync(join(data, 'imports-'));
  try {
    tell(`imports: ${rounds} rounds of ${each} reports`);
    const found = await importRate(folder, before, sets);
    const rate = (way: 'sent' | 'bare') => found.map((round) => (round.facts * 1_000) / round[way].wall);
    return [
      {
        title: 'Import of reports: read, checked, planned and written',
        facts: imported,
        unit: 'facts/s',
        ours: rate('sent'),
        other: { name: 'better-sqlite3 inserting the same rows', values: rate('bare') },
        target: { least: 0.5 },
        byProcessor: found.map(({ sent, bare }) => bare.cpu / sent.cpu),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
