/** How long one large dossier takes, step by step: `npm run bench:large -- 20000`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJson } from '../src/dossier/parse-json.ts';
import type { DossierFiles } from '../src/dossier/validate.ts';
import { checkAgainst, importDossier } from '../src/store/import/import-dossier.ts';
import { openStore, type Store } from '../src/store/open.ts';
import { largeReport, type MadeDossier, reportOf } from './fixtures/index.ts';
import { personName } from './fixtures/names.ts';
import { add } from './import-fixtures.ts';

const facts = Number(process.argv[2] ?? 20_000);
/** Reports that come before it, for it to speak of. */
const EARLIER = 20;
const reports = Array.from({ length: EARLIER }, (_, n) => reportOf({ seed: 1, n }));
const large = largeReport({ seed: 1, n: EARLIER, facts }).files;
const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const store = await openStore(process.argv[3] ?? `file:${join(folder, 'bench.sqlite')}`);
try {
  for (const report of reports) await add(store, report);
  await step(store, 'first import', large);
  const edited = large.facts.replace('"status":"scheduled"', '"status":"held"');
  await step(store, 'one fact edited', { ...large, facts: edited });
  // The person who is spoken of the most: the label of every statement by her follows.
  const [first] = reports as [MadeDossier];
  const name = (of: string) => `"name":${JSON.stringify(of)}`;
  const renamed = first.files.facts.replace(name(personName(0).full), name('Anna Maria Bērziņš 0'));
  await step(store, 'one person renamed', { ...first.files, facts: renamed });
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}

async function step(store: Store, title: string, files: DossierFiles): Promise<void> {
  const began = performance.now();
  const { dossier, problems } = await checkAgainst(store, files, parseJson(files.facts));
  if (!dossier) throw new Error(problems.map(({ message }) => message).join('\n'));
  const checked = performance.now();
  const done = await importDossier(store, dossier, { author: 'bench', note: title });
  const ended = performance.now();
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const rate = ((dossier.facts.length * 1_000) / (ended - began)).toFixed(0);
  const changed = done.added.length + done.modified.length;
  const memory = Math.round(process.resourceUsage().maxRSS / 1_024);
  process.stdout.write(
    `${title}: ${dossier.facts.length} facts, checked in ${seconds(checked - began)} s, imported in ${seconds(ended - checked)} s, ${rate} a second; ${changed} versions; ${memory} MB at most\n`,
  );
}
