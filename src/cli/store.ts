import { readConfig } from '../config.ts';
import { reindex } from '../store/import/reindex.ts';
import { openStore, openStoreToRead, type Store } from '../store/open.ts';
import { withoutPassword } from '../store/url.ts';
import { outputFor } from './output.ts';
import { progressBar } from './progress.ts';

/** `summit-facts migrate`: opening a store brings it up to date. */
export const migrateStore = (options: { json?: boolean }): Promise<void> =>
  withStore(async (_, url) => {
    const output = outputFor(options);
    output.line(`${url} is up to date`);
    output.document({ store: url });
  });

/** `summit-facts reindex` */
export const reindexStore = (options: { json?: boolean }): Promise<void> =>
  withStoreThere(async (store, url) => {
    const bar = progressBar('reindex');
    const revisions = await reindex(store, bar.at).finally(bar.clear);
    const output = outputFor(options);
    output.line(`${url} is rebuilt from its dossiers`);
    output.document({ store: url, revisions });
  });

/** The same on a store that is there: a mistyped URL must not make one. */
export async function withStoreThere(work: (store: Store, url: string) => Promise<void>): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  await (await openStoreToRead(databaseUrl, postgres)).close();
  await withStore(work);
}

/** Runs `work` on the store that DATABASE_URL names; it gets the URL too, as it may be shown. */
export async function withStore(work: (store: Store, url: string) => Promise<void>): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  try {
    await work(store, withoutPassword(databaseUrl));
  } finally {
    await store.close();
  }
}
