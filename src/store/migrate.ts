/** Brings a store's tables up to date. Migrations are append-only and run as the only ones that write. */
import { asReader, type Database, isPermissionDenied, type Reader, type Writer } from './database.ts';
import { hasTable, strictTable, textType } from './dialect/sql-fragments.ts';

/** Each is loaded where it is lacking. */
const migrations: { name: string; load(): Promise<{ up(db: Writer): Promise<void> }> }[] = [
  { name: '0001-facts', load: () => import('../../migrations/0001-facts.ts') },
  { name: '0002-history', load: () => import('../../migrations/0002-history.ts') },
  { name: '0003-keys', load: () => import('../../migrations/0003-keys.ts') },
  { name: '0004-lists', load: () => import('../../migrations/0004-lists.ts') },
];

/** Applies the migrations that are missing. */
export async function migrate(database: Database): Promise<void> {
  // Most starts find nothing to do: they need neither wait for a turn nor have the right to make tables.
  const pending = await database.read(findPendingMigrations);
  if (pending.length === 0) return;
  try {
    await database.write(applyPendingMigrations);
  } catch (error) {
    if (!isPermissionDenied(error)) throw error;
    const names = pending.map(({ name }) => name).join(', ');
    throw new Error(
      `it lacks ${names}, and this user may not make that: let its owner run "summit-facts migrate" (${error.message})`,
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
  // Asked again: another process may have applied them while this one waited for its turn.
  for (const { name, load } of await findPendingMigrations(asReader(db))) {
    const { up } = await load();
    await up(db);
    await db.insertInto('migration').values({ name, applied_at: new Date().toISOString() }).execute();
  }
}

/** Which migrations a store lacks; all of them where there is no store yet. */
export async function getMigrationStatus(
  database: Pick<Database, 'read'>,
): Promise<{ pendingNames: string[]; noneApplied: boolean }> {
  const pending = await database.read(findPendingMigrations);
  return { pendingNames: pending.map(({ name }) => name), noneApplied: pending.length === migrations.length };
}

async function findPendingMigrations(db: Reader): Promise<typeof migrations> {
  const rows = (await hasTable(db, 'migration'))
    ? await db.selectFrom('migration').select('name').orderBy('name').execute()
    : [];
  const appliedNames = rows.map(({ name }) => name);
  const unknownNames = appliedNames.filter(
    (name) => !migrations.some((migration) => migration.name === name),
  );
  if (unknownNames.length > 0) {
    throw new Error(
      `it was made by a newer version, with ${unknownNames.join(', ')}, which this one does not know`,
    );
  }
  return migrations.filter(({ name }) => !appliedNames.includes(name));
}
