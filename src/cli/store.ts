import { readConfig } from '../config.ts';
import { openStore } from '../store/open.ts';
import { reindex } from '../store/reindex.ts';
import { withoutPassword } from '../store/url.ts';
import { outputFor } from './print.ts';
import { progressBar } from './progress.ts';

/** `summit-facts migrate`: opening a store brings it up to date. */
export async function migrateStore(options: { json?: boolean }): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  await store.close();
  const output = outputFor(options);
  output.line(`${withoutPassword(databaseUrl)} is up to date`);
  output.document({ store: withoutPassword(databaseUrl) });
}

/** `summit-facts reindex` */
export async function reindexStore(options: { json?: boolean }): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  const bar = progressBar('reindex');
  try {
    const revisions = await reindex(store, bar.at);
    bar.clear();
    const output = outputFor(options);
    output.line(`${withoutPassword(databaseUrl)} is rebuilt from its dossiers`);
    output.document({ store: withoutPassword(databaseUrl), revisions });
  } finally {
    bar.clear();
    await store.close();
  }
}
