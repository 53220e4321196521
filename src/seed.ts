/** Imports the dossiers in git that the database has never seen, and only those, when the server starts. */
import { listDossierFolders, readDossier } from './dossier/files.ts';
import { isPermissionDenied } from './store/database.ts';
import type { Store } from './store/open.ts';
import { findCurrentDossier, findRedaction, hasBeenImported } from './store/queries/dossiers.ts';

export const DOSSIERS_FOLDER = 'db/dossiers';

export interface SeedReport {
  imported: string[];
  /** Folders that differ from the database. They are not imported: a restart must not undo a correction. */
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
    // A redacted dossier is not outdated: the log must not suggest importing it.
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
  // Loaded only here: most starts find no new dossier, and do not need the validator.
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
      throw new Error(
        `Some dossiers in ${path} cannot be imported; correct or remove them:\n${error.message}`,
      );
    if (!isPermissionDenied(error)) throw error;
    throw new Error(
      `A dossier in ${path} is not in the database, and the database user may not write: ${error.message}`,
    );
  }
  return imported;
}
