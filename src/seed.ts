/** What a start does with the dossiers in git: imports those that the store has never seen, and only those. */
import { dossierFolders, readDossier } from './dossier/files.ts';
import { isForbidden } from './store/database.ts';
import type { Store } from './store/open.ts';
import { dossierNow, hasSeen, redactionOf } from './store/queries/dossiers.ts';

export const DOSSIERS_FOLDER = 'db/dossiers';

export interface SeedReport {
  imported: string[];
  /** Folders that hold something else than the store: a restart must not undo a correction. */
  different: string[];
}

export async function seed(store: Store, path: string, now?: () => Date): Promise<SeedReport> {
  const report: SeedReport = { imported: [], different: [] };
  const unseen: string[] = [];
  for (const folder of dossierFolders(path)) {
    const files = readDossier(folder);
    const known = await store.read(async (db) => ({
      seen: await hasSeen(db, files.id),
      stored: await dossierNow(db, files.id),
      redacted: await redactionOf(db, files.id),
    }));
    // Nobody is to be told how to import what was taken out.
    if (known.redacted) continue;
    const same = known.stored?.source === files.source && known.stored.facts === files.facts;
    if (!known.seen) unseen.push(folder);
    else if (!same) report.different.push(folder);
  }
  if (unseen.length > 0) report.imported = await importUnseen(store, path, unseen, now);
  return report;
}

async function importUnseen(
  store: Store,
  path: string,
  folders: string[],
  now?: () => Date,
): Promise<string[]> {
  // Most starts find nothing new, and can do without all that checks a dossier.
  const { ImportsRefused, importAll } = await import('./store/import/import-batch.ts');
  const imported: string[] = [];
  const optionsFor = ({ id }: { id: string }) => ({
    author: 'seed',
    note: `First import of ${id}`,
    onlyIfNew: true,
    ...(now && { now }),
  });
  try {
    for await (const { id, outcome } of importAll(store, folders, optionsFor)) {
      if (outcome.revision !== null) imported.push(id);
    }
  } catch (error) {
    if (error instanceof ImportsRefused)
      throw new Error(`Some dossiers in ${path} cannot be imported:\n${error.message}`);
    if (!isForbidden(error)) throw error;
    throw new Error(
      `A dossier in ${path} is not in the store, and this user may not write there: ${error.message}`,
    );
  }
  return imported;
}
