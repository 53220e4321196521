import { describe, expect, it } from 'vitest';
import { reindex } from '../../../src/store/import/reindex.ts';
import { appOn, conflictsOf, emptyStore, get, idsAt, importInto, type Json } from '../../support/app.ts';
import { chair, council, membership, vote } from '../../support/council-dossier.ts';
import { dossierOf } from '../../support/dossier-builder.ts';

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
