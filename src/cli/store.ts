import { readConfig } from '../config.ts';
import { reindex } from '../store/import/reindex.ts';
import { openReadOnlyStore, openStore, type Store } from '../store/open.ts';
import { maskPassword } from '../store/url.ts';
import { createOutput } from './output.ts';
import { createProgressBar } from './progress.ts';

/** `summit-facts migrate`. Opening a store creates or migrates it. */
export const migrateStore = (options: { json?: boolean }): Promise<void> =>
  withStore(async (_, url) => {
    const output = createOutput(options);
    output.writeLine(`${url} is up to date`);
    output.writeJson({ store: url });
  });

/** `summit-facts reindex` */
export const reindexStore = (options: { json?: boolean }): Promise<void> =>
  withExistingStore(async (store, url) => {
    const bar = createProgressBar('reindex');
    const revisions = await reindex(store, bar.update).finally(bar.clear);
    const output = createOutput(options);
    output.writeLine(`${url}: facts and index rebuilt from the dossiers`);
    output.writeJson({ store: url, revisions });
  });

/** Runs `callback` like `withStore`, but never creates the store, because the URL may be mistyped. */
export async function withExistingStore(
  callback: (store: Store, url: string) => Promise<void>,
): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  await (await openReadOnlyStore(databaseUrl, postgres)).close();
  await withStore(callback);
}

/** Runs `callback` on the store that DATABASE_URL names, with its URL, in which the password is masked. */
export async function withStore(callback: (store: Store, url: string) => Promise<void>): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  try {
    await callback(store, maskPassword(databaseUrl));
  } finally {
    await store.close();
  }
}
