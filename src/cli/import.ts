import { readConfig } from '../config.ts';
import { dossierFolders, readDossier } from '../dossier/files.ts';
import { type CheckProblem, describeProblem } from '../dossier/report.ts';
import { openStore, type Store } from '../store/open.ts';
import {
  checkAgainst,
  ImportConflict,
  type ImportOptions,
  type ImportOutcome,
  importDossier,
} from '../store/write.ts';
import { inFolder, Refused } from './failure.ts';
import { outputFor } from './print.ts';
import { progressBar } from './progress.ts';

export interface ImportFoldersOptions {
  author: string;
  reviewer?: string;
  note?: string;
  json?: boolean;
}

/** What became of a dossier, as `--json` gives it. */
interface Imported extends ImportOutcome {
  id: string;
  folder: string;
}

/** `summit-facts import <folder...>`: those before one that is refused stay imported. */
export async function importFolders(
  paths: string[],
  { author, reviewer, note, json = false }: ImportFoldersOptions,
): Promise<void> {
  const output = outputFor({ json });
  const folders = paths.flatMap(dossierFolders);
  if (folders.length === 0) throw new Refused(`There is no dossier in ${paths.join(', ')}`);
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  const imported: Imported[] = [];
  try {
    for (const [index, folder] of folders.entries()) {
      const bar = progressBar(`${folder} (${index + 1} of ${folders.length})`);
      const options = { author, note: note || null, reviewer: reviewer ?? null, onProgress: bar.at };
      const done = await importFolder(store, folder, options, imported).finally(bar.clear);
      imported.push(done);
      output.line(lineOf(done));
    }
  } finally {
    await store.close();
  }
  output.document({ imported, problems: [] });
}

async function importFolder(
  store: Store,
  folder: string,
  options: ImportOptions,
  before: Imported[],
): Promise<Imported> {
  const files = readDossier(folder);
  const refuse = (problems: CheckProblem[]) =>
    new Refused(problems.map((problem) => describeProblem(folder, problem)).join('\n'), {
      imported: before,
      problems: problems.map((problem) => inFolder(folder, problem)),
    });
  const { dossier, problems } = await checkAgainst(store, files);
  if (!dossier) throw refuse(problems);
  const outcome = await importDossier(store, dossier, options).catch((error: unknown) => {
    throw error instanceof ImportConflict ? refuse(error.problems) : error;
  });
  return { id: files.id, folder, ...outcome };
}

const lineOf = ({ id, revision, added, modified, retracted, unchanged }: Imported): string =>
  revision === null
    ? `${id}: the store has just this, nothing to do`
    : `${id}: revision ${revision}, ${added.length} added, ${modified.length} modified, ${retracted.length} retracted, ${unchanged} unchanged`;
