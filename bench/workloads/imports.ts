/** Imports of dossiers, compared with raw inserts of the same rows into the same tables and indexes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countReports, generateReport } from '../fixtures/index.ts';
import { measureImports } from '../import-throughput.ts';
import type { Workload } from './context.ts';

const MAX_FACTS = 100_000;
/** Number of reports that are in the stores before. */
const EXISTING_REPORTS = 50;

export const importWorkload: Workload = async ({ rounds, facts, dataFolder, log }) => {
  const importedFacts = Math.min(MAX_FACTS, facts);
  const reportsPerRound = Math.max(1, Math.floor(countReports(importedFacts) / rounds));
  const generate = (n: number) => generateReport({ seed: 1, n });
  const existingReports = Array.from({ length: EXISTING_REPORTS }, (_, n) => generate(n));
  const dossierSets = Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: reportsPerRound }, (_, n) =>
      generate(EXISTING_REPORTS + round * reportsPerRound + n),
    ),
  );
  const folder = mkdtempSync(join(dataFolder, 'imports-'));
  try {
    log(`imports: ${rounds} rounds of ${reportsPerRound} reports`);
    const results = await measureImports(folder, existingReports, dossierSets);
    const getRates = (method: 'submitted' | 'raw') =>
      results.map((round) => (round.facts * 1_000) / round[method].wallMs);
    return [
      {
        title: 'Import of reports: parse, validate, plan, write',
        facts: importedFacts,
        unit: 'facts/s',
        ours: getRates('submitted'),
        other: { name: 'better-sqlite3 inserting the same rows', values: getRates('raw') },
        target: { least: 0.5 },
        byProcessor: results.map(({ submitted, raw }) => raw.cpuMs / submitted.cpuMs),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
