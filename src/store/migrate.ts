/** Brings a store's tables up to date. Migrations are append-only and run under the writer's lock. */
import * as facts from '../../migrations/0001-facts.ts';
import { exclusively, strict, type Writer } from './portable.ts';

const migrations: { name: string; up(db: Writer): Promise<void> }[] = [{ name: '0001-facts', up: facts.up }];

/** The names of the migrations that were missing and are now applied. */
export function migrate(writer: Writer): Promise<string[]> {
  return exclusively(writer, async (db) => {
    await db.schema
      .createTable('migration')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('applied_at', 'text', (column) => column.notNull())
      .modifyEnd(strict)
      .execute();
    const rows = await db.selectFrom('migration').select('name').orderBy('name').execute();
    const applied = rows.map(({ name }) => name);
    refuseNewer(applied);
    const missing = migrations.filter(({ name }) => !applied.includes(name));
    for (const { name, up } of missing) {
      await up(db);
      await db.insertInto('migration').values({ name, applied_at: new Date().toISOString() }).execute();
    }
    return missing.map(({ name }) => name);
  });
}

function refuseNewer(applied: string[]): void {
  const unknown = applied.filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  throw new Error(`The store was made by a newer version: it has ${unknown.join(', ')}, unknown to this one`);
}
