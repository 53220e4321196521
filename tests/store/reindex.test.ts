import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { CAUSES } from '../../src/model/change.ts';
import { synonyms } from '../../src/search/synonyms.ts';
import { removeDossier } from '../../src/store/import/import-dossier.ts';
import { reindex } from '../../src/store/import/reindex.ts';
import { refreshSearch } from '../../src/store/import/write-versions.ts';
import type { Store } from '../../src/store/open.ts';
import { appOn, emptyStore, idsAt, importInto } from '../support/app.ts';
import { dossierOfEvents, eventfulHistory } from '../support/dossier-builder.ts';
import { derived } from '../support/dump-derived-tables.ts';

async function storeWithHistory(): Promise<Store> {
  const store = await emptyStore();
  for (const files of eventfulHistory()) await importInto(store, files);
  await importInto(
    store,
    dossierOfEvents([{ id: 'a' }, { id: 'b', startDate: '2031-05-01', datePrecision: 'month' }]),
  );
  await importInto(store, dossierOfEvents([{ id: 'a', kind: 'summit' }, { id: 'b' }, { id: 'c' }]));
  const developing = readDossier('tests/fixtures/dossiers/developing-2022-04-09');
  await removeDossier(store, developing.id, { author: 'a tester', reason: 'Not ours' });
  await removeDossier(store, 'vote', { author: 'a tester', reason: 'Nobody voted' });
  await importInto(store, developing);
  return store;
}

describe('reindex', () => {
  it('finds no difference', async () => {
    const store = await storeWithHistory();
    const before = await derived(store);
    expect(before.words.length).toBeGreaterThan(500);
    expect(new Set(before.facts.map(({ cause }) => cause))).toEqual(new Set(CAUSES));
    expect(before.contributions.length).toBeGreaterThan(5);
    await reindex(store);
    expect(await derived(store)).toEqual(before);
  });

  it('mends what was lost', async () => {
    const store = await storeWithHistory();
    const before = await derived(store);
    await store.write(async (db) => {
      await db.deleteFrom('term').execute();
      await db.deleteFrom('span').execute();
      await sql`delete from search`.execute(db);
      await db.updateTable('fact').set({ label: 'lost' }).execute();
    });
    await reindex(store);
    expect(await derived(store)).toEqual(before);
  });
});

describe('a change of the words for search', () => {
  it('is taken up at the next start', async () => {
    const store = await storeWithHistory();
    const app = await appOn(store);
    expect(await idsAt(app, '/v1/events?q=powwow')).toEqual([]);
    store.synonyms = synonyms([['summit', 'powwow']]);
    await refreshSearch(store, store.synonyms);
    expect(await idsAt(app, '/v1/events?q=powwow&document=meetings-2031')).toEqual(['a']);
  });
});
