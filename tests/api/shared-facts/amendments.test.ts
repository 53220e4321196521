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
import { buildCouncilDossier, chair, council, membership } from '../../support/council-dossier.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

describe('amendments of a dossier to facts of others', () => {
  const buildLaterDossier = (sections: object, id = 'later', publishedOn: string | null = '2031-06-01') =>
    buildDossier({
      id,
      source: `In ${id} Ilze Kalniņa, once Ābele, is mayor.`,
      document: { publishedOn },
      facts: [],
      ...sections,
    });
  const createEvidence = (id: string, supports: string[]) => [
    { quote: `In ${id} Ilze Kalniņa, once Ābele, is mayor`, supports },
  ];
  const named = (name: string, id = 'later') => ({
    develops: [{ fact: 'person/ilze', fields: { name }, evidence: createEvidence(id, ['name']) }],
  });

  it('update the labels that contain the amended field, in every dossier', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const result = await importInto(store, buildLaterDossier(named('Ilze Kalniņa')));
    expect(result.modified).toEqual([
      { type: 'person', id: 'ilze', label: 'Ilze Kalniņa', cause: 'development' },
      {
        type: 'membership',
        id: 'ilze-council',
        label: 'Ilze Kalniņa: member of council of Liepāja',
        cause: 'editorial',
      },
    ]);
    const app = await createApp(store);
    expect(await getIds(app, '/v1/memberships?q=kalnina')).toEqual(['ilze-council']);
    expect(await getIds(app, '/v1/memberships?q=abele')).toEqual([]);
    const { body } = await get(app, '/v1/memberships/ilze-council/versions');
    expect(body.data[1]).toMatchObject({ cause: 'editorial', fields: [{ field: 'label' }] });
  });

  it('update only the labels that contain the field, even with hundreds of references', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
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
      buildDossier({
        id: 'seats',
        source: [...quotes, 'The session.'].join('\n'),
        facts: [...seats, session],
      }),
    );
    const result = await importInto(store, buildLaterDossier(named('Ilze Kalniņa')));
    const labels = new Map(result.modified.map(({ id, label }) => [id, label]));
    expect(labels.size).toBe(1 + 1 + 450);
    expect(labels.get('seat-449')).toBe('Ilze Kalniņa: member of council of Liepāja');
    expect(labels.has('session')).toBe(false);
  });

  it('cannot be withdrawn in part without a note', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const source = 'Ilze is old news. Ilze Ābele is Ilze.';
    const buildLater = (sections: object) => buildDossier({ id: 'later', source, ...sections });
    const createEvidence = (quote: string, ...supports: string[]) => [{ quote, supports }];
    const add = (quote: string) => ({ fact: 'person/ilze', evidence: createEvidence(quote, 'name') });
    const develops = [
      { fact: 'person/ilze', fields: { aliases: ['Ilze'] }, evidence: createEvidence('is Ilze', 'aliases') },
    ];
    await importInto(store, buildLater({ adds: [add('is old'), add('Ābele is')], develops }));
    // The home dossier now states the same, so that withdrawing the amendment does not change the fact.
    const evidence = [{ quote: 'Its chair is Ilze Ābele', supports: ['name', 'posts', 'aliases'] }];
    await importInto(
      store,
      buildCouncilDossier([council, { ...chair, aliases: ['Ilze'], evidence }, membership]),
    );
    const without: [object, string][] = [
      [{ adds: [add('is old')], develops }, 'name'],
      [{ adds: [add('is old'), add('Ābele is')] }, 'aliases'],
    ];
    for (const [more, field] of without) {
      expect(await catchImportConflicts(importInto(store, buildLater(more), { note: null })), field).toEqual([
        `reason-missing  some amendments of dossier later to ${field} of person/ilze would be withdrawn: say why in a note`,
      ]);
    }
    // Replacing quotations without reducing their number is an ordinary edit.
    const [first, second] = [createEvidence('is old', 'name')[0], createEvidence('Ābele is Ilze', 'name')[0]];
    const amendments = { adds: [{ fact: 'person/ilze', evidence: [first, second] }], develops };
    const result = await importInto(store, buildLater(amendments), { note: null });
    expect(result.modified).toMatchObject([{ id: 'ilze', cause: 'editorial' }]);
    await importInto(store, buildLater({ adds: [add('is old')], develops }), {
      note: 'The other is no name',
    });
  });

  it('support with further quotations only the value that they were added for', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const title = (text: string) => ({ publishedOn: '2031-06-01', title: text });
    const adds = [{ fact: 'person/ilze', evidence: createEvidence('june', ['name', 'posts']) }];
    await importInto(store, buildLaterDossier({ adds }, 'june'));
    const app = await createApp(store);
    const readEvidence = async () =>
      (await get(app, '/v1/people/ilze')).body.evidence.map(({ document, supports }: Json) => [
        document.id,
        supports,
      ]);
    const both = [
      ['vote', ['name', 'posts']],
      ['june', ['name', 'posts']],
    ];
    expect(await readEvidence()).toEqual(both);
    // An older document, imported later, changes the name. Below, the home dossier changes the posts.
    await importInto(store, buildLaterDossier(named('Ilze in May', 'may'), 'may', '2031-05-09'));
    const changedCases = [
      ['vote', ['posts']],
      ['may', ['name']],
      ['june', ['posts']],
    ];
    expect(await readEvidence()).toEqual(changedCases);
    // The same quotations again support the earlier value; other quotations support the current one.
    await importInto(store, buildLaterDossier({ adds, document: title('Again') }, 'june'));
    expect(await readEvidence()).toEqual(changedCases);
    const shorter = [{ quote: 'Ilze Kalniņa, once Ābele', supports: ['name', 'posts'] }];
    await importInto(
      store,
      buildLaterDossier({ adds: [{ fact: 'person/ilze', evidence: shorter }] }, 'june'),
    );
    expect(await readEvidence()).toEqual([...changedCases.slice(0, 2), ['june', ['name', 'posts']]]);
    await importInto(store, buildLaterDossier({ adds, document: title('As before') }, 'june'));
    const posts = [{ title: 'speaker', of: 'organization/council' }];
    await importInto(store, buildCouncilDossier([council, { ...chair, posts }, membership]));
    expect(await readEvidence()).toEqual([
      ['vote', ['posts']],
      ['may', ['name']],
      ['june', ['name']],
    ]);
    const facts = () => store.read((db) => db.selectFrom('fact').selectAll().orderBy('row').execute());
    const factsBefore = await facts();
    await reindex(store);
    expect(await facts()).toEqual(factsBefore);
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    expect(await readEvidence()).toEqual([
      ['vote', ['posts']],
      ['may', ['name']],
      ['june', ['name', 'posts']],
    ]);
  });

  it('take precedence by publication date, not by import time', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    await importInto(store, buildLaterDossier(named('Ilze in June', 'june'), 'june', '2031-06-01'));
    const earlier = await importInto(
      store,
      buildLaterDossier(named('Ilze in May', 'may'), 'may', '2031-05-09'),
    );
    expect(earlier.modified).toEqual([]);
    const app = await createApp(store);
    expect((await get(app, '/v1/people/ilze')).body.name).toBe('Ilze in June');
    const correction = {
      corrects: [
        {
          fact: 'person/ilze',
          fields: { name: 'Ilze of old' },
          evidence: createEvidence('old', ['name']),
          reason: 'Why not',
        },
      ],
    };
    expect(
      await catchImportConflicts(importInto(store, buildLaterDossier(correction, 'old', '2031-05-03'))),
    ).toEqual([
      'later-word /corrects/0/fields/name a dossier published later sets name of person/ilze to another value, so this correction would have no effect',
    ]);
    const laterDossier = buildLaterDossier(
      {
        retractions: [{ fact: 'person/ilze', reason: 'Misread' }],
        uncovered: [{ quote: 'In june', reason: 'Misread' }],
      },
      'june',
      '2031-06-01',
    );
    await importInto(store, laterDossier);
    expect((await get(app, '/v1/people/ilze')).body.name).toBe('Ilze in May');
  });

  it('may stay listed as retracted, under an earlier id too', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    await importInto(store, buildLaterDossier(named('Ilze Kalniņa')));
    const renames = [{ from: 'person/ilze', to: 'abele' }];
    await importInto(
      store,
      buildCouncilDossier([council, { ...chair, id: 'abele' }, membership], { renames }),
    );
    const uncovered = [{ quote: 'In later', reason: 'Misread' }];
    const retractions = [{ fact: 'person/ilze', reason: 'Misread' }];
    const both = buildLaterDossier({
      ...named('Ilze Kalniņa'),
      retractions: [{ fact: 'person/abele', reason: 'No' }],
    });
    expect(await catchImportConflicts(importInto(store, both))).toEqual([
      'duplicate-id /retractions/0/fact person/abele is also amended in this dossier',
    ]);
    await importInto(store, buildLaterDossier({ retractions, uncovered }), { note: null });
    const { body } = await get(await createApp(store), '/v1/people/abele/versions');
    expect(body.data.at(-1)).toMatchObject({ cause: 'correction', reason: 'Misread' });
    const edited = { retractions, uncovered, document: { publishedOn: '2031-06-01', title: 'Edited' } };
    expect(await importInto(store, buildLaterDossier(edited))).toMatchObject({ modified: [{ id: 'later' }] });
  });

  it.each<[string, object, string]>([
    [
      'more evidence for an empty field',
      { adds: [{ fact: 'membership/ilze-council', evidence: createEvidence('later', ['role']) }] },
      'empty-field /adds/0 role of membership/ilze-council is empty, so nothing can support it',
    ],
    [
      'a retraction of another dossier’s fact',
      {
        retractions: [{ fact: 'person/ilze', reason: 'No' }],
        uncovered: [{ quote: 'In later', reason: 'x' }],
      },
      'home-elsewhere /retractions/0/fact person/ilze has its home in dossier vote, and this dossier has not amended it',
    ],
    [
      'a rename of another dossier’s fact',
      {
        renames: [{ from: 'person/ilze', to: 'i' }],
        facts: [{ ...chair, id: 'i', evidence: createEvidence('later', ['name', 'posts']) }],
      },
      'unknown-reference /renames/0/from person/ilze is not a fact of this dossier (its home is dossier vote)',
    ],
  ])('are rejected for %s', async (_, sections, problem) => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    expect(await catchImportConflicts(importInto(store, buildLaterDossier(sections)))).toEqual([problem]);
  });

  it('use the current ids of facts, also after an amendment by another dossier', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const buildMembershipDossier = (id: string, name: string) =>
      buildLaterDossier(
        {
          develops: [
            {
              fact: 'membership/ilze-council',
              fields: { role: name },
              evidence: createEvidence(id, ['role']),
            },
          ],
        },
        id,
      );
    const word = { fact: 'membership/ilze-council', evidence: createEvidence('adding', ['member']) };
    await importInto(store, buildLaterDossier({ adds: [word] }, 'adding'));
    const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
    await importInto(
      store,
      buildCouncilDossier([council, { ...chair, id: 'ilze-abele' }, membership], { renames }),
    );
    const result = await importInto(store, buildMembershipDossier('next', 'guest'), { note: null });
    expect(result.modified).toMatchObject([{ id: 'ilze-council', cause: 'development' }]);
    const app = await createApp(store);
    expect((await get(app, '/v1/memberships/ilze-council')).body.member.id).toBe('ilze-abele');
  });

  it('are rejected if they would make a fact inconsistent', async () => {
    const store = await createStore();
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
    await importInto(store, buildDossier({ id: 'fair', source: 'The fair.', facts: [fair] }));
    const ends = {
      develops: [
        {
          fact: 'event/fair',
          fields: { endDate: '2031-05-01' },
          evidence: createEvidence('later', ['endDate']),
        },
      ],
    };
    expect(await catchImportConflicts(importInto(store, buildLaterDossier(ends)))).toEqual([
      'invalid-field /develops/0 event/fair would be inconsistent: endDate 2031-05-01 is before the startDate, 2031-05-02',
    ]);
  });
});
