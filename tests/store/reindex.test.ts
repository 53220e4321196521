import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { synonyms } from '../../src/search/synonyms.ts';
import type { Store } from '../../src/store/open.ts';
import { reindex } from '../../src/store/reindex.ts';
import { refreshSearch } from '../../src/store/versions.ts';
import { appOn, emptyStore, idsAt, importInto } from '../support/app.ts';
import { dossierOfEvents } from '../support/dossiers.ts';

/** Everything that can be rebuilt, in an order of its own; of search, which rows each word finds. */
async function derived(store: Store) {
  const db = store.writer;
  const vocabulary = await searchVocabulary(store);
  return {
    facts: await db.selectFrom('fact').selectAll().orderBy('row').execute(),
    identities: await db.selectFrom('identity').selectAll().orderBy('type').orderBy('id').execute(),
    terms: await db.selectFrom('term').selectAll().orderBy('row').orderBy('field').orderBy('value').execute(),
    spans: await db
      .selectFrom('span')
      .selectAll()
      .orderBy('row')
      .orderBy('start_at')
      .orderBy('end_at')
      .execute(),
    vocabulary,
  };
}

async function searchVocabulary(store: Store) {
  await sql`create virtual table if not exists temp.words using fts5vocab('main', 'search', 'instance')`.execute(
    store.writer,
  );
  const { rows } = await sql`select term, doc, col from temp.words order by term, doc, col`.execute(
    store.writer,
  );
  return rows;
}

async function storeWithHistory(): Promise<Store> {
  const store = await emptyStore();
  await importInto(store, readDossier('db/dossiers/brussels-2022-03-24'));
  await importInto(
    store,
    dossierOfEvents([{ id: 'a' }, { id: 'b', startDate: '2031-05-01', datePrecision: 'month' }]),
  );
  await importInto(store, dossierOfEvents([{ id: 'a', kind: 'summit' }, { id: 'b' }, { id: 'c' }]));
  return store;
}

describe('reindex', () => {
  it('finds no difference', async () => {
    const store = await storeWithHistory();
    const before = await derived(store);
    expect(before.vocabulary.length).toBeGreaterThan(500);
    await reindex(store);
    expect(await derived(store)).toEqual(before);
  });

  it('mends what was lost', async () => {
    const store = await storeWithHistory();
    const before = await derived(store);
    await store.writer.deleteFrom('term').execute();
    await store.writer.deleteFrom('span').execute();
    await sql`delete from search`.execute(store.writer);
    await store.writer.updateTable('fact').set({ label: 'lost' }).execute();
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
    await refreshSearch(store.writer, store.synonyms);
    expect(await idsAt(app, '/v1/events?q=powwow&document=meetings-2031')).toEqual(['a']);
  });
});
