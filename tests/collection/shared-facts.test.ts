/** Facts that are withdrawn, get another id, or are spoken of by other dossiers. */
import { describe, expect, it } from 'vitest';
import { reindex } from '../../src/store/reindex.ts';
import { appOn, conflictsOf, emptyStore, get, idsAt, importInto, type Json, walk } from '../support/app.ts';
import { dossierOf } from '../support/dossiers.ts';

const VOTE = 'The council of Liepāja votes. Its chair is Ilze Ābele. She comes from Liepāja.';
const council = {
  type: 'organization',
  id: 'council',
  name: 'council of Liepāja',
  kind: 'group',
  evidence: [{ quote: 'The council of Liepāja votes', supports: ['name', 'kind'] }],
};
const chair = {
  type: 'person',
  id: 'ilze',
  name: 'Ilze Ābele',
  posts: [{ title: 'chair', of: 'organization/council' }],
  evidence: [{ quote: 'Its chair is Ilze Ābele', supports: ['name', 'posts'] }],
};
const membership = {
  type: 'membership',
  id: 'ilze-council',
  member: 'person/ilze',
  organization: 'organization/council',
  evidence: [{ quote: 'She comes from Liepāja', supports: ['member', 'organization'] }],
};
const vote = (facts: unknown[], more: object = {}) => dossierOf({ id: 'vote', source: VOTE, facts, ...more });
const SHE = [{ quote: 'She comes from Liepāja', reason: 'Nothing is drawn from it' }];

describe('a fact that is withdrawn', () => {
  it('must be given or retracted, and is then found by its id alone', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    expect(await conflictsOf(importInto(store, vote([council, chair], { uncovered: SHE })))).toEqual([
      expect.stringMatching(/^fact-left-out \/facts membership\/ilze-council is in the store and left out/),
    ]);
    const retractions = [{ fact: 'membership/ilze-council', reason: 'She only comes from there' }];
    const without = vote([council, chair], { uncovered: SHE, retractions });
    expect((await importInto(store, without)).retracted).toMatchObject([
      { id: 'ilze-council', cause: 'retraction' },
    ]);
    const app = await appOn(store);
    expect((await get(app, '/v1/memberships/ilze-council')).body).toMatchObject({
      version: 2,
      retracted: { revision: 2, reason: 'She only comes from there' },
      member: { id: 'ilze' },
    });
    expect(await idsAt(app, '/v1/memberships')).toEqual([]);
    expect(await idsAt(app, '/v1/memberships?include=retracted&member=ilze')).toEqual(['ilze-council']);
    expect((await get(app, '/v1/memberships?count=true')).body.meta.total).toBe(0);
    const facet = await get(app, '/v1/memberships/facets?by=member&include=retracted');
    expect(facet.body.data[0].values).toMatchObject([{ value: 'person/ilze', count: 1 }]);
    expect((await get(app, '/v1/memberships/facets?by=member')).body.data[0].values).toEqual([]);
    expect(await idsAt(app, '/v1/search?q=liep%C4%81ja')).not.toContain('ilze-council');
    expect(await idsAt(app, '/v1/memberships?asOf=1')).toEqual(['ilze-council']);
    expect((await get(app, '/v1/memberships/ilze-council/versions')).body.data).toMatchObject([
      { op: 'add' },
      { op: 'retract', cause: 'retraction', reason: 'She only comes from there', fields: [] },
    ]);
    expect((await get(app, '/v1/memberships?include=all')).status).toBe(400);

    // Listed still, or not any more: it stays withdrawn. Given again, it is there again.
    const note = vote([council, chair], { uncovered: SHE, document: { title: 'The vote' } });
    expect(await importInto(store, note)).toMatchObject({ retracted: [], modified: [{ id: 'vote' }] });
    const back = await importInto(
      store,
      vote([council, chair, membership], { document: { title: 'The vote' } }),
    );
    expect(back.added).toMatchObject([{ id: 'ilze-council', cause: 'addition' }]);
    expect((await get(app, '/v1/memberships/ilze-council')).body).toMatchObject({ version: 3 });
  });

  it('can be taken up by another dossier, which had corrected it before', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const source = 'Ilze Ābele came from Liepāja.';
    const words = (supports: string[]) => [{ quote: 'Ilze Ābele came from Liepāja', supports }];
    const corrects = [
      {
        fact: 'membership/ilze-council',
        fields: { role: 'guest' },
        evidence: words(['role']),
        reason: 'She was no member',
      },
    ];
    await importInto(store, dossierOf({ id: 'other', source, corrects }));
    const retractions = [{ fact: 'membership/ilze-council', reason: 'Ours no more' }];
    await importInto(store, vote([council, chair], { uncovered: SHE, retractions }));
    const own = { ...membership, role: 'chair', evidence: words(['member', 'organization', 'role']) };
    const taken = await importInto(store, dossierOf({ id: 'other', source, facts: [own] }));
    expect(taken.added).toMatchObject([{ id: 'ilze-council' }]);
    const { body } = await get(await appOn(store), '/v1/memberships/ilze-council');
    expect(body).toMatchObject({ version: 4, role: 'chair' });
    expect(body.evidence.map(({ document }: Json) => document.id)).toEqual(['other']);
    expect(await store.read((db) => db.selectFrom('contribution').selectAll().execute())).toEqual([]);
  });

  it('leaves those who spoke of it free to change their words, or to take them back', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const other = (source: string, more: object) => dossierOf({ id: 'other', source, ...more });
    const adds = [{ fact: 'membership/ilze-council', evidence: [{ quote: 'Ilze', supports: ['member'] }] }];
    await importInto(store, other('Ilze.', { adds }));
    const retractions = [{ fact: 'membership/ilze-council', reason: 'Ours no more' }];
    await importInto(store, vote([council, chair], { uncovered: SHE, retractions }));
    expect(await importInto(store, other('And Ilze.', { adds }))).toMatchObject({ retracted: [], added: [] });
    const uncovered = [{ quote: 'And Ilze', reason: 'Nothing is drawn from it' }];
    const back = await importInto(store, other('And Ilze.', { retractions, uncovered }));
    expect(back).toMatchObject({ modified: [], retracted: [] });
    const { body } = await get(await appOn(store), '/v1/memberships/ilze-council');
    expect(body).toMatchObject({ version: 3, retracted: { revision: 3 } });
    expect(await store.read((db) => db.selectFrom('contribution').selectAll().execute())).toEqual([]);
  });

  it('may stay listed for ever, by whatever id it goes', async () => {
    const store = await emptyStore();
    const retractions = [{ fact: 'membership/ilze-council', reason: 'She only comes from there' }];
    const title = (text: string) => ({ document: { title: text } });
    // A store that never knew the fact, and the next edit of the dossier.
    await importInto(store, vote([council, chair], { uncovered: SHE, retractions }));
    await importInto(store, vote([council, chair], { uncovered: SHE, retractions, ...title('Second') }));
    const ghost = [...retractions, { fact: 'membership/ghost', reason: 'A slip of the pen' }];
    const slip = vote([council, chair], { uncovered: SHE, retractions: ghost });
    expect(await conflictsOf(importInto(store, slip))).toEqual([
      'unknown-reference /retractions/1/fact there is no fact membership/ghost',
    ]);
    // Another takes it up, and gives it another id.
    const own = (id: string) => ({
      ...membership,
      id,
      evidence: [{ quote: 'Ilze', supports: ['member', 'organization'] }],
    });
    await importInto(store, dossierOf({ id: 'other', source: 'Ilze.', facts: [own('ilze-council')] }));
    await importInto(store, vote([council, chair], { uncovered: SHE, retractions, ...title('Third') }));
    const renames = [{ from: 'membership/ilze-council', to: 'ilze' }];
    await importInto(store, dossierOf({ id: 'other', source: 'Ilze.', facts: [own('ilze')], renames }));
    await importInto(store, vote([council, chair], { uncovered: SHE, retractions, ...title('Fourth') }));
    const before = await store.read((db) => db.selectFrom('fact').selectAll().orderBy('row').execute());
    await reindex(store);
    expect(await store.read((db) => db.selectFrom('fact').selectAll().orderBy('row').execute())).toEqual(
      before,
    );
    expect(before.filter(({ retracted }) => retracted !== null)).toEqual([]);
  });

  it('may be named by an id that it had before', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const renames = [{ from: 'membership/ilze-council', to: 'ilze' }];
    await importInto(store, vote([council, chair, { ...membership, id: 'ilze' }], { renames }));
    const retractions = [{ fact: 'membership/ilze-council', reason: 'She only comes from there' }];
    const both = vote([council, chair, { ...membership, id: 'ilze' }], { retractions });
    expect(await conflictsOf(importInto(store, both))).toEqual([
      'duplicate-id /retractions/0/fact membership/ilze is given under facts too',
    ]);
    const done = await importInto(store, vote([council, chair], { uncovered: SHE, retractions }));
    expect(done.retracted).toMatchObject([{ id: 'ilze', cause: 'retraction' }]);
    // And the rename may stay listed with it.
    const withdrawn = [{ fact: 'membership/ilze', reason: 'She only comes from there' }];
    const still = { uncovered: SHE, retractions: withdrawn, renames };
    expect(await importInto(store, vote([council, chair], still))).toMatchObject({ retracted: [] });
    const fresh = await emptyStore();
    await importInto(fresh, vote([council, chair], still));
    await importInto(fresh, vote([council, chair], { ...still, document: { title: 'Second' } }));
    // But it does not hide a fact that is left out.
    const behind = await emptyStore();
    await importInto(behind, vote([council, chair, membership]));
    expect(await conflictsOf(importInto(behind, vote([council, chair], still)))).toEqual([
      'unknown-reference /retractions/0/fact there is no fact membership/ilze',
      expect.stringMatching(/^fact-left-out \/facts membership\/ilze-council is in the store and left out/),
    ]);
  });

  it('cannot be referred to anew', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const retractions = [{ fact: 'person/ilze', reason: 'There is no such person' }];
    const chairless = [{ quote: 'Its chair is Ilze Ābele', reason: 'Withdrawn' }];
    const left = vote([council, membership], { uncovered: chairless, retractions });
    expect(await conflictsOf(importInto(store, left))).toEqual([
      'retracted-fact /facts/1 membership/ilze-council refers to person/ilze, which is retracted',
    ]);
    // Of another dossier it may stand: what was said then is not undone. But nothing new is said of it.
    const other = (facts: unknown[]) => dossierOf({ id: 'other', source: 'Ilze. Ilze again.', facts });
    const role = (id: string, quote: string) => ({
      ...membership,
      id,
      evidence: [{ quote, supports: ['member', 'organization'] }],
    });
    await importInto(store, other([role('first', 'Ilze again')].concat(role('zero', 'Ilze. '))));
    const both = [...retractions, { fact: 'membership/ilze-council', reason: 'Neither' }];
    await importInto(store, vote([council], { uncovered: [...SHE, ...chairless], retractions: both }));
    const app = await appOn(store);
    expect((await get(app, '/v1/memberships/first')).body.member.label).toBe('Ilze Ābele');
    const kept = other([
      {
        ...role('first', 'Ilze again'),
        role: 'chair',
        evidence: [{ quote: 'Ilze again', supports: ['member', 'organization', 'role'] }],
      },
      role('zero', 'Ilze. '),
    ]);
    expect((await importInto(store, kept)).modified).toMatchObject([{ id: 'first' }]);
    const anew = other([...[role('first', 'Ilze again'), role('zero', 'Ilze. ')], role('second', 'again')]);
    expect(await conflictsOf(importInto(store, anew))).toEqual([
      'retracted-fact /facts/2 membership/second refers to person/ilze, which is retracted',
    ]);
  });
});

describe('a fact that gets another id', () => {
  it('is found by either, in the past by the one it had, and others follow', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const guest = {
      ...membership,
      id: 'guest',
      role: 'guest',
      evidence: [{ quote: 'A guest', supports: ['member', 'organization', 'role'] }],
    };
    await importInto(store, dossierOf({ id: 'guests', source: 'A guest.', facts: [guest] }));
    const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
    // The dossier's own facts may name it either way.
    const renamed = vote([council, { ...chair, id: 'ilze-abele' }, membership], { renames });
    expect(
      (await importInto(store, renamed)).modified.map(({ type, id, cause }) => [type, id, cause]),
    ).toEqual([
      ['person', 'ilze-abele', 'editorial'],
      ['membership', 'ilze-council', 'editorial'],
      ['membership', 'guest', 'editorial'],
    ]);
    const app = await appOn(store);
    const moved = await get(app, '/v1/people/ilze');
    expect([moved.status, moved.headers['location']]).toEqual([308, '/v1/people/ilze-abele']);
    expect((await get(app, '/v1/people/ilze/references?limit=3')).headers['location']).toBe(
      '/v1/people/ilze-abele/references?limit=3',
    );
    expect((await get(app, '/v1/people/ilze?asOf=1')).body).toMatchObject({ id: 'ilze', version: 1 });
    expect((await get(app, '/v1/people/ilze-abele?asOf=1')).headers['location']).toBe(
      '/v1/people/ilze?asOf=1',
    );
    expect(await idsAt(app, '/v1/people')).toEqual(['ilze-abele']);
    expect((await idsAt(app, '/v1/memberships?member=ilze-abele')).sort()).toEqual(['guest', 'ilze-council']);
    expect(await idsAt(app, '/v1/memberships?member=ilze&asOf=2')).toHaveLength(2);
    const { body } = await get(app, '/v1/people/ilze-abele/versions');
    expect(body.data).toMatchObject([
      { version: 1, id: 'ilze' },
      {
        version: 2,
        id: 'ilze-abele',
        op: 'modify',
        fields: [{ field: 'id', before: 'ilze', after: 'ilze-abele' }],
      },
    ]);
    for (const name of ['ilze', 'ilze-abele']) {
      expect(await walk(app, `/v1/changes?fact=person/${name}`), name).toHaveLength(2);
    }

    // The same dossier again, and another that still has the old name.
    expect(await importInto(store, { ...renamed, facts: `${renamed.facts}# again\n` })).toMatchObject({
      modified: [],
    });
    const late = {
      ...guest,
      id: 'late',
      evidence: [{ quote: 'A late guest', supports: ['member', 'organization', 'role'] }],
    };
    await importInto(store, dossierOf({ id: 'late', source: 'A late guest.', facts: [late] }));
    expect((await get(app, '/v1/memberships/late')).body.member).toEqual({
      type: 'person',
      id: 'ilze-abele',
      label: 'Ilze Ābele',
    });
    // And once more: the oldest name leads to the newest.
    const again = [...renames, { from: 'person/ilze-abele', to: 'abele' }];
    const chain = vote([council, { ...chair, id: 'abele' }, membership], { renames: again });
    await importInto(store, chain);
    expect((await get(app, '/v1/people/ilze')).headers['location']).toBe('/v1/people/abele');
    expect((await get(app, '/v1/people/abele/versions')).body.data.map(({ id }: Json) => id)).toEqual([
      'ilze',
      'ilze-abele',
      'abele',
    ]);
    expect((await get(app, '/v1/people/ghost')).status).toBe(404);
  });

  it('is found by the old one too in a store that sees the dossier for the first time', async () => {
    const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
    const retractions = [{ fact: 'membership/ilze-council', reason: 'She only comes from there' }];
    const facts = [council, { ...chair, id: 'ilze-abele' }];
    const store = await emptyStore();
    await importInto(store, vote(facts, { renames, retractions, uncovered: SHE }));
    const app = await appOn(store);
    expect((await get(app, '/v1/people/ilze')).headers['location']).toBe('/v1/people/ilze-abele');
    expect((await get(app, '/v1/memberships/ilze-council')).status).toBe(404);
  });

  it('may have gone several steps further than the store', async () => {
    const steps = [
      { from: 'person/ilze', to: 'ilze-abele' },
      { from: 'person/ilze-abele', to: 'abele' },
    ];
    const named = (id: string) => ({ ...chair, id });
    for (const renames of [steps, [...steps].reverse()]) {
      const store = await emptyStore();
      await importInto(store, vote([council, chair, membership]));
      const done = await importInto(store, vote([council, named('abele'), membership], { renames }));
      expect(done.added).toEqual([]);
      expect(done.modified).toMatchObject([{ id: 'abele' }, { id: 'ilze-council' }]);
      const app = await appOn(store);
      for (const id of ['ilze', 'ilze-abele']) {
        expect((await get(app, `/v1/people/${id}`)).headers['location']).toBe('/v1/people/abele');
      }
      expect((await get(app, '/v1/people/abele/versions')).body.data).toHaveLength(2);
      // The file may leave a step out later.
      const shorter = [{ from: 'person/ilze', to: 'abele' }];
      await importInto(store, vote([council, named('abele'), membership], { renames: shorter }));
      const last = [...steps, { from: 'person/abele', to: 'i' }];
      await importInto(store, vote([council, named('i'), membership], { renames: last }));
      expect((await get(app, '/v1/people/ilze')).headers['location']).toBe('/v1/people/i');
    }
    const store = await emptyStore();
    const uncovered = [{ quote: 'Its chair is', reason: 'For the tests' }, ...SHE];
    await importInto(store, vote([council], { uncovered }));
    const ghosts = vote([council, named('abele'), membership], { renames: steps });
    expect(await conflictsOf(importInto(store, ghosts))).toEqual([
      'unknown-reference /renames/0/from person/ilze is no fact of this dossier',
      'unknown-reference /renames/1/from person/ilze-abele is no fact of this dossier',
    ]);
  });

  it('is one fact under both ids', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const meeting = {
      type: 'event',
      id: 'session',
      name: 'session',
      kind: 'meeting',
      status: 'held',
      evidence: [{ quote: 'She comes', supports: ['name', 'kind', 'status'] }],
    };
    await importInto(store, vote([council, chair, membership, meeting]));
    const renames = [{ from: 'event/session', to: 'meeting' }];
    const itself = (more: object) =>
      vote([council, chair, membership, { ...meeting, id: 'meeting', ...more }], { renames });
    const evidence = [{ quote: 'She comes', supports: ['name', 'kind', 'status', 'partOf'] }];
    expect(await conflictsOf(importInto(store, itself({ partOf: 'event/session', evidence })))).toEqual([
      'self-reference /facts/3 event/meeting refers to itself',
    ]);
    await importInto(store, itself({}));
    const develops = ['event/session', 'event/meeting'].map((fact) => ({
      fact,
      fields: { status: 'cancelled' },
      evidence: [{ quote: 'Off', supports: ['status'] }],
    }));
    expect(await conflictsOf(importInto(store, dossierOf({ id: 'off', source: 'Off.', develops })))).toEqual([
      'duplicate-id /develops/1/fields/status status of event/meeting is set already, in develops/0',
    ]);
    const corrects = [
      {
        fact: 'event/meeting',
        fields: { partOf: 'event/session' },
        evidence: [{ quote: 'Off', supports: ['partOf'] }],
        reason: 'Why not',
      },
    ];
    expect(await conflictsOf(importInto(store, dossierOf({ id: 'off', source: 'Off.', corrects })))).toEqual([
      'self-reference /corrects/0 event/meeting refers to itself',
    ]);
  });

  it('gets none that another fact has or had', async () => {
    const store = await emptyStore();
    const deputy = {
      ...chair,
      id: 'deputy',
      evidence: [{ quote: 'Ilze Ābele', supports: ['name', 'posts'] }],
    };
    await importInto(store, vote([council, chair, deputy, membership]));
    const merged = vote([council, deputy, membership], { renames: [{ from: 'person/ilze', to: 'deputy' }] });
    expect(await conflictsOf(importInto(store, merged))).toContainEqual(
      'renamed-fact /renames/0/to there is or was a fact person/deputy already (its home is dossier vote)',
    );
    const ghost = vote([council, chair, deputy, membership, { ...deputy, id: 'new' }], {
      renames: [{ from: 'person/ghost', to: 'new' }],
    });
    expect(await conflictsOf(importInto(store, ghost))).toEqual([
      'unknown-reference /renames/0/from person/ghost is no fact of this dossier',
    ]);
  });
});

describe('what a dossier says about facts of others', () => {
  const later = (more: object, id = 'later', publishedOn: string | null = '2031-06-01') =>
    dossierOf({
      id,
      source: `In ${id} Ilze Kalniņa, once Ābele, is mayor.`,
      document: { publishedOn },
      facts: [],
      ...more,
    });
  const words = (id: string, supports: string[]) => [
    { quote: `In ${id} Ilze Kalniņa, once Ābele, is mayor`, supports },
  ];
  const named = (name: string, id = 'later') => ({
    develops: [{ fact: 'person/ilze', fields: { name }, evidence: words(id, ['name']) }],
  });

  it('changes the labels that are made of it, in every dossier', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const done = await importInto(store, later(named('Ilze Kalniņa')));
    expect(done.modified).toEqual([
      { type: 'person', id: 'ilze', label: 'Ilze Kalniņa', cause: 'development' },
      {
        type: 'membership',
        id: 'ilze-council',
        label: 'Ilze Kalniņa: member of council of Liepāja',
        cause: 'editorial',
      },
    ]);
    const app = await appOn(store);
    expect(await idsAt(app, '/v1/memberships?q=kalnina')).toEqual(['ilze-council']);
    expect(await idsAt(app, '/v1/memberships?q=abele')).toEqual([]);
    const { body } = await get(app, '/v1/memberships/ilze-council/versions');
    expect(body.data[1]).toMatchObject({ cause: 'editorial', fields: [{ field: 'label' }] });
  });

  it('changes just the labels that are made of it, however many refer to it', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const quotes = Array.from({ length: 450 }, (_, n) => `Seat ${n}.`);
    const seats = quotes.map((quote, n) => ({
      ...membership,
      id: `seat-${n}`,
      evidence: [{ quote, supports: ['member', 'organization'] }],
    }));
    const session = {
      type: 'event',
      id: 'session',
      name: 'session',
      kind: 'meeting',
      status: 'held',
      participants: [{ actor: 'person/ilze', attendance: 'in-person' }],
      evidence: [{ quote: 'The session', supports: ['name', 'kind', 'status', 'participants'] }],
    };
    await importInto(
      store,
      dossierOf({ id: 'seats', source: [...quotes, 'The session.'].join('\n'), facts: [...seats, session] }),
    );
    const done = await importInto(store, later(named('Ilze Kalniņa')));
    const labels = new Map(done.modified.map(({ id, label }) => [id, label]));
    expect(labels.size).toBe(1 + 1 + 450);
    expect(labels.get('seat-449')).toBe('Ilze Kalniņa: member of council of Liepāja');
    expect(labels.has('session')).toBe(false);
  });

  it('is not dropped in part without a note', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const source = 'Ilze is old news. Ilze Ābele is Ilze.';
    const say = (more: object) => dossierOf({ id: 'later', source, ...more });
    const words = (quote: string, ...supports: string[]) => [{ quote, supports }];
    const add = (quote: string) => ({ fact: 'person/ilze', evidence: words(quote, 'name') });
    const develops = [
      { fact: 'person/ilze', fields: { aliases: ['Ilze'] }, evidence: words('is Ilze', 'aliases') },
    ];
    await importInto(store, say({ adds: [add('is old'), add('Ābele is')], develops }));
    // The home says the same by now, so that nothing changes when the other says it no more.
    const evidence = [{ quote: 'Its chair is Ilze Ābele', supports: ['name', 'posts', 'aliases'] }];
    await importInto(store, vote([council, { ...chair, aliases: ['Ilze'], evidence }, membership]));
    const without: [object, string][] = [
      [{ adds: [add('is old')], develops }, 'name'],
      [{ adds: [add('is old'), add('Ābele is')] }, 'aliases'],
    ];
    for (const [more, field] of without) {
      expect(await conflictsOf(importInto(store, say(more), { note: null })), field).toEqual([
        `reason-missing  some of what dossier later said about ${field} of person/ilze would be taken back: say why in a note`,
      ]);
    }
    // Other words in the same number are an edit like any other.
    const [first, second] = [words('is old', 'name')[0], words('Ābele is Ilze', 'name')[0]];
    const reworded = { adds: [{ fact: 'person/ilze', evidence: [first, second] }], develops };
    const done = await importInto(store, say(reworded), { note: null });
    expect(done.modified).toMatchObject([{ id: 'ilze', cause: 'editorial' }]);
    await importInto(store, say({ adds: [add('is old')], develops }), { note: 'The other is no name' });
  });

  it('carries with further words the value that they saw, and no other', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const title = (text: string) => ({ publishedOn: '2031-06-01', title: text });
    const adds = [{ fact: 'person/ilze', evidence: words('june', ['name', 'posts']) }];
    await importInto(store, later({ adds }, 'june'));
    const app = await appOn(store);
    const carried = async () =>
      (await get(app, '/v1/people/ilze')).body.evidence.map(({ document, supports }: Json) => [
        document.id,
        supports,
      ]);
    const both = [
      ['vote', ['name', 'posts']],
      ['june', ['name', 'posts']],
    ];
    expect(await carried()).toEqual(both);
    // An older document that is imported later, and the home.
    await importInto(store, later(named('Ilze in May', 'may'), 'may', '2031-05-09'));
    const changed = [
      ['vote', ['posts']],
      ['may', ['name']],
      ['june', ['posts']],
    ];
    expect(await carried()).toEqual(changed);
    // The same words again are about what they were about; others are about what there is now.
    await importInto(store, later({ adds, document: title('Again') }, 'june'));
    expect(await carried()).toEqual(changed);
    const shorter = [{ quote: 'Ilze Kalniņa, once Ābele', supports: ['name', 'posts'] }];
    await importInto(store, later({ adds: [{ fact: 'person/ilze', evidence: shorter }] }, 'june'));
    expect(await carried()).toEqual([...changed.slice(0, 2), ['june', ['name', 'posts']]]);
    await importInto(store, later({ adds, document: title('As before') }, 'june'));
    const posts = [{ title: 'speaker', of: 'organization/council' }];
    await importInto(store, vote([council, { ...chair, posts }, membership]));
    expect(await carried()).toEqual([
      ['vote', ['posts']],
      ['may', ['name']],
      ['june', ['name']],
    ]);
    const facts = () => store.read((db) => db.selectFrom('fact').selectAll().orderBy('row').execute());
    const before = await facts();
    await reindex(store);
    expect(await facts()).toEqual(before);
    await importInto(store, vote([council, chair, membership]));
    expect(await carried()).toEqual([
      ['vote', ['posts']],
      ['may', ['name']],
      ['june', ['name', 'posts']],
    ]);
  });

  it('counts by the day of its document, whenever it is imported', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    await importInto(store, later(named('Ilze in June', 'june'), 'june', '2031-06-01'));
    const earlier = await importInto(store, later(named('Ilze in May', 'may'), 'may', '2031-05-09'));
    expect(earlier.modified).toEqual([]);
    const app = await appOn(store);
    expect((await get(app, '/v1/people/ilze')).body.name).toBe('Ilze in June');
    const correction = {
      corrects: [
        {
          fact: 'person/ilze',
          fields: { name: 'Ilze of old' },
          evidence: words('old', ['name']),
          reason: 'Why not',
        },
      ],
    };
    expect(await conflictsOf(importInto(store, later(correction, 'old', '2031-05-03')))).toEqual([
      'later-word /corrects/0/fields/name a dossier published later has another word on name of person/ilze',
    ]);
    const gone = later(
      {
        retractions: [{ fact: 'person/ilze', reason: 'Misread' }],
        uncovered: [{ quote: 'In june', reason: 'Misread' }],
      },
      'june',
      '2031-06-01',
    );
    await importInto(store, gone);
    expect((await get(app, '/v1/people/ilze')).body.name).toBe('Ilze in May');
  });

  it('keeps listed what a dossier took back, and finds it by an earlier id', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    await importInto(store, later(named('Ilze Kalniņa')));
    const renames = [{ from: 'person/ilze', to: 'abele' }];
    await importInto(store, vote([council, { ...chair, id: 'abele' }, membership], { renames }));
    const uncovered = [{ quote: 'In later', reason: 'Misread' }];
    const retractions = [{ fact: 'person/ilze', reason: 'Misread' }];
    const both = later({ ...named('Ilze Kalniņa'), retractions: [{ fact: 'person/abele', reason: 'No' }] });
    expect(await conflictsOf(importInto(store, both))).toEqual([
      'duplicate-id /retractions/0/fact person/abele is amended in this dossier too',
    ]);
    await importInto(store, later({ retractions, uncovered }), { note: null });
    const { body } = await get(await appOn(store), '/v1/people/abele/versions');
    expect(body.data.at(-1)).toMatchObject({ cause: 'correction', reason: 'Misread' });
    const edited = { retractions, uncovered, document: { publishedOn: '2031-06-01', title: 'Edited' } };
    expect(await importInto(store, later(edited))).toMatchObject({ modified: [{ id: 'later' }] });
  });

  it.each<[string, object, string]>([
    [
      'more evidence for what is empty',
      { adds: [{ fact: 'membership/ilze-council', evidence: words('later', ['role']) }] },
      'empty-field /adds/0 role of membership/ilze-council is empty, so nothing can carry it',
    ],
    [
      'somebody else’s fact taken back',
      {
        retractions: [{ fact: 'person/ilze', reason: 'No' }],
        uncovered: [{ quote: 'In later', reason: 'x' }],
      },
      'home-elsewhere /retractions/0/fact person/ilze has its home in dossier vote, and this one has said nothing about it',
    ],
    [
      'somebody else’s fact renamed',
      {
        renames: [{ from: 'person/ilze', to: 'i' }],
        facts: [{ ...chair, id: 'i', evidence: words('later', ['name', 'posts']) }],
      },
      'unknown-reference /renames/0/from person/ilze is no fact of this dossier (its home is dossier vote)',
    ],
  ])('is refused of %s', async (_, more, problem) => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    expect(await conflictsOf(importInto(store, later(more)))).toEqual([problem]);
  });

  it('keeps to the ids that facts have by now, whoever speaks next', async () => {
    const store = await emptyStore();
    await importInto(store, vote([council, chair, membership]));
    const by = (id: string, name: string) =>
      later(
        {
          develops: [
            { fact: 'membership/ilze-council', fields: { role: name }, evidence: words(id, ['role']) },
          ],
        },
        id,
      );
    const word = { fact: 'membership/ilze-council', evidence: words('adding', ['member']) };
    await importInto(store, later({ adds: [word] }, 'adding'));
    const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
    await importInto(store, vote([council, { ...chair, id: 'ilze-abele' }, membership], { renames }));
    const done = await importInto(store, by('next', 'guest'), { note: null });
    expect(done.modified).toMatchObject([{ id: 'ilze-council', cause: 'development' }]);
    const app = await appOn(store);
    expect((await get(app, '/v1/memberships/ilze-council')).body.member.id).toBe('ilze-abele');
  });

  it('is refused where facts by several dossiers would not hold together', async () => {
    const store = await emptyStore();
    const fair = {
      type: 'event',
      id: 'fair',
      name: 'Fair',
      kind: 'fair',
      status: 'held',
      startDate: '2031-05-02',
      datePrecision: 'day',
      evidence: [{ quote: 'The fair', supports: ['name', 'kind', 'status', 'startDate'] }],
    };
    await importInto(store, dossierOf({ id: 'fair', source: 'The fair.', facts: [fair] }));
    const ends = {
      develops: [
        { fact: 'event/fair', fields: { endDate: '2031-05-01' }, evidence: words('later', ['endDate']) },
      ],
    };
    expect(await conflictsOf(importInto(store, later(ends)))).toEqual([
      'invalid-field /develops/0 event/fair would not hold together: endDate 2031-05-01 is before the startDate, 2031-05-02',
    ]);
  });
});
