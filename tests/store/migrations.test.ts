/** Migrations: a store of any earlier version equals a new one after the upgrade. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { initStore } from '../../src/store/open.ts';
import {
  closeAfterTests,
  createApp,
  createDatabaseFromScript,
  createStore,
  get,
  importInto,
  STORE_KIND,
} from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';
import { dumpSchema, dumpStore } from '../support/schema-dump.ts';

const dialect = STORE_KIND === 'sqlite' ? 'sqlite' : 'postgres';
const migrations = readdirSync('migrations').map((file) => file.replace(/\.ts$/, ''));
/** Path of a store dump at this migration: written while it is the newest, and never changed later. */
const getDumpPath = (migration: string) => `tests/store/dumps/${migration}.${dialect}.sql`;

/** Creates the store that the dumps contain. */
async function createFilledStore() {
  const store = await createStore();
  const now = () => new Date('2031-05-02T10:00:00Z');
  const dossier = (status: string) =>
    buildEventDossier([
      { id: 'a', name: "O'Brien meets Zoë 👍", startDate: '2031-05-01', datePrecision: 'day', status },
    ]);
  await importInto(store, dossier('scheduled'), { now });
  await importInto(store, dossier('held'), { now });
  return store;
}

describe('the schema', () => {
  it('matches the committed file in db/', async () => {
    const store = await createStore();
    const schema = await store.write(dumpSchema);
    await expect(schema).toMatchFileSnapshot(`../../db/schema.${dialect}.sql`);
  });
});

describe('a store of an earlier version', () => {
  it('has a dump for every migration, which never changes', async () => {
    const newest = getDumpPath(migrations.at(-1) as string);
    const dump = await (await createFilledStore()).write(dumpStore);
    // The dump of a new migration is written here, and committed with the migration.
    if (!existsSync(newest) && !process.env['CI']) writeFileSync(newest, dump);
    expect(dump).toBe(readFileSync(newest, 'utf8'));
    for (const migration of migrations) expect(existsSync(getDumpPath(migration)), migration).toBe(true);
  });

  it.each(migrations)('%s equals a new store after the upgrade', async (migration) => {
    const upgradedStore = closeAfterTests(
      await initStore(await createDatabaseFromScript(readFileSync(getDumpPath(migration), 'utf8'))),
    );
    const freshStore = await createFilledStore();
    expect(await upgradedStore.write(dumpStore)).toBe(await freshStore.write(dumpStore));
    for (const url of [
      '/v1/events?q=zoe',
      '/v1/events/a',
      '/v1/events?status=scheduled&asOf=1',
      '/v1/search?q=meets',
    ]) {
      const responses = [
        await get(await createApp(upgradedStore), url),
        await get(await createApp(freshStore), url),
      ];
      expect(responses[0]?.status).toBe(200);
      expect(responses[0]?.body).toEqual(responses[1]?.body);
    }
  });
});

describe('a store of a later version', () => {
  it('is rejected', async () => {
    const laterDump = `${readFileSync(getDumpPath(migrations.at(-1) as string), 'utf8')}
      insert into migration values ('9999-later', '2040-01-01T00:00:00.000Z');`;
    const database = await createDatabaseFromScript(laterDump);
    await expect(initStore(database)).rejects.toThrow(
      'a newer version of summit-facts has applied migrations that this version does not know: 9999-later',
    );
  });
});
