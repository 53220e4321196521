/** Time to validate and import a large dossier: `npm run bench:large -- 20000`, with the number of facts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJson } from '../src/dossier/parse-json.ts';
import type { DossierFiles } from '../src/dossier/validate.ts';
import { importDossier, validateAgainstStore } from '../src/store/import/import-dossier.ts';
import { openStore, type Store } from '../src/store/open.ts';
import { type GeneratedDossier, generateLargeReport, generateReport } from './fixtures/index.ts';
import { getPersonName } from './fixtures/names.ts';
import { importGeneratedDossier } from './import-fixtures.ts';

const facts = Number(process.argv[2] ?? 20_000);
/** Number of earlier reports, which the large one refers to. */
const EARLIER_REPORTS = 20;
const reports = Array.from({ length: EARLIER_REPORTS }, (_, n) => generateReport({ seed: 1, n }));
const largeDossier = generateLargeReport({ seed: 1, n: EARLIER_REPORTS, facts }).files;
const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const store = await openStore(process.argv[3] ?? `file:${join(folder, 'bench.sqlite')}`);
try {
  for (const report of reports) await importGeneratedDossier(store, report);
  await measureStep(store, 'first import', largeDossier);
  const edited = largeDossier.facts.replace('"status":"scheduled"', '"status":"held"');
  await measureStep(store, 'one fact edited', { ...largeDossier, facts: edited });
  // Renames the most frequent person, which changes the labels of all statements by that person.
  const [first] = reports as [GeneratedDossier];
  const formatNameField = (name: string) => `"name":${JSON.stringify(name)}`;
  const renamed = first.files.facts.replace(
    formatNameField(getPersonName(0).full),
    formatNameField('Anna Maria Bērziņš 0'),
  );
  await measureStep(store, 'one person renamed', { ...first.files, facts: renamed });
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}

async function measureStep(store: Store, title: string, files: DossierFiles): Promise<void> {
  const startedAt = performance.now();
  const { dossier, problems } = await validateAgainstStore(store, files, parseJson(files.facts));
  if (!dossier) throw new Error(problems.map(({ message }) => message).join('\n'));
  const checkedAt = performance.now();
  const result = await importDossier(store, dossier, { author: 'bench', note: title });
  const endedAt = performance.now();
  const formatSeconds = (ms: number) => (ms / 1_000).toFixed(1);
  const factsPerSecond = ((dossier.facts.length * 1_000) / (endedAt - startedAt)).toFixed(0);
  const changed = result.added.length + result.modified.length;
  const memory = Math.round(process.resourceUsage().maxRSS / 1_024);
  process.stdout.write(
    `${title}: ${dossier.facts.length} facts, validated in ${formatSeconds(checkedAt - startedAt)} s, imported in ${formatSeconds(endedAt - checkedAt)} s, ${factsPerSecond} facts/s; ${changed} versions; peak memory ${memory} MB\n`,
  );
}
