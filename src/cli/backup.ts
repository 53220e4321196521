import { existsSync, realpathSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { formatCount } from '../lib/numbers.ts';
import { openReadOnlyStore } from '../store/open.ts';
import { parseStoreUrl } from '../store/url.ts';
import { CommandError } from './errors.ts';
import { createOutput } from './output.ts';
import { createProgressBar } from './progress.ts';

/** `summit-facts backup <file>` */
export async function backupStore(
  file: string,
  { force = false, json = false }: { force?: boolean; json?: boolean },
): Promise<void> {
  const { databaseUrl } = readConfig(process.env);
  const store = parseStoreUrl(databaseUrl);
  if (store.kind === 'postgres') {
    const schema = store.schema === null ? '' : ` --schema=${store.schema}`;
    throw new CommandError(
      `backup copies SQLite databases only; for PostgreSQL, run pg_dump --format=custom${schema} --file=${file} <database>`,
    );
  }
  // Reports a missing or foreign database with the same error as the other commands.
  await (await openReadOnlyStore(databaseUrl)).close();
  if (existsSync(file)) {
    if (realpathSync(file) === realpathSync(store.path))
      throw new CommandError(`${file} is the database itself; choose another file`);
    if (!force) throw new CommandError(`${file} already exists; use --force to replace it`);
  }
  const bar = createProgressBar('backup');
  try {
    const { backUpSqlite } = await import('../store/sqlite/backup.ts');
    const bytes = await backUpSqlite(store.path, file, bar.update);
    bar.clear();
    const output = createOutput({ json });
    output.writeLine(`${file}: ${formatCount(bytes, 'byte')}, integrity check passed`);
    output.writeJson({ file, bytes });
  } finally {
    bar.clear();
  }
}
