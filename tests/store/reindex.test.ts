import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { CAUSES } from '../../src/facts/change.ts';
import { synonyms } from '../../src/search/synonyms.ts';
import type { Store } from '../../src/store/open.ts';
import { isPostgres, type Writer } from '../../src/store/portable/index.ts';
import { reindex } from '../../src/store/reindex.ts';
import { refreshSearch } from '../../src/store/versions.ts';
import { removeDossier } from '../../src/store/write.ts';
import { appOn, emptyStore, idsAt, importInto } from '../support/app.ts';
import { dossierOfEvents, eventfulHistory } from '../support/dossiers.ts';

/** Everything that can be rebuilt, in an order of its own. */
const derived = (store: Store) =>
  store.write(async (db) => ({
    facts: await db.selectFrom('fact').selectAll().orderBy('row').execute(),
    contributions: await db
      .selectFrom('contribution')
      .selectAll()
      .orderBy('type')
      .orderBy('id')
      .orderBy('document')
      .execute(),
    identities: await db.selectFrom('identity').selectAll().orderBy('type').orderBy('id').execute(),
    terms: await db.selectFrom('term').selectAll().orderBy('row').orderBy('field').orderBy('value').execute(),
    spans: await db
      .selectFrom('span')
      .selectAll()
      .orderBy('row')
      .orderBy('start_at')
      .orderBy('end_at')
      .execute(),
    words: await searchedWords(db),
  }));

/** Which row each word finds, and by what. */
async function searchedWords(db: Writer): Promise<unknown[]> {
  if (isPostgres(db)) {
    const { rows } = await sql`select "row", 'label' as col, unnest(label) as term from search union all
      select "row", 'words', unnest(words) from search order by 1, 2, 3`.execute(db);
    return rows;
  }
  await sql`create virtual table if not exists temp.words using fts5vocab('main', 'search', 'instance')`.execute(
    db,
  );
  const { rows } = await sql`select term, doc, col from temp.words order by term, doc, col`.execute(db);
  return rows;
}

async function storeWithHistory(): Promise<Store> {
  const store = await emptyStore();
  for (const files of eventfulHistory()) await importInto(store, files);
  await importInto(
    store,
    dossierOfEvents([{ id: 'a' }, { id: 'b', startDate: '2031-05-01', datePrecision: 'month' }]),
  );
  await importInto(store, dossierOfEvents([{ id: 'a', kind: 'summit' }, { id: 'b' }, { id: 'c' }]));
  const developing = readDossier('tests/dossiers/developing-2022-04-09');
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
