/** Schema migrations. They are append-only and run while no one else writes. */
import { sql } from 'kysely';
import { asReader, type Database, isWriteDenied, query, type Reader, type Writer } from './database.ts';
import { hasTable, strictTable, textType } from './dialect/sql-fragments.ts';

/** Migrations in order; each module is imported only if it is pending. */
const migrations: { name: string; load(): Promise<{ up(db: Writer): Promise<void> }> }[] = [
  { name: '0001-facts', load: () => import('../../migrations/0001-facts.ts') },
  { name: '0002-history', load: () => import('../../migrations/0002-history.ts') },
  { name: '0003-keys', load: () => import('../../migrations/0003-keys.ts') },
  { name: '0004-lists', load: () => import('../../migrations/0004-lists.ts') },
];

export async function migrate(database: Database): Promise<void> {
  // On most starts nothing is pending: they need neither the write lock nor the privilege to create tables.
  const pending = await database.read(findPendingMigrations);
  if (pending.length === 0) return;
  try {
    await database.write(applyPendingMigrations);
  } catch (error) {
    if (!isWriteDenied(error)) throw error;
    const names = pending.map(({ name }) => name).join(', ');
    throw new Error(
      `migrations are pending (${names}), and this user may not apply them: run "summit-facts migrate" as the owner of the tables (${error.message})`,
    );
  }
}

async function applyPendingMigrations(db: Writer): Promise<void> {
  await db.schema
    .createTable('migration')
    .ifNotExists()
    .addColumn('name', textType(db), (column) => column.primaryKey())
    .addColumn('applied_at', textType(db), (column) => column.notNull())
    .modifyEnd(strictTable(db))
    .execute();
  // Checked again: another process may have applied them while this one waited for the write lock.
  for (const { name, load } of await findPendingMigrations(asReader(db))) {
    const { up } = await load();
    await up(db);
    await db.insertInto('migration').values({ name, applied_at: new Date().toISOString() }).execute();
  }
}

/** Finds the pending migrations; if there is no store yet, all of them are pending. */
export async function getMigrationStatus(
  database: Pick<Database, 'read'>,
): Promise<{ pendingNames: string[]; noneApplied: boolean }> {
  const pending = await database.read(findPendingMigrations);
  return { pendingNames: pending.map(({ name }) => name), noneApplied: pending.length === migrations.length };
}

async function findPendingMigrations(db: Reader): Promise<typeof migrations> {
  const rows = (await hasTable(db, 'migration'))
    ? await query(db, sql<{ name: string }>`select name from migration order by name`)
    : [];
  const appliedNames = rows.map(({ name }) => name);
  const unknownNames = appliedNames.filter(
    (name) => !migrations.some((migration) => migration.name === name),
  );
  if (unknownNames.length > 0) {
    throw new Error(
      `a newer version of summit-facts has applied migrations that this version does not know: ${unknownNames.join(', ')}; use that version or a later one`,
    );
  }
  return migrations.filter(({ name }) => !appliedNames.includes(name));
}
