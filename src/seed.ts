/** What a start does with the dossiers in git: imports those that the store has never seen, and only those. */
import { dossierFolders, readDossier } from './dossier/files.ts';
import { describeProblem } from './dossier/report.ts';
import { dossierNow, hasSeen, redactionOf } from './store/dossiers.ts';
import type { Store } from './store/open.ts';
import { isForbidden } from './store/portable/index.ts';
import { checkAgainst, ImportConflict, importDossier } from './store/write.ts';

export const DOSSIERS_FOLDER = 'db/dossiers';

export interface SeedReport {
  imported: string[];
  /** Folders that hold something else than the store: a restart must not undo a correction. */
  different: string[];
}

export async function seed(store: Store, path: string, now?: () => Date): Promise<SeedReport> {
  const report: SeedReport = { imported: [], different: [] };
  for (const folder of dossierFolders(path)) {
    const files = readDossier(folder);
    const known = await store.read(async (db) => ({
      seen: await hasSeen(db, files.id),
      stored: await dossierNow(db, files.id),
      redacted: await redactionOf(db, files.id),
    }));
    // Nobody is to be told how to import what was taken out.
    if (known.redacted) continue;
    if (known.seen) {
      const same = known.stored?.source === files.source && known.stored.facts === files.facts;
      if (!same) report.different.push(folder);
      continue;
    }
    const { dossier, problems } = await checkAgainst(store, files);
    if (!dossier) {
      const lines = problems.map((problem) => describeProblem(folder, problem));
      throw new Error(`The dossier in ${folder} has problems:\n${lines.join('\n')}`);
    }
    const options = { author: 'seed', note: `First import of ${files.id}`, onlyIfNew: true };
    const { revision } = await importDossier(store, dossier, now ? { ...options, now } : options).catch(
      (error) => {
        if (error instanceof ImportConflict) {
          const lines = error.problems.map((problem) => describeProblem(folder, problem));
          throw new Error(`The dossier in ${folder} does not fit the store:\n${lines.join('\n')}`);
        }
        if (!isForbidden(error)) throw error;
        throw new Error(
          `The dossier in ${folder} is not in the store, and this user may not write there: ${error.message}`,
        );
      },
    );
    if (revision !== null) report.imported.push(files.id);
  }
  return report;
}
