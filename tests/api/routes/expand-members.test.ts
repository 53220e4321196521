import { csvParse } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createApp,
  createSeededApp,
  createStore,
  followPages,
  get,
  getIds,
  importInto,
  type Json,
} from '../../support/app.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

const COUNTRIES = ['aland', 'borduria', 'syldavia', 'zubrowka'];
const NAMES: Record<string, string> = {
  aland: 'Aland',
  borduria: 'Borduria',
  syldavia: 'Syldavia',
  zubrowka: 'Zubrowka',
};
const ALPHA: Record<string, [string, string]> = {
  aland: ['AX', 'ALA'],
  borduria: ['BG', 'BGR'],
  syldavia: ['SK', 'SVK'],
  zubrowka: ['PL', 'POL'],
};
const GROUPS: Record<string, string[]> = {
  north: ['aland', 'borduria', 'syldavia'],
  pair: ['zubrowka', 'aland'],
  empty: [],
};
const SOURCE = [
  'The plan is sought.',
  ...COUNTRIES.map((id) => `${NAMES[id]} is a country.`),
  ...Object.keys(GROUPS).map((id) => `The ${id} is a group.`),
  'The league is an alliance.',
  'They all speak.',
].join('\n');

const cite = (quote: string, supports: string[]) => ({ evidence: [{ quote, supports }] });

const stance = (id: string, actor: string, position = 'supports') => ({
  type: 'stance',
  id,
  actor,
  subject: 'proposal/plan',
  position,
  ...cite('They all speak', ['actor', 'subject', 'position']),
});

const membership = (id: string, member: string, group: string) => ({
  type: 'membership',
  id,
  member: `country/${member}`,
  organization: `organization/${group}`,
  ...cite('They all speak', ['member', 'organization']),
});

function buildGroups({ groups = GROUPS, moreFacts = [] as object[] } = {}) {
  return buildDossier({
    id: 'groups',
    source: SOURCE,
    facts: [
      {
        type: 'proposal',
        id: 'plan',
        title: 'Plan',
        status: 'sought',
        ...cite('The plan is sought', ['title', 'status']),
      },
      ...COUNTRIES.map((id) => ({
        type: 'country',
        id,
        name: NAMES[id],
        alpha2: ALPHA[id]?.[0],
        alpha3: ALPHA[id]?.[1],
        ...cite(`${NAMES[id]} is a country`, ['name']),
        inferences: [{ fields: ['alpha2', 'alpha3'], kind: 'reference', note: 'ISO 3166-1' }],
      })),
      ...Object.keys(groups).map((id) => ({
        type: 'organization',
        id,
        name: `The ${id}`,
        kind: 'country-group',
        ...cite(`The ${id} is a group`, ['name', 'kind']),
      })),
      {
        type: 'organization',
        id: 'league',
        name: 'The league',
        kind: 'alliance',
        ...cite('The league is an alliance', ['name', 'kind']),
      },
      ...Object.entries({ ...groups, league: ['aland'] }).flatMap(([group, members]) =>
        // Sorted by their ids, memberships are not in the order of the members.
        members.map((member, index) => membership(`${group}-${index}`, member, group)),
      ),
      stance('a-north', 'organization/north'),
      stance('b-aland', 'country/aland', 'opposes'),
      stance('c-pair', 'organization/pair', 'opposes'),
      stance('d-empty', 'organization/empty'),
      stance('e-league', 'organization/league'),
      stance('f-divided', 'organization/north', 'divided'),
      stance('g-zubrowka', 'country/zubrowka'),
      stance('h-north', 'organization/north', 'seeks-more'),
      ...moreFacts,
    ],
  });
}

describe('expand=members', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    const store = await createStore();
    await importInto(store, buildGroups());
    await importInto(store, buildGroups({ groups: { ...GROUPS, empty: ['borduria'] } }));
    app = await createApp(store);
  });

  const ALL_ROWS = [
    'a-north~aland',
    'a-north~borduria',
    'a-north~syldavia',
    'b-aland',
    'c-pair~aland',
    'c-pair~zubrowka',
    'd-empty~borduria',
    'e-league',
    'f-divided',
    'g-zubrowka',
    'h-north~aland',
    'h-north~borduria',
    'h-north~syldavia',
  ];

  it('gives a row with an id, a label and an actor of its own for each member', async () => {
    const { body } = await get(app, '/v1/stances?expand=members&ids=a-north');
    expect(body.data).toMatchObject([
      {
        type: 'stance',
        id: 'a-north~aland',
        actor: { type: 'country', id: 'aland', label: 'Aland' },
        position: 'supports',
        via: {
          fact: { type: 'stance', id: 'a-north' },
          group: { type: 'organization', id: 'north', label: 'The north' },
          membership: { type: 'membership', id: 'north-0' },
        },
        links: { self: '/v1/stances/a-north', html: '/stances/a-north' },
      },
      { id: 'a-north~borduria' },
      { id: 'a-north~syldavia' },
    ]);
    for (const { label, actor, evidence, via } of body.data) {
      expect(label.startsWith(`${actor.label} `)).toBe(true);
      expect(label).not.toContain('north');
      expect(via.fact.label).toContain('north');
      expect(evidence).toHaveLength(1);
    }
  });

  it('keeps facts about countries, alliances, and groups that are divided', async () => {
    expect(await getIds(app, '/v1/stances?expand=members&limit=200')).toEqual(ALL_ROWS);
    const { body } = await get(app, '/v1/stances?expand=members&ids=b-aland,e-league,f-divided');
    const plain = await get(app, '/v1/stances?ids=b-aland,e-league,f-divided');
    expect(body.data).toEqual(plain.body.data);
  });

  it.each([1, 2, 3, 4, 5, 12, 13])('pages by rows, with limit=%i', async (limit) => {
    for (const sort of ['id', '-id', 'position', '-position', 'label', 'reportedOn']) {
      const complete = await getIds(app, `/v1/stances?expand=members&sort=${sort}&limit=200`);
      expect([...complete].sort()).toEqual([...ALL_ROWS].sort());
      const url = `/v1/stances?expand=members&sort=${sort}&limit=${limit}&count=true`;
      const rows = await followPages(app, url);
      expect(
        rows.map(({ id }) => id),
        sort,
      ).toEqual(complete);
      const { body } = await get(app, url);
      expect([body.data.length, body.meta.total]).toEqual([Math.min(limit, 13), 13]);
    }
  });

  it.each([
    ['actor=country/aland', ['a-north~aland', 'b-aland', 'c-pair~aland', 'h-north~aland']],
    ['actor=none,country/aland', ['a-north~aland', 'b-aland', 'c-pair~aland', 'h-north~aland']],
    ['actor=aland', ['a-north~aland', 'b-aland', 'c-pair~aland', 'h-north~aland']],
    ['actor=aland&position=opposes', ['b-aland', 'c-pair~aland']],
    [
      'actor=zubrowka,borduria&position=opposes,supports',
      ['a-north~borduria', 'c-pair~zubrowka', 'd-empty~borduria', 'g-zubrowka'],
    ],
    ['actor=organization/pair', ['c-pair~aland', 'c-pair~zubrowka']],
    [
      'actor=organization/north',
      [
        'a-north~aland',
        'a-north~borduria',
        'a-north~syldavia',
        'f-divided',
        'h-north~aland',
        'h-north~borduria',
        'h-north~syldavia',
      ],
    ],
    ['actor=league', ['e-league']],
    ['actor=syldavia&subject=plan&q=speak', ['a-north~syldavia', 'h-north~syldavia']],
    ['actor=ghost', []],
    ['actor=zubrowka&exclude=actor:organization/pair', ['g-zubrowka']],
    [
      'ids=a-north,b-aland,c-pair&exclude=actor:aland',
      ['a-north~borduria', 'a-north~syldavia', 'c-pair~zubrowka'],
    ],
  ])('lets the filter apply to the member or the group: %s', async (filter, expected) => {
    const { body } = await get(app, `/v1/stances?expand=members&count=true&${filter}`);
    expect(body.data.map(({ id }: Json) => id)).toEqual(expected);
    expect(body.meta.total).toBe(expected.length);
    const rows = await followPages(app, `/v1/stances?expand=members&limit=1&${filter}`);
    expect(rows.map(({ id }) => id)).toEqual(expected);
  });

  it('is needed to find the facts of a group by a member', async () => {
    expect(await getIds(app, '/v1/stances?actor=aland')).toEqual(['b-aland']);
  });

  it('reads members and groups at the revision', async () => {
    expect(await getIds(app, '/v1/stances?expand=members&ids=d-empty&asOf=1')).toEqual(['d-empty']);
    expect(await getIds(app, '/v1/stances?expand=members&actor=borduria&asOf=1')).toEqual([
      'a-north~borduria',
      'h-north~borduria',
    ]);
  });

  it('gives the same rows in every format', async () => {
    const { body } = await get(app, '/v1/stances?expand=members&actor=aland');
    const query = '?expand=members&actor=aland';
    const ndjson = (await app.inject(`/v1/stances.ndjson${query}`)).body.trim().split('\n');
    expect(ndjson.map((line) => JSON.parse(line))).toEqual(body.data);
    const rows = csvParse((await app.inject(`/v1/stances.csv${query}`)).body);
    expect(rows.map(({ row_id, id, label, actor_id }) => [row_id, id, label, actor_id])).toEqual(
      body.data.map((row: Json) => [row.id, row.via?.fact.id ?? row.id, row.label, row.actor.id]),
    );
    const graph = (await get(app, `/v1/stances.jsonld${query}`)).body['@graph'];
    expect(graph.map((node: Json) => [node['@id'].split('/').at(-1), node.label])).toEqual(
      body.data.map((row: Json) => [row.id.replace('~', '#'), row.label]),
    );
    const response = await get(app, `/v1/stances${query}`);
    expect(response.headers['link']).toContain('</v1/stances.csv?actor=aland&expand=members>');
  });

  it('shows rows on the explore page, whose links lead to the facts', async () => {
    const { body: page } = await get(app, '/explore?collection=stances&expand=members&actor=aland');
    expect(page).toContain('4 stances');
    expect(page).toContain('href="/stances/a-north"');
    expect(page).not.toContain('~');
    expect(page).toMatch(/name="expand" value="members" checked/);
  });

  it('is refused with what is allowed, and for which types', async () => {
    const unknownValue = await get(app, '/v1/stances?expand=groups');
    expect(unknownValue.body.errors).toMatchObject([
      {
        parameter: 'expand',
        code: 'invalid-value',
        detail: expect.stringContaining('must be one of members'),
      },
    ]);
    for (const path of ['/v1/events', '/v1/events.csv', '/v1/statements.atom', '/v1/stances/facets']) {
      const { status, body } = await get(app, `${path}?expand=members&by=position`);
      expect([status, body.errors[0].code], path).toEqual([400, 'unknown-parameter']);
      expect(body.detail, path).toContain('expand=members is for stances');
    }
  });
});

const buildRuritania = (id: string, sections: object = {}, memberships = ['ruritania-pair']) =>
  buildDossier({
    id: 'ruritania',
    source: 'Ruritania is a country. They all speak.',
    facts: [
      {
        type: 'country',
        id,
        name: 'Ruritania',
        alpha2: 'RO',
        alpha3: 'ROU',
        ...cite('Ruritania is a country', ['name', 'alpha2', 'alpha3']),
      },
      ...memberships.map((membershipId) => membership(membershipId, id, 'pair')),
    ],
    ...sections,
  });

describe('a member from another dossier', () => {
  const RENAMES = [{ from: 'country/old-ruritania', to: 'ruritania' }];
  let app: FastifyInstance;
  beforeAll(async () => {
    const store = await createStore();
    await importInto(store, buildGroups());
    await importInto(store, buildRuritania('old-ruritania'));
    await importInto(store, buildRuritania('ruritania', { renames: RENAMES }));
    const retraction = {
      renames: RENAMES,
      retractions: [{ fact: 'membership/ruritania-pair', reason: 'It has left' }],
      uncovered: [{ quote: 'They all speak', reason: 'It has left' }],
    };
    await importInto(store, buildRuritania('ruritania', retraction, []));
    app = await createApp(store);
  });

  it('is found by the id that it had before', async () => {
    const url = '/v1/stances?expand=members&actor=old-ruritania';
    expect(await getIds(app, `${url}&asOf=2`)).toEqual(['c-pair~old-ruritania']);
    expect(await getIds(app, `${url}&asOf=3`)).toEqual(['c-pair~ruritania']);
  });

  it('is no longer a member once the membership is retracted', async () => {
    expect(await getIds(app, '/v1/stances?expand=members&ids=c-pair')).toEqual([
      'c-pair~aland',
      'c-pair~zubrowka',
    ]);
  });
});

it('reads more memberships and facts than one query returns, with one row for a repeated member', async () => {
  const count = 501;
  const names = Array.from({ length: count }, (_, index) => `many-${String(index).padStart(3, '0')}`);
  const store = await createStore();
  const moreFacts = names.flatMap((name) => [
    membership(name, 'borduria', 'empty'),
    stance(name, 'organization/empty'),
  ]);
  moreFacts.push(membership('the-last', 'syldavia', 'empty'));
  await importInto(store, buildGroups({ moreFacts }));
  const app = await createApp(store);
  const query = '?expand=members&q=empty&actor=organization/empty';
  const { body } = await get(app, `/v1/stances${query}&count=true&limit=1`);
  expect(body.meta.total).toBe(2 * (count + 1));
  const lines = (await app.inject(`/v1/stances.ndjson${query}`)).body.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).id)).toEqual(
    ['d-empty', ...names].flatMap((name) => [`${name}~borduria`, `${name}~syldavia`]),
  );
});

describe("the Baltics' stance", () => {
  it("is Estonia's with expand=members", async () => {
    const app = await createSeededApp();
    expect(await getIds(app, '/v1/stances?actor=country/estonia')).toEqual([]);
    const { body } = await get(app, '/v1/stances?actor=country/estonia&expand=members&count=true');
    expect(body.data.map(({ id }: Json) => id)).toEqual(['baltics-fifth-round~estonia']);
    expect(body.data[0].label).toMatch(/^Estonia /);
    expect(body.meta.total).toBe(1);
  });
});
