import { describe, expect, it } from 'vitest';
import {
  catchImportConflicts,
  createApp,
  createStore,
  followPages,
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

describe('a renamed fact', () => {
  it('is found by both ids, has its old id at earlier revisions, and updates references to it', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const guest = {
      ...membership,
      id: 'guest',
      role: 'guest',
      evidence: [{ quote: 'A guest', supports: ['member', 'organization', 'role'] }],
    };
    await importInto(store, buildDossier({ id: 'guests', source: 'A guest.', facts: [guest] }));
    const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
    // The dossier's own facts may refer to it by either id.
    const renamedDossier = buildCouncilDossier([council, { ...chair, id: 'ilze-abele' }, membership], {
      renames,
    });
    expect(
      (await importInto(store, renamedDossier)).modified.map(({ type, id, cause }) => [type, id, cause]),
    ).toEqual([
      ['person', 'ilze-abele', 'editorial'],
      ['membership', 'ilze-council', 'editorial'],
      ['membership', 'guest', 'editorial'],
    ]);
    const app = await createApp(store);
    const redirect = await get(app, '/v1/people/ilze');
    expect([redirect.status, redirect.headers['location']]).toEqual([308, '/v1/people/ilze-abele']);
    expect((await get(app, '/v1/people/ilze/references?limit=3')).headers['location']).toBe(
      '/v1/people/ilze-abele/references?limit=3',
    );
    expect((await get(app, '/v1/people/ilze?asOf=1')).body).toMatchObject({ id: 'ilze', version: 1 });
    expect((await get(app, '/v1/people/ilze-abele?asOf=1')).headers['location']).toBe(
      '/v1/people/ilze?asOf=1',
    );
    expect(await getIds(app, '/v1/people')).toEqual(['ilze-abele']);
    expect((await getIds(app, '/v1/memberships?member=ilze-abele')).sort()).toEqual([
      'guest',
      'ilze-council',
    ]);
    expect(await getIds(app, '/v1/memberships?member=ilze&asOf=2')).toHaveLength(2);
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
      expect(await followPages(app, `/v1/changes?fact=person/${name}`), name).toHaveLength(2);
    }

    // The same dossier again, and another one that still has the old id.
    expect(
      await importInto(store, { ...renamedDossier, facts: `${renamedDossier.facts}# again\n` }),
    ).toMatchObject({
      modified: [],
    });
    const lateDossier = {
      ...guest,
      id: 'late',
      evidence: [{ quote: 'A late guest', supports: ['member', 'organization', 'role'] }],
    };
    await importInto(store, buildDossier({ id: 'late', source: 'A late guest.', facts: [lateDossier] }));
    expect((await get(app, '/v1/memberships/late')).body.member).toEqual({
      type: 'person',
      id: 'ilze-abele',
      label: 'Ilze Ābele',
    });
    // A second rename: the oldest id redirects to the newest.
    const repeatedRenames = [...renames, { from: 'person/ilze-abele', to: 'abele' }];
    const chain = buildCouncilDossier([council, { ...chair, id: 'abele' }, membership], {
      renames: repeatedRenames,
    });
    await importInto(store, chain);
    expect((await get(app, '/v1/people/ilze')).headers['location']).toBe('/v1/people/abele');
    expect((await get(app, '/v1/people/abele/versions')).body.data.map(({ id }: Json) => id)).toEqual([
      'ilze',
      'ilze-abele',
      'abele',
    ]);
    expect((await get(app, '/v1/people/ghost')).status).toBe(404);
  });

  it('is found by its old id in a store that has never seen the dossier', async () => {
    const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
    const retractions = [{ fact: 'membership/ilze-council', reason: 'She only comes from there' }];
    const facts = [council, { ...chair, id: 'ilze-abele' }];
    const store = await createStore();
    await importInto(
      store,
      buildCouncilDossier(facts, { renames, retractions, uncovered: UNCOVERED_SENTENCE }),
    );
    const app = await createApp(store);
    expect((await get(app, '/v1/people/ilze')).headers['location']).toBe('/v1/people/ilze-abele');
    expect((await get(app, '/v1/memberships/ilze-council')).status).toBe(404);
  });

  it('may have been renamed several times since the last import', async () => {
    const steps = [
      { from: 'person/ilze', to: 'ilze-abele' },
      { from: 'person/ilze-abele', to: 'abele' },
    ];
    const named = (id: string) => ({ ...chair, id });
    for (const renames of [steps, [...steps].reverse()]) {
      const store = await createStore();
      await importInto(store, buildCouncilDossier([council, chair, membership]));
      const result = await importInto(
        store,
        buildCouncilDossier([council, named('abele'), membership], { renames }),
      );
      expect(result.added).toEqual([]);
      expect(result.modified).toMatchObject([{ id: 'abele' }, { id: 'ilze-council' }]);
      const app = await createApp(store);
      for (const id of ['ilze', 'ilze-abele']) {
        expect((await get(app, `/v1/people/${id}`)).headers['location']).toBe('/v1/people/abele');
      }
      expect((await get(app, '/v1/people/abele/versions')).body.data).toHaveLength(2);
      // The file may omit a step later.
      const shorter = [{ from: 'person/ilze', to: 'abele' }];
      await importInto(
        store,
        buildCouncilDossier([council, named('abele'), membership], { renames: shorter }),
      );
      const last = [...steps, { from: 'person/abele', to: 'i' }];
      await importInto(store, buildCouncilDossier([council, named('i'), membership], { renames: last }));
      expect((await get(app, '/v1/people/ilze')).headers['location']).toBe('/v1/people/i');
    }
    const store = await createStore();
    const uncovered = [{ quote: 'Its chair is', reason: 'For the tests' }, ...UNCOVERED_SENTENCE];
    await importInto(store, buildCouncilDossier([council], { uncovered }));
    const ghosts = buildCouncilDossier([council, named('abele'), membership], { renames: steps });
    expect(await catchImportConflicts(importInto(store, ghosts))).toEqual([
      'unknown-reference /renames/0/from person/ilze is not a fact of this dossier',
      'unknown-reference /renames/1/from person/ilze-abele is not a fact of this dossier',
    ]);
  });

  it('is one fact under both ids', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const meeting = {
      type: 'event',
      id: 'session',
      name: 'session',
      kind: 'meeting',
      status: 'held',
      evidence: [{ quote: 'She comes', supports: ['name', 'kind', 'status'] }],
    };
    await importInto(store, buildCouncilDossier([council, chair, membership, meeting]));
    const renames = [{ from: 'event/session', to: 'meeting' }];
    const buildWith = (overrides: object) =>
      buildCouncilDossier([council, chair, membership, { ...meeting, id: 'meeting', ...overrides }], {
        renames,
      });
    const evidence = [{ quote: 'She comes', supports: ['name', 'kind', 'status', 'partOf'] }];
    expect(
      await catchImportConflicts(importInto(store, buildWith({ partOf: 'event/session', evidence }))),
    ).toEqual(['self-reference /facts/3 event/meeting refers to itself']);
    await importInto(store, buildWith({}));
    const develops = ['event/session', 'event/meeting'].map((fact) => ({
      fact,
      fields: { status: 'cancelled' },
      evidence: [{ quote: 'Off', supports: ['status'] }],
    }));
    expect(
      await catchImportConflicts(importInto(store, buildDossier({ id: 'off', source: 'Off.', develops }))),
    ).toEqual([
      'duplicate-id /develops/1/fields/status status of event/meeting is already set, in develops/0',
    ]);
    const corrects = [
      {
        fact: 'event/meeting',
        fields: { partOf: 'event/session' },
        evidence: [{ quote: 'Off', supports: ['partOf'] }],
        reason: 'Why not',
      },
    ];
    expect(
      await catchImportConflicts(importInto(store, buildDossier({ id: 'off', source: 'Off.', corrects }))),
    ).toEqual(['self-reference /corrects/0 event/meeting refers to itself']);
  });

  it('cannot get an id that another fact has or had', async () => {
    const store = await createStore();
    const deputy = {
      ...chair,
      id: 'deputy',
      evidence: [{ quote: 'Ilze Ābele', supports: ['name', 'posts'] }],
    };
    await importInto(store, buildCouncilDossier([council, chair, deputy, membership]));
    const mergedDossier = buildCouncilDossier([council, deputy, membership], {
      renames: [{ from: 'person/ilze', to: 'deputy' }],
    });
    expect(await catchImportConflicts(importInto(store, mergedDossier))).toContainEqual(
      'renamed-fact /renames/0/to the id person/deputy is or was already in use (its home is dossier vote)',
    );
    const ghost = buildCouncilDossier([council, chair, deputy, membership, { ...deputy, id: 'new' }], {
      renames: [{ from: 'person/ghost', to: 'new' }],
    });
    expect(await catchImportConflicts(importInto(store, ghost))).toEqual([
      'unknown-reference /renames/0/from person/ghost is not a fact of this dossier',
    ]);
  });
});
