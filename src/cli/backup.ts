import { existsSync, realpathSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { openStoreToRead } from '../store/open.ts';
import { parseStoreUrl } from '../store/url.ts';
import { Refused } from './errors.ts';
import { outputFor } from './output.ts';
import { progressBar } from './progress.ts';

/** `summit-facts backup <file>` */
export async function backUp(
  file: string,
  { force = false, json = false }: { force?: boolean; json?: boolean },
): Promise<void> {
  const { databaseUrl } = readConfig(process.env);
  const store = parseStoreUrl(databaseUrl);
  if (store.kind === 'postgres') {
    const schema = store.schema === null ? '' : ` --schema=${store.schema}`;
    throw new Refused(
      `backup copies SQLite stores; PostgreSQL does that itself: pg_dump --format=custom${schema} --file=${file} and the database`,
    );
  }
  // Says in the words of every command if there is no store, or none of ours.
  await (await openStoreToRead(databaseUrl)).close();
  if (existsSync(file)) {
    if (realpathSync(file) === realpathSync(store.path)) throw new Refused(`${file} is the store itself`);
    if (!force) throw new Refused(`${file} is there already; --force replaces it`);
  }
  const bar = progressBar('backup');
  try {
    const { backUpSqlite } = await import('../store/sqlite/backup.ts');
    const bytes = await backUpSqlite(store.path, file, bar.at);
    bar.clear();
    const output = outputFor({ json });
    output.line(`${file}: ${bytes} bytes, whole and sound`);
    output.document({ file, bytes });
  } finally {
    bar.clear();
  }
}
