import { readConfig } from '../config.ts';
import { openStore } from '../store/open.ts';
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
export async function reindexStore(): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  try {
    await reindex(store, (done, of) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} dossiers`);
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    print(`${withoutPassword(databaseUrl)} is rebuilt from its dossiers`);
  } finally {
    await store.close();
  }
}
