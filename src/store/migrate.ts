/** Brings a store's tables up to date. Migrations are append-only and run as the only ones that write. */
import { asReader, type Database, isForbidden, type Reader, type Writer } from './database.ts';
import { hasTable, strict, text } from './dialect/sql-fragments.ts';

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
  const lacking = await database.read(missing);
  if (lacking.length === 0) return;
  try {
    await database.write(applyMissing);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const names = lacking.map(({ name }) => name).join(', ');
    throw new Error(
      `it lacks ${names}, and this user may not make that: let its owner run "summit-facts migrate" (${error.message})`,
    );
  }
}

async function applyMissing(db: Writer): Promise<void> {
  await db.schema
    .createTable('migration')
    .ifNotExists()
    .addColumn('name', text(db), (column) => column.primaryKey())
    .addColumn('applied_at', text(db), (column) => column.notNull())
    .modifyEnd(strict(db))
    .execute();
  // Asked again: another process may have applied them while this one waited for its turn.
  for (const { name, load } of await missing(asReader(db))) {
    const { up } = await load();
    await up(db);
    await db.insertInto('migration').values({ name, applied_at: new Date().toISOString() }).execute();
  }
}

/** Which migrations a store lacks; all of them where there is no store yet. */
export async function lackingIn(
  database: Pick<Database, 'read'>,
): Promise<{ names: string[]; all: boolean }> {
  const lacking = await database.read(missing);
  return { names: lacking.map(({ name }) => name), all: lacking.length === migrations.length };
}

async function missing(db: Reader): Promise<typeof migrations> {
  const rows = (await hasTable(db, 'migration'))
    ? await db.selectFrom('migration').select('name').orderBy('name').execute()
    : [];
  const applied = rows.map(({ name }) => name);
  const unknown = applied.filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `it was made by a newer version, with ${unknown.join(', ')}, which this one does not know`,
    );
  }
  return migrations.filter(({ name }) => !applied.includes(name));
}
