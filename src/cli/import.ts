import { formatCount, pluralize } from '../lib/numbers.ts';
import { ImportBatchError, importDossiers } from '../store/import/import-batch.ts';
import type { ImportOptions, ImportOutcome } from '../store/import/import-dossier.ts';
import { collectDossierFolders } from './dossier-folders.ts';
import { CommandError, withPath } from './errors.ts';
import { createOutput } from './output.ts';
import { createProgressBar } from './progress.ts';
import { withStore } from './store.ts';

export interface ImportFoldersOptions {
  author: string;
  reviewer?: string;
  note?: string;
  json?: boolean;
}

/**
 * `summit-facts import <folder...>`. Imports in the order that references need; valid dossiers are imported
 * even if others are refused.
 */
export async function importFolders(
  paths: string[],
  { author, reviewer, note, json = false }: ImportFoldersOptions,
): Promise<void> {
  const output = createOutput({ json });
  const folders = collectDossierFolders(paths);
  const imported: object[] = [];
  await withStore(async (store) => {
    let bar = createProgressBar('import');
    const createImportOptions = ({ id }: { id: string }): ImportOptions => {
      bar = createProgressBar(`${id} (${imported.length + 1} of ${folders.length})`);
      return { author, note: note || null, reviewer: reviewer ?? null, onProgress: bar.update };
    };
    try {
      for await (const { id, folder, outcome } of importDossiers(store, folders, createImportOptions)) {
        bar.clear();
        imported.push({ id, folder, ...outcome });
        output.writeLine(formatOutcome(id, outcome));
      }
    } catch (error) {
      throw error instanceof ImportBatchError ? toCommandError(error, imported, folders.length) : error;
    } finally {
      bar.clear();
    }
  });
  output.writeJson({ imported, problems: [] });
}

const toCommandError = (
  { message, rejected, cycle }: ImportBatchError,
  imported: object[],
  total: number,
): CommandError =>
  new CommandError(
    `${message}\n${rejected.length} of ${formatCount(total, 'dossier')} ${pluralize(rejected.length, 'was', 'were')} refused`,
    {
      imported,
      problems: rejected.flatMap(({ folder, problems }) =>
        problems.map((problem) => withPath(folder, problem)),
      ),
      ...(cycle.length > 0 && { circle: cycle }),
    },
  );

const formatOutcome = (
  id: string,
  { revision, added, modified, retracted, unchanged }: ImportOutcome,
): string =>
  revision === null
    ? `${id}: no changes, the database already has this dossier`
    : `${id}: revision ${revision}, ${added.length} added, ${modified.length} modified, ${retracted.length} retracted, ${unchanged} unchanged`;
