import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { query, type Writer } from '../../src/store/database.ts';
import { ImportConflict } from '../../src/store/import/import-dossier.ts';
import { findFact, findLabels } from '../../src/store/queries/facts.ts';
import { createApp, createSeededStore, createStore, getIds, importInto } from '../support/app.ts';
import { buildDossier, buildEventDossier } from '../support/dossier-builder.ts';

describe('the store', () => {
  it('gives readers a handle that cannot write', async () => {
    const store = await createSeededStore();
    const writing = store.read((db) => (db as unknown as Writer).deleteFrom('fact').execute());
    await expect(writing).rejects.toThrow(/readonly|read-only/);
    const deleting = store.read((db) => query(db, sql`delete from fact returning id`));
    await expect(deleting).rejects.toThrow(/readonly|read-only/);
  });

  it('imports a dossier completely or not at all', async () => {
    const store = await createStore();
    await importInto(store, buildEventDossier([{ id: 'a' }], 'first'));
    const importPromise = importInto(store, buildEventDossier([{ id: 'z' }, { id: 'a' }], 'second'));
    await expect(importPromise).rejects.toThrow(ImportConflict);
    await expect(importPromise).rejects.toMatchObject({
      problems: [
        {
          pointer: '/facts/1/id',
          code: 'home-elsewhere',
          message: 'event/a has its home in dossier first, so second cannot define it too: amend it instead',
        },
      ],
    });
    expect(await store.read((db) => findFact(db, 1, { type: 'event', id: 'z' }))).toBeUndefined();
    const revisions = await store.read((db) => db.selectFrom('revision').select('n').execute());
    expect(revisions).toEqual([{ n: 1 }]);
  });

  it('adds a version only for facts that changed', async () => {
    const store = await createStore();
    await importInto(store, buildEventDossier([{ id: 'a' }, { id: 'b' }]));
    const changedDossier = buildEventDossier([{ id: 'a', kind: 'summit' }, { id: 'b' }]);
    // The other event and the document are unchanged.
    expect(await importInto(store, changedDossier)).toEqual({
      revision: 2,
      added: [],
      modified: [{ type: 'event', id: 'a', label: 'Meeting a', cause: 'correction' }],
      retracted: [],
      unchanged: 2,
    });
    const secondImport = await importInto(store, changedDossier);
    expect(secondImport.revision).toBeNull();
  });

  it('looks up more labels than a statement can have parameters', async () => {
    const store = await createSeededStore();
    const missing = Array.from({ length: 40_000 }, (_, n) => ({ type: 'person', id: `p${n}` }));
    const references = [{ type: 'country', id: 'latvia' }, ...missing, { type: 'organization', id: 'nato' }];
    const labels = await store.read((db) => findLabels(db, 1, references));
    expect([...labels].map(([key, { label }]) => [key, label])).toEqual([
      ['country/latvia', 'Latvia'],
      ['organization/nato', 'NATO'],
    ]);
  });

  it('finds facts by words of any length and number', async () => {
    const store = await createStore();
    // More than a megabyte of distinct words, in letters of three bytes.
    const crowd = Array.from({ length: 30_000 }, (_, n) => `ꙃꙃꙃꙃꙃꙃꙃꙃ${n}ꙃꙃꙃ`).join(' ');
    const long = '𐐨'.repeat(20_000);
    const quote = `Words: ${crowd}`;
    const event = { type: 'event', id: 'a', name: long, kind: 'meeting', status: 'held' };
    const supports = ['name', 'kind', 'status'];
    await importInto(
      store,
      buildDossier({ source: quote, facts: [{ ...event, evidence: [{ quote, supports }] }] }),
    );
    const app = await createApp(store);
    for (const q of [`ꙃꙃꙃꙃꙃꙃꙃꙃ29999ꙃꙃꙃ words`, '𐐨'.repeat(100)]) {
      const ids = await getIds(app, `/v1/search?q=${encodeURIComponent(q)}`);
      expect(ids).toEqual(q.includes('words') ? ['a'] : []);
    }
    expect(await getIds(app, '/v1/events?sort=name')).toEqual(['a']);
  });

  it('never gives a revision an earlier time than the previous one', async () => {
    const store = await createStore();
    const clockAt = (instant: string) => ({ now: () => new Date(instant) });
    await importInto(store, buildEventDossier([{ id: 'a' }]), clockAt('2031-05-02T10:00:00Z'));
    await importInto(
      store,
      buildEventDossier([{ id: 'a', kind: 'summit' }]),
      clockAt('2020-01-01T00:00:00Z'),
    );
    const times = await store.read((db) =>
      db.selectFrom('revision').select('recorded_at').orderBy('n').execute(),
    );
    expect(times.map(({ recorded_at }) => recorded_at)).toEqual([
      '2031-05-02T10:00:00.000Z',
      '2031-05-02T10:00:00.000Z',
    ]);
  });
});
