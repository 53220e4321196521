/** Stores of every version there ever was are brought up to date, and then are as one made today. */
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
/** A store just after a migration: written once, while it is the newest, and never changed after. */
const getDumpPath = (migration: string) => `tests/store/dumps/${migration}.${dialect}.sql`;

/** What the dumps hold. */
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
  it('is as the file says that is kept for reading', async () => {
    const store = await createStore();
    const schema = await store.write(dumpSchema);
    await expect(schema).toMatchFileSnapshot(`../../db/schema.${dialect}.sql`);
  });
});

describe('a store of an earlier version', () => {
  it('is kept for every migration, and never changes', async () => {
    const newest = getDumpPath(migrations.at(-1) as string);
    const dump = await (await createFilledStore()).write(dumpStore);
    // A new migration gets its dump here; it is committed with it.
    if (!existsSync(newest) && !process.env['CI']) writeFileSync(newest, dump);
    expect(dump).toBe(readFileSync(newest, 'utf8'));
    for (const migration of migrations) expect(existsSync(getDumpPath(migration)), migration).toBe(true);
  });

  it.each(migrations)('%s, upgraded, is as one made today', async (migration) => {
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
  it('is refused, and left as it is', async () => {
    const laterDump = `${readFileSync(getDumpPath(migrations.at(-1) as string), 'utf8')}
      insert into migration values ('9999-later', '2040-01-01T00:00:00.000Z');`;
    const database = await createDatabaseFromScript(laterDump);
    await expect(initStore(database)).rejects.toThrow(
      'it was made by a newer version, with 9999-later, which this one does not know',
    );
  });
});
