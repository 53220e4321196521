/** What a start does with the dossiers in git: imports those that the store has never seen, and only those. */
import { listDossierFolders, readDossier } from './dossier/files.ts';
import { isPermissionDenied } from './store/database.ts';
import type { Store } from './store/open.ts';
import { findCurrentDossier, findRedaction, hasBeenImported } from './store/queries/dossiers.ts';

export const DOSSIERS_FOLDER = 'db/dossiers';

export interface SeedReport {
  imported: string[];
  /** Folders that hold something else than the store: a restart must not undo a correction. */
  outdated: string[];
}

export async function seed(store: Store, path: string, now?: () => Date): Promise<SeedReport> {
  const report: SeedReport = { imported: [], outdated: [] };
  const newFolders: string[] = [];
  for (const folder of listDossierFolders(path)) {
    const files = readDossier(folder);
    const storeState = await store.read(async (db) => ({
      existed: await hasBeenImported(db, files.id),
      currentDossier: await findCurrentDossier(db, files.id),
      redaction: await findRedaction(db, files.id),
    }));
    // Nobody is to be told how to import what was taken out.
    if (storeState.redaction) continue;
    const isUnchanged =
      storeState.currentDossier?.source === files.source && storeState.currentDossier.facts === files.facts;
    if (!storeState.existed) newFolders.push(folder);
    else if (!isUnchanged) report.outdated.push(folder);
  }
  if (newFolders.length > 0) report.imported = await importNewDossiers(store, path, newFolders, now);
  return report;
}

async function importNewDossiers(
  store: Store,
  path: string,
  folders: string[],
  now?: () => Date,
): Promise<string[]> {
  // Most starts find nothing new, and can do without all that checks a dossier.
  const { ImportBatchError, importDossiers } = await import('./store/import/import-batch.ts');
  const imported: string[] = [];
  const createImportOptions = ({ id }: { id: string }) => ({
    author: 'seed',
    note: `First import of ${id}`,
    onlyIfNew: true,
    ...(now && { now }),
  });
  try {
    for await (const { id, outcome } of importDossiers(store, folders, createImportOptions)) {
      if (outcome.revision !== null) imported.push(id);
    }
  } catch (error) {
    if (error instanceof ImportBatchError)
      throw new Error(`Some dossiers in ${path} cannot be imported:\n${error.message}`);
    if (!isPermissionDenied(error)) throw error;
    throw new Error(
      `A dossier in ${path} is not in the store, and this user may not write there: ${error.message}`,
    );
  }
  return imported;
}
