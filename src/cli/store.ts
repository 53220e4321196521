import { type Config, ConfigError, readConfig } from '../config.ts';
import { reindex } from '../store/import/reindex.ts';
import { openReadOnlyStore, openStore, type ReadOnlyStore, type Store } from '../store/open.ts';
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

/** Configuration for a command that writes; throws if the database is to be left as it is. */
export function readWritableConfig(): Config {
  const config = readConfig(process.env);
  if (config.readOnly)
    throw new ConfigError('READ_ONLY=1: this command writes to the database; unset READ_ONLY to run it');
  return config;
}

/** Runs `callback` on the store that DATABASE_URL names; it cannot write. */
export async function withReadOnlyStore<T>(callback: (store: ReadOnlyStore) => Promise<T>): Promise<T> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openReadOnlyStore(databaseUrl, postgres);
  try {
    return await callback(store);
  } finally {
    await store.close();
  }
}

/** Runs `callback` like `withStore`, but never creates the store, because the URL may be mistyped. */
export async function withExistingStore(
  callback: (store: Store, url: string) => Promise<void>,
): Promise<void> {
  const { databaseUrl, postgres } = readWritableConfig();
  await (await openReadOnlyStore(databaseUrl, postgres)).close();
  await withStore(callback);
}

/** Runs `callback` on the store that DATABASE_URL names, with its URL, in which the password is masked. */
export async function withStore(callback: (store: Store, url: string) => Promise<void>): Promise<void> {
  const { databaseUrl, postgres } = readWritableConfig();
  const store = await openStore(databaseUrl, postgres);
  try {
    await callback(store, maskPassword(databaseUrl));
  } finally {
    await store.close();
  }
}
