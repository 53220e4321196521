import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { CHANGE_CAUSES } from '../../src/model/change.ts';
import { createSynonyms } from '../../src/search/synonyms.ts';
import { removeDossier } from '../../src/store/import/import-dossier.ts';
import { reindex } from '../../src/store/import/reindex.ts';
import { rebuildSearchIfStale } from '../../src/store/import/write-versions.ts';
import type { Store } from '../../src/store/open.ts';
import { createApp, createStore, getIds, importInto } from '../support/app.ts';
import { buildDossierHistory, buildEventDossier } from '../support/dossier-builder.ts';
import { dumpDerivedTables } from '../support/dump-derived-tables.ts';

async function createStoreWithHistory(): Promise<Store> {
  const store = await createStore();
  for (const files of buildDossierHistory()) await importInto(store, files);
  await importInto(
    store,
    buildEventDossier([{ id: 'a' }, { id: 'b', startDate: '2031-05-01', datePrecision: 'month' }]),
  );
  await importInto(store, buildEventDossier([{ id: 'a', kind: 'summit' }, { id: 'b' }, { id: 'c' }]));
  const developing = readDossier('tests/fixtures/dossiers/developing-2022-04-09');
  await removeDossier(store, developing.id, { author: 'a tester', reason: 'Not ours' });
  await removeDossier(store, 'vote', { author: 'a tester', reason: 'Nobody voted' });
  await importInto(store, developing);
  return store;
}

describe('reindex', () => {
  it('leaves an intact store unchanged', async () => {
    const store = await createStoreWithHistory();
    const before = await dumpDerivedTables(store);
    expect(before.words.length).toBeGreaterThan(500);
    expect(new Set(before.facts.map(({ cause }) => cause))).toEqual(new Set(CHANGE_CAUSES));
    expect(before.contributions.length).toBeGreaterThan(5);
    await reindex(store);
    expect(await dumpDerivedTables(store)).toEqual(before);
  });

  it('restores a damaged index', async () => {
    const store = await createStoreWithHistory();
    const before = await dumpDerivedTables(store);
    await store.write(async (db) => {
      await db.deleteFrom('term').execute();
      await db.deleteFrom('span').execute();
      await sql`delete from search`.execute(db);
      await db.updateTable('fact').set({ label: 'lost' }).execute();
    });
    await reindex(store);
    expect(await dumpDerivedTables(store)).toEqual(before);
  });
});

describe('a change of synonyms', () => {
  it('rebuilds the search index at the next start', async () => {
    const store = await createStoreWithHistory();
    const app = await createApp(store);
    expect(await getIds(app, '/v1/events?q=powwow')).toEqual([]);
    store.synonyms = createSynonyms([['summit', 'powwow']]);
    await rebuildSearchIfStale(store, store.synonyms);
    expect(await getIds(app, '/v1/events?q=powwow&document=meetings-2031')).toEqual(['a']);
  });
});
