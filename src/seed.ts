/** Imports the dossiers in git that the database has never seen, and only those, when the server starts. */
import { listDossierFolders, tryReadDossier, UnreadableDossierError } from './dossier/files.ts';
import type { DossierFiles } from './dossier/validate.ts';
import type { RejectedFolder } from './http/server-status.ts';
import { isWriteDenied } from './store/database.ts';
import type { Store } from './store/open.ts';
import { findCurrentDossier, findRedaction, hasBeenImported } from './store/queries/dossiers.ts';
import { latestRevision } from './store/queries/revisions.ts';

export const DOSSIERS_FOLDER = 'db/dossiers';

export interface SeedReport {
  imported: string[];
  /** Folders that differ from the database. They are not imported: a restart must not undo a correction. */
  outdated: string[];
  /** Folders that cannot be read or imported. */
  rejected: RejectedFolder[];
}

/**
 * Imports the new dossiers at `path`. Folders that cannot be imported are reported; only if the store was empty,
 * this throws. A server that has facts must start again, whatever is added to its folder.
 */
export async function seed(store: Store, path: string, now?: () => Date): Promise<SeedReport> {
  const wasEmpty = (await store.read(latestRevision)) === null;
  const report: SeedReport = { imported: [], outdated: [], rejected: [] };
  const newFolders: string[] = [];
  for (const folder of listDossierFolders(path)) {
    const files = tryReadDossier(folder);
    if (files instanceof UnreadableDossierError) {
      report.rejected.push({ folder, messages: files.message.split('\n') });
      continue;
    }
    const state = await compareWithStore(store, files);
    if (state === 'new') newFolders.push(folder);
    else if (state === 'outdated') report.outdated.push(folder);
  }
  const unreadable = report.rejected.flatMap(({ messages }) => messages);
  const error = newFolders.length > 0 ? await importNewDossiers(store, newFolders, report, now) : null;
  if (wasEmpty && report.rejected.length > 0) throw createSeedError(path, unreadable, error);
  return report;
}

function compareWithStore(
  store: Store,
  { id, source, facts }: DossierFiles,
): Promise<'new' | 'outdated' | 'unchanged' | 'redacted'> {
  return store.read(async (db) => {
    // A redacted dossier is not outdated: the log must not suggest importing it.
    if (await findRedaction(db, id)) return 'redacted';
    if (!(await hasBeenImported(db, id))) return 'new';
    const current = await findCurrentDossier(db, id);
    return current?.source === source && current.facts === facts ? 'unchanged' : 'outdated';
  });
}

/** Imports all dossiers that can be imported. Adds the others to `report`, and returns the error. */
async function importNewDossiers(
  store: Store,
  folders: string[],
  { imported, rejected }: SeedReport,
  now?: () => Date,
): Promise<Error | null> {
  // Loaded only here: most starts find no new dossier, and do not need the validator.
  const { ImportBatchError, importDossiers } = await import('./store/import/import-batch.ts');
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
    return null;
  } catch (error) {
    if (error instanceof ImportBatchError) rejected.push(...error.describeFolders());
    else if (isWriteDenied(error)) {
      const denial = formatDenial(error);
      rejected.push(...folders.map((folder) => ({ folder, messages: [`${folder} ${denial}`] })));
    } else throw error;
    return error;
  }
}

function createSeedError(path: string, unreadable: string[], error: Error | null): Error {
  // One line, for the operator who starts the server.
  const denial = isWriteDenied(error) ? `A dossier in ${path} ${formatDenial(error)}` : null;
  if (denial !== null && unreadable.length === 0) return new Error(denial);
  const lines = [...unreadable, ...(error === null ? [] : [denial ?? error.message])];
  return new Error(
    `Some dossiers in ${path} cannot be imported; correct or remove them:\n${lines.join('\n')}`,
  );
}

const formatDenial = ({ message }: Error): string =>
  `is not in the database, and the database user may not write: ${message}; set READ_ONLY=1 to serve the database as it is`;
