import { dossierFolders } from '../dossier/files.ts';
import { ImportsRefused, importAll } from '../store/import/import-batch.ts';
import type { ImportOptions, ImportOutcome } from '../store/import/import-dossier.ts';
import { inFolder, Refused } from './errors.ts';
import { outputFor } from './output.ts';
import { progressBar } from './progress.ts';
import { withStore } from './store.ts';

export interface ImportFoldersOptions {
  author: string;
  reviewer?: string;
  note?: string;
  json?: boolean;
}

/** `summit-facts import <folder...>`: whichever go before which; what can be imported is, even if others are refused. */
export async function importFolders(
  paths: string[],
  { author, reviewer, note, json = false }: ImportFoldersOptions,
): Promise<void> {
  const output = outputFor({ json });
  const folders = paths.flatMap(dossierFolders);
  if (folders.length === 0) throw new Refused(`There is no dossier in ${paths.join(', ')}`);
  const imported: object[] = [];
  await withStore(async (store) => {
    let bar = progressBar('import');
    const optionsFor = ({ id }: { id: string }): ImportOptions => {
      bar = progressBar(`${id} (${imported.length + 1} of ${folders.length})`);
      return { author, note: note || null, reviewer: reviewer ?? null, onProgress: bar.at };
    };
    try {
      for await (const { id, folder, outcome } of importAll(store, folders, optionsFor)) {
        bar.clear();
        imported.push({ id, folder, ...outcome });
        output.line(lineOf(id, outcome));
      }
    } catch (error) {
      throw error instanceof ImportsRefused ? refusal(error, imported) : error;
    } finally {
      bar.clear();
    }
  });
  output.document({ imported, problems: [] });
}

const refusal = ({ message, refused, circle }: ImportsRefused, imported: object[]): Refused =>
  new Refused(message, {
    imported,
    problems: refused.flatMap(({ folder, problems }) => problems.map((problem) => inFolder(folder, problem))),
    ...(circle.length > 0 && { circle }),
  });

const lineOf = (id: string, { revision, added, modified, retracted, unchanged }: ImportOutcome): string =>
  revision === null
    ? `${id}: the store has just this, nothing to do`
    : `${id}: revision ${revision}, ${added.length} added, ${modified.length} modified, ${retracted.length} retracted, ${unchanged} unchanged`;
