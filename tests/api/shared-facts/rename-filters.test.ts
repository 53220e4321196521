import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp, createStore, followPages, get, getIds, importInto } from '../../support/app.ts';
import {
  buildCouncilDossier,
  chair,
  council,
  membership,
  UNCOVERED_SENTENCE,
} from '../../support/council-dossier.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

/** Facts of another dossier that refer to the chair, in fields of different kinds. */
const SPEECH_SOURCE = 'The chair said: "We vote." The chair wants a pause. Three chairs came.';
const buildSpeech = (id: string, personId = 'ilze') =>
  buildDossier({
    id,
    source: SPEECH_SOURCE,
    facts: [
      {
        type: 'statement',
        id: `${id}-vote`,
        speakers: [`person/${personId}`],
        mode: 'direct',
        about: [`person/${personId}`],
        parts: [
          { role: 'source', quote: 'The chair', suffix: ' said' },
          { role: 'cue', quote: 'said' },
          { role: 'content', quote: 'We vote.', quoted: true },
        ],
        inferences: [{ fields: ['speakers', 'about'], kind: 'identified', note: 'The chair' }],
      },
      {
        type: 'figure',
        id: `${id}-chairs`,
        subject: `person/${personId}`,
        measure: 'chairs',
        value: 3,
        unit: 'chairs',
        qualifier: 'exact',
        statedAs: 'Three',
        evidence: [
          {
            quote: 'Three chairs came',
            supports: ['subject', 'measure', 'value', 'unit', 'qualifier', 'statedAs'],
          },
        ],
      },
    ],
    uncovered: [{ quote: 'The chair wants a pause', reason: 'Nothing is drawn from it' }],
  });

const rename = (id: string, renames: object[]) =>
  buildCouncilDossier([council, { ...chair, id }, membership], { renames });

const FIRST = { from: 'person/ilze', to: 'ilze-abele' };
const SECOND = { from: 'person/ilze-abele', to: 'abele' };

/** Returns the body as text, with the ids of the filter removed from its own URL. */
async function getText(app: FastifyInstance, url: string): Promise<string> {
  const { statusCode, body } = await app.inject({ url });
  if (statusCode !== 200) throw new Error(`${url} returned ${statusCode}: ${body}`);
  // The id of a feed depends on its URL.
  return body.replaceAll(/speaker=[a-z-]+/g, 'speaker').replace(/<id>urn:uuid:[^<]+/, '<id>');
}

describe('a filter by an id that a fact had before', () => {
  let app: FastifyInstance;

  beforeAll(async () => {
    const store = await createStore();
    // Revision 1 and 2: `ilze`, 3: `ilze-abele`, 4: another dossier with the old id, 5: `abele`.
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    await importInto(store, buildSpeech('early'));
    await importInto(store, rename('ilze-abele', [FIRST]));
    await importInto(store, buildSpeech('late'));
    await importInto(store, rename('abele', [FIRST, SECOND]));
    app = await createApp(store);
  });

  it.each([
    'ilze',
    'ilze-abele',
    'abele',
    'ilze,ghost',
    'ghost,ilze-abele',
    'ilze,abele',
  ])('finds the fact and the facts that refer to it: %s', async (ids) => {
    expect(await getIds(app, `/v1/people?ids=${ids}`)).toEqual(['abele']);
    const { body } = await get(app, `/v1/people?ids=${ids}&count=true`);
    expect(body.meta.total).toBe(1);
    const typed = ids.replaceAll(/[^,]+/g, 'person/$&');
    for (const value of [ids, typed]) {
      expect(await getIds(app, `/v1/memberships?member=${value}`)).toEqual(['ilze-council']);
      expect(await getIds(app, `/v1/statements?speaker=${value}`)).toEqual(['early-vote', 'late-vote']);
      expect(await getIds(app, `/v1/statements?about=${value}&speaker=${value}&sort=-label`)).toHaveLength(2);
      expect(await getIds(app, `/v1/figures?subject=${value}&q=chairs`)).toEqual([
        'early-chairs',
        'late-chairs',
      ]);
    }
  });

  it('walks all pages', async () => {
    const pages = await followPages(app, '/v1/statements?speaker=ilze&limit=1');
    expect(pages.map(({ id }) => id)).toEqual(['early-vote', 'late-vote']);
  });

  it('has the id that was valid at the revision, and follows only renames up to it', async () => {
    const getPeople = (id: string, asOf: number) => getIds(app, `/v1/people?ids=${id}&asOf=${asOf}`);
    expect(await getPeople('ilze', 2)).toEqual(['ilze']);
    expect(await getPeople('ilze', 3)).toEqual(['ilze-abele']);
    expect(await getPeople('ilze', 4)).toEqual(['ilze-abele']);
    expect(await getPeople('ilze-abele', 5)).toEqual(['abele']);
    // A response at a past revision never changes, so a later id does not match there.
    expect(await getPeople('abele', 4)).toEqual([]);
    expect(await getIds(app, '/v1/statements?speaker=ilze&asOf=2')).toEqual(['early-vote']);
    expect(await getIds(app, '/v1/statements?speaker=ilze&asOf=4')).toEqual(['early-vote', 'late-vote']);
    expect(await getIds(app, '/v1/statements?speaker=abele&asOf=4')).toEqual([]);
  });

  it('works in exports, feeds and counts', async () => {
    for (const extension of ['csv', 'ndjson', 'jsonld', 'atom', 'feed.json']) {
      const [old, current] = await Promise.all(
        ['ilze', 'abele'].map((id) => getText(app, `/v1/statements.${extension}?speaker=${id}`)),
      );
      expect(old, extension).toBe(current);
      expect(old, extension).toContain('late-vote');
    }
    for (const path of ['/v1/statements/facets', '/v1/statements/facets.csv']) {
      const [old, current] = await Promise.all(
        ['ilze', 'abele'].map((id) => getText(app, `${path}?by=mode,speaker&speaker=${id}`)),
      );
      expect(old, path).toBe(current);
      expect(old, path).toContain('abele');
    }
  });

  it('shows the current fact in the chips and facets of a page', async () => {
    const { body: page } = await get(app, '/explore?collection=statements&speaker=ilze');
    expect(page).toContain('early-vote');
    expect(page).toContain('late-vote');
    expect(page).toMatch(/Remove <\/span><span class="key">Speaker<\/span> <bdi>Ilze Ābele<\/bdi>/);
    expect(page).toMatch(/<li class="selected">.{0,200}Ilze Ābele/s);
    const past = await get(app, '/explore?collection=statements&speaker=ilze&asOf=3');
    expect(past.body).toContain('speaker=ilze-abele');
  });

  it('finds the fact after a rename that follows a request', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const other = await createApp(store);
    for (const expected of ['ilze', 'ilze-abele', 'abele']) {
      if (expected === 'ilze-abele') await importInto(store, rename('ilze-abele', [FIRST]));
      if (expected === 'abele') await importInto(store, rename('abele', [FIRST, SECOND]));
      expect(await getIds(other, '/v1/people?ids=ilze')).toEqual([expected]);
    }
  });

  it('finds nothing by an id that no fact had, or whose fact is retracted', async () => {
    expect(await getIds(app, '/v1/people?ids=ghost')).toEqual([]);
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    await importInto(
      store,
      buildCouncilDossier([council, chair], {
        uncovered: UNCOVERED_SENTENCE,
        retractions: [{ fact: 'membership/ilze-council', reason: 'Wrong' }],
      }),
    );
    const other = await createApp(store);
    expect(await getIds(other, '/v1/memberships?ids=ilze-council')).toEqual([]);
    expect(await getIds(other, '/v1/memberships?ids=ilze-council&include=retracted')).toEqual([
      'ilze-council',
    ]);
  });
});

it('an id that two facts of different types had stays as it is on the explore page', async () => {
  const store = await createStore();
  const source = 'The chair of Riga votes.';
  const build = (ids: { person: string; organization: string }, sections: object = {}) =>
    buildDossier({
      source,
      facts: [
        {
          type: 'person',
          id: ids.person,
          name: 'The chair',
          evidence: [{ quote: 'The chair', supports: ['name'] }],
        },
        {
          type: 'organization',
          id: ids.organization,
          name: 'Riga',
          kind: 'group',
          evidence: [{ quote: 'chair of Riga votes', supports: ['name', 'kind'] }],
        },
      ],
      ...sections,
    });
  await importInto(store, build({ person: 'riga', organization: 'riga' }));
  const renames = [
    { from: 'person/riga', to: 'chair-of-riga' },
    { from: 'organization/riga', to: 'council-of-riga' },
  ];
  await importInto(store, build({ person: 'chair-of-riga', organization: 'council-of-riga' }, { renames }));
  const app = await createApp(store);
  for (const [value, expected] of [
    ['riga', 'riga'],
    ['person/riga', 'person/chair-of-riga'],
  ]) {
    const { body: page } = await get(app, `/explore?collection=statements&speaker=${value}`);
    expect(page).toContain(`<input type="hidden" name="speaker" value="${expected}">`);
  }
});
