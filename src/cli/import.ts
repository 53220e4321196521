import { readConfig } from '../config.ts';
import { dossierFolders } from '../dossier/files.ts';
import { importAll } from '../store/import-all.ts';
import { openStore } from '../store/open.ts';
import type { ImportOptions, ImportOutcome } from '../store/write.ts';
import { print } from './print.ts';

/** `summit-facts import <folder...>` */
export async function importFolders(paths: string[], options: ImportOptions): Promise<void> {
  const config = readConfig(process.env);
  const store = await openStore(config.databaseUrl, config.postgres);
  try {
    const folders = paths.flatMap(dossierFolders);
    for await (const { id, outcome } of importAll(store, folders, () => options)) print(told(id, outcome));
  } finally {
    await store.close();
  }
}

const told = (id: string, { revision, added, modified, retracted, unchanged }: ImportOutcome): string =>
  revision === null
    ? `${id}: the store has just this, nothing to do`
    : `${id}: revision ${revision}, ${added.length} added, ${modified.length} modified, ${retracted.length} retracted, ${unchanged} unchanged`;
