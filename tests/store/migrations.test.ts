/** Stores of every version there ever was are brought up to date, and then are as one made today. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { storeOn } from '../../src/store/open.ts';
import { appOn, databaseFrom, emptyStore, get, importInto, kept, STORE } from '../support/app.ts';
import { dossierOfEvents } from '../support/dossier-builder.ts';
import { dumpOf, schemaOf } from '../support/schema-dump.ts';

const dialect = STORE === 'sqlite' ? 'sqlite' : 'postgres';
const migrations = readdirSync('migrations').map((file) => file.replace(/\.ts$/, ''));
/** A store just after a migration: written once, while it is the newest, and never changed after. */
const dumpFile = (migration: string) => `tests/store/dumps/${migration}.${dialect}.sql`;

/** What the dumps hold. */
async function filledStore() {
  const store = await emptyStore();
  const now = () => new Date('2031-05-02T10:00:00Z');
  const dossier = (status: string) =>
    dossierOfEvents([
      { id: 'a', name: "O'Brien meets Zoë 👍", startDate: '2031-05-01', datePrecision: 'day', status },
    ]);
  await importInto(store, dossier('scheduled'), { now });
  await importInto(store, dossier('held'), { now });
  return store;
}

describe('the schema', () => {
  it('is as the file says that is kept for reading', async () => {
    const store = await emptyStore();
    const schema = await store.write(schemaOf);
    await expect(schema).toMatchFileSnapshot(`../../db/schema.${dialect}.sql`);
  });
});

describe('a store of an earlier version', () => {
  it('is kept for every migration, and never changes', async () => {
    const newest = dumpFile(migrations.at(-1) as string);
    const dump = await (await filledStore()).write(dumpOf);
    // A new migration gets its dump here; it is committed with it.
    if (!existsSync(newest) && !process.env['CI']) writeFileSync(newest, dump);
    expect(dump).toBe(readFileSync(newest, 'utf8'));
    for (const migration of migrations) expect(existsSync(dumpFile(migration)), migration).toBe(true);
  });

  it.each(migrations)('%s, upgraded, is as one made today', async (migration) => {
    const upgraded = kept(await storeOn(await databaseFrom(readFileSync(dumpFile(migration), 'utf8'))));
    const fresh = await filledStore();
    expect(await upgraded.write(dumpOf)).toBe(await fresh.write(dumpOf));
    for (const url of [
      '/v1/events?q=zoe',
      '/v1/events/a',
      '/v1/events?status=scheduled&asOf=1',
      '/v1/search?q=meets',
    ]) {
      const answers = [await get(await appOn(upgraded), url), await get(await appOn(fresh), url)];
      expect(answers[0]?.status).toBe(200);
      expect(answers[0]?.body).toEqual(answers[1]?.body);
    }
  });
});

describe('a store of a later version', () => {
  it('is refused, and left as it is', async () => {
    const later = `${readFileSync(dumpFile(migrations.at(-1) as string), 'utf8')}
      insert into migration values ('9999-later', '2040-01-01T00:00:00.000Z');`;
    const database = await databaseFrom(later);
    await expect(storeOn(database)).rejects.toThrow(
      'it was made by a newer version, with 9999-later, which this one does not know',
    );
  });
});
