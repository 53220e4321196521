import { readConfig } from '../config.ts';
import { reindex } from '../store/import/reindex.ts';
import { openReadOnlyStore, openStore, type Store } from '../store/open.ts';
import { maskPassword } from '../store/url.ts';
import { createOutput } from './output.ts';
import { createProgressBar } from './progress.ts';

/** `summit-facts migrate`: opening a store brings it up to date. */
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
    output.writeLine(`${url} is rebuilt from its dossiers`);
    output.writeJson({ store: url, revisions });
  });

/** The same on a store that is there: a mistyped URL must not make one. */
export async function withExistingStore(
  callback: (store: Store, url: string) => Promise<void>,
): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  await (await openReadOnlyStore(databaseUrl, postgres)).close();
  await withStore(callback);
}

/** Runs `work` on the store that DATABASE_URL names; it gets the URL too, as it may be shown. */
export async function withStore(callback: (store: Store, url: string) => Promise<void>): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  try {
    await callback(store, maskPassword(databaseUrl));
  } finally {
    await store.close();
  }
}
