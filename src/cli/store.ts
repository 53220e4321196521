import { readConfig } from '../config.ts';
import { openStore, type Store } from '../store/open.ts';
import { reindex } from '../store/reindex.ts';
import { withoutPassword } from '../store/url.ts';
import { print } from './print.ts';

/** `summit-facts migrate`: opening a store brings it up to date. */
export async function migrateStore(): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  await store.close();
  print(`${withoutPassword(databaseUrl)} is up to date`);
}

/** `summit-facts reindex` */
export const reindexStore = (): Promise<void> =>
  withStore(async (store, url) => {
    await reindex(store, (done, of) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} revisions`);
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    print(`${url} is rebuilt from its dossiers`);
  });

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
