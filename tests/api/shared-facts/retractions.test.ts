import { describe, expect, it } from 'vitest';
import { reindex } from '../../../src/store/import/reindex.ts';
import {
  catchImportConflicts,
  createApp,
  createStore,
  get,
  getIds,
  importInto,
  type Json,
} from '../../support/app.ts';
import {
  buildCouncilDossier,
  chair,
  council,
  membership,
  UNCOVERED_SENTENCE,
} from '../../support/council-dossier.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

describe('a retracted fact', () => {
  it('must be listed under retractions, and is then found only by its id', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    expect(
      await catchImportConflicts(
        importInto(store, buildCouncilDossier([council, chair], { uncovered: UNCOVERED_SENTENCE })),
      ),
    ).toEqual([
      expect.stringMatching(/^fact-left-out \/facts membership\/ilze-council is missing from dossier vote/),
    ]);
    const retractions = [{ fact: 'membership/ilze-council', reason: 'She only comes from there' }];
    const without = buildCouncilDossier([council, chair], { uncovered: UNCOVERED_SENTENCE, retractions });
    expect((await importInto(store, without)).retracted).toMatchObject([
      { id: 'ilze-council', cause: 'retraction' },
    ]);
    const app = await createApp(store);
    expect((await get(app, '/v1/memberships/ilze-council')).body).toMatchObject({
      version: 2,
      retracted: { revision: 2, reason: 'She only comes from there' },
      member: { id: 'ilze' },
    });
    expect(await getIds(app, '/v1/memberships')).toEqual([]);
    expect(await getIds(app, '/v1/memberships?include=retracted&member=ilze')).toEqual(['ilze-council']);
    expect((await get(app, '/v1/memberships?count=true')).body.meta.total).toBe(0);
    const facet = await get(app, '/v1/memberships/facets?by=member&include=retracted');
    expect(facet.body.data[0].values).toMatchObject([{ value: 'person/ilze', count: 1 }]);
    expect((await get(app, '/v1/memberships/facets?by=member')).body.data[0].values).toEqual([]);
    expect(await getIds(app, '/v1/search?q=liep%C4%81ja')).not.toContain('ilze-council');
    expect(await getIds(app, '/v1/memberships?asOf=1')).toEqual(['ilze-council']);
    expect((await get(app, '/v1/memberships/ilze-council/versions')).body.data).toMatchObject([
      { op: 'add' },
      { op: 'retract', cause: 'retraction', reason: 'She only comes from there', fields: [] },
    ]);
    expect((await get(app, '/v1/memberships?include=all')).status).toBe(400);

    // It stays retracted whether or not it is still listed, and is restored once it is defined again.
    const note = buildCouncilDossier([council, chair], {
      uncovered: UNCOVERED_SENTENCE,
      document: { title: 'The vote' },
    });
    expect(await importInto(store, note)).toMatchObject({ retracted: [], modified: [{ id: 'vote' }] });
    const back = await importInto(
      store,
      buildCouncilDossier([council, chair, membership], { document: { title: 'The vote' } }),
    );
    expect(back.added).toMatchObject([{ id: 'ilze-council', cause: 'addition' }]);
    expect((await get(app, '/v1/memberships/ilze-council')).body).toMatchObject({ version: 3 });
  });

  it('can be defined by another dossier that corrected it before', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const source = 'Ilze Ābele came from Liepāja.';
    const createEvidence = (supports: string[]) => [{ quote: 'Ilze Ābele came from Liepāja', supports }];
    const corrects = [
      {
        fact: 'membership/ilze-council',
        fields: { role: 'guest' },
        evidence: createEvidence(['role']),
        reason: 'She was no member',
      },
    ];
    await importInto(store, buildDossier({ id: 'other', source, corrects }));
    const retractions = [{ fact: 'membership/ilze-council', reason: 'Ours no more' }];
    await importInto(
      store,
      buildCouncilDossier([council, chair], { uncovered: UNCOVERED_SENTENCE, retractions }),
    );
    const ownFact = {
      ...membership,
      role: 'chair',
      evidence: createEvidence(['member', 'organization', 'role']),
    };
    const takenOver = await importInto(store, buildDossier({ id: 'other', source, facts: [ownFact] }));
    expect(takenOver.added).toMatchObject([{ id: 'ilze-council' }]);
    const { body } = await get(await createApp(store), '/v1/memberships/ilze-council');
    expect(body).toMatchObject({ version: 4, role: 'chair' });
    expect(body.evidence.map(({ document }: Json) => document.id)).toEqual(['other']);
    expect(await store.read((db) => db.selectFrom('contribution').selectAll().execute())).toEqual([]);
  });

  it('can still have its amendments changed or withdrawn', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const buildOther = (source: string, sections: object) =>
      buildDossier({ id: 'other', source, ...sections });
    const adds = [{ fact: 'membership/ilze-council', evidence: [{ quote: 'Ilze', supports: ['member'] }] }];
    await importInto(store, buildOther('Ilze.', { adds }));
    const retractions = [{ fact: 'membership/ilze-council', reason: 'Ours no more' }];
    await importInto(
      store,
      buildCouncilDossier([council, chair], { uncovered: UNCOVERED_SENTENCE, retractions }),
    );
    expect(await importInto(store, buildOther('And Ilze.', { adds }))).toMatchObject({
      retracted: [],
      added: [],
    });
    const uncovered = [{ quote: 'And Ilze', reason: 'Nothing is drawn from it' }];
    const back = await importInto(store, buildOther('And Ilze.', { retractions, uncovered }));
    expect(back).toMatchObject({ modified: [], retracted: [] });
    const { body } = await get(await createApp(store), '/v1/memberships/ilze-council');
    expect(body).toMatchObject({ version: 3, retracted: { revision: 3 } });
    expect(await store.read((db) => db.selectFrom('contribution').selectAll().execute())).toEqual([]);
  });

  it('may stay listed forever, even after a rename', async () => {
    const store = await createStore();
    const retractions = [{ fact: 'membership/ilze-council', reason: 'She only comes from there' }];
    const title = (text: string) => ({ document: { title: text } });
    // A store that has never seen the fact, and then the next edit of the dossier.
    await importInto(
      store,
      buildCouncilDossier([council, chair], { uncovered: UNCOVERED_SENTENCE, retractions }),
    );
    await importInto(
      store,
      buildCouncilDossier([council, chair], {
        uncovered: UNCOVERED_SENTENCE,
        retractions,
        ...title('Second'),
      }),
    );
    const ghost = [...retractions, { fact: 'membership/ghost', reason: 'A slip of the pen' }];
    const slip = buildCouncilDossier([council, chair], { uncovered: UNCOVERED_SENTENCE, retractions: ghost });
    expect(await catchImportConflicts(importInto(store, slip))).toEqual([
      'unknown-reference /retractions/1/fact fact membership/ghost not found',
    ]);
    // Another dossier defines it, and renames it.
    const ownFact = (id: string) => ({
      ...membership,
      id,
      evidence: [{ quote: 'Ilze', supports: ['member', 'organization'] }],
    });
    await importInto(store, buildDossier({ id: 'other', source: 'Ilze.', facts: [ownFact('ilze-council')] }));
    await importInto(
      store,
      buildCouncilDossier([council, chair], {
        uncovered: UNCOVERED_SENTENCE,
        retractions,
        ...title('Third'),
      }),
    );
    const renames = [{ from: 'membership/ilze-council', to: 'ilze' }];
    await importInto(
      store,
      buildDossier({ id: 'other', source: 'Ilze.', facts: [ownFact('ilze')], renames }),
    );
    await importInto(
      store,
      buildCouncilDossier([council, chair], {
        uncovered: UNCOVERED_SENTENCE,
        retractions,
        ...title('Fourth'),
      }),
    );
    const factsBefore = await store.read((db) => db.selectFrom('fact').selectAll().orderBy('row').execute());
    await reindex(store);
    expect(await store.read((db) => db.selectFrom('fact').selectAll().orderBy('row').execute())).toEqual(
      factsBefore,
    );
    expect(factsBefore.filter(({ retracted }) => retracted !== null)).toEqual([]);
  });

  it('may be listed by an earlier id', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const renames = [{ from: 'membership/ilze-council', to: 'ilze' }];
    await importInto(
      store,
      buildCouncilDossier([council, chair, { ...membership, id: 'ilze' }], { renames }),
    );
    const retractions = [{ fact: 'membership/ilze-council', reason: 'She only comes from there' }];
    const both = buildCouncilDossier([council, chair, { ...membership, id: 'ilze' }], { retractions });
    expect(await catchImportConflicts(importInto(store, both))).toEqual([
      'duplicate-id /retractions/0/fact membership/ilze is also defined under facts',
    ]);
    const result = await importInto(
      store,
      buildCouncilDossier([council, chair], { uncovered: UNCOVERED_SENTENCE, retractions }),
    );
    expect(result.retracted).toMatchObject([{ id: 'ilze', cause: 'retraction' }]);
    // The rename may stay listed too.
    const withdrawn = [{ fact: 'membership/ilze', reason: 'She only comes from there' }];
    const remainingSections = { uncovered: UNCOVERED_SENTENCE, retractions: withdrawn, renames };
    expect(await importInto(store, buildCouncilDossier([council, chair], remainingSections))).toMatchObject({
      retracted: [],
    });
    const fresh = await createStore();
    await importInto(fresh, buildCouncilDossier([council, chair], remainingSections));
    await importInto(
      fresh,
      buildCouncilDossier([council, chair], { ...remainingSections, document: { title: 'Second' } }),
    );
    // The rename does not hide a fact that is missing.
    const laterStore = await createStore();
    await importInto(laterStore, buildCouncilDossier([council, chair, membership]));
    expect(
      await catchImportConflicts(
        importInto(laterStore, buildCouncilDossier([council, chair], remainingSections)),
      ),
    ).toEqual([
      'unknown-reference /retractions/0/fact fact membership/ilze not found',
      expect.stringMatching(/^fact-left-out \/facts membership\/ilze-council is missing from dossier vote/),
    ]);
  });

  it('cannot get new references', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const retractions = [{ fact: 'person/ilze', reason: 'There is no such person' }];
    const chairless = [{ quote: 'Its chair is Ilze Ābele', reason: 'Withdrawn' }];
    const left = buildCouncilDossier([council, membership], { uncovered: chairless, retractions });
    expect(await catchImportConflicts(importInto(store, left))).toEqual([
      'retracted-fact /facts/1 membership/ilze-council refers to person/ilze, which is retracted',
    ]);
    // Existing references from another dossier may stay, but new ones are rejected.
    const other = (facts: unknown[]) => buildDossier({ id: 'other', source: 'Ilze. Ilze again.', facts });
    const role = (id: string, quote: string) => ({
      ...membership,
      id,
      evidence: [{ quote, supports: ['member', 'organization'] }],
    });
    await importInto(store, other([role('first', 'Ilze again')].concat(role('zero', 'Ilze. '))));
    const both = [...retractions, { fact: 'membership/ilze-council', reason: 'Neither' }];
    await importInto(
      store,
      buildCouncilDossier([council], { uncovered: [...UNCOVERED_SENTENCE, ...chairless], retractions: both }),
    );
    const app = await createApp(store);
    expect((await get(app, '/v1/memberships/first')).body.member.label).toBe('Ilze Ābele');
    const keptDossier = other([
      {
        ...role('first', 'Ilze again'),
        role: 'chair',
        evidence: [{ quote: 'Ilze again', supports: ['member', 'organization', 'role'] }],
      },
      role('zero', 'Ilze. '),
    ]);
    expect((await importInto(store, keptDossier)).modified).toMatchObject([{ id: 'first' }]);
    const newDossier = other([
      ...[role('first', 'Ilze again'), role('zero', 'Ilze. ')],
      role('second', 'again'),
    ]);
    expect(await catchImportConflicts(importInto(store, newDossier))).toEqual([
      'retracted-fact /facts/2 membership/second refers to person/ilze, which is retracted',
    ]);
  });
});
