import { readConfig } from '../config.ts';
import { dossierFolders, readDossier } from '../dossier/files.ts';
import { describeProblem } from '../dossier/report.ts';
import { openStore, type Store } from '../store/open.ts';
import { checkAgainst, ImportConflict, type ImportOptions, importDossier } from '../store/write.ts';
import { print } from './print.ts';

/** `summit-facts import <folder...>` */
export async function importFolders(paths: string[], options: ImportOptions): Promise<void> {
  const config = readConfig(process.env);
  const store = await openStore(config.databaseUrl, config.postgres);
  try {
    for (const folder of paths.flatMap(dossierFolders)) await importFolder(store, folder, options);
  } finally {
    await store.close();
  }
}

async function importFolder(store: Store, folder: string, options: ImportOptions): Promise<void> {
  const files = readDossier(folder);
  const { dossier, problems } = await checkAgainst(store, files);
  if (!dossier) {
    throw new Error(problems.map((problem) => describeProblem(folder, problem)).join('\n'));
  }
  const done = await importDossier(store, dossier, options).catch((error: unknown) => {
    if (!(error instanceof ImportConflict)) throw error;
    throw new Error(error.problems.map((problem) => describeProblem(folder, problem)).join('\n'));
  });
  print(
    done.revision === null
      ? `${files.id}: the store has just this, nothing to do`
      : `${files.id}: revision ${done.revision}, ${done.added.length} added, ${done.modified.length} modified, ${done.retracted.length} retracted, ${done.unchanged} unchanged`,
  );
}
