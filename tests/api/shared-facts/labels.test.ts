/** Verbs and numbers in labels, also where the actor is a fact of another dossier. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/open.ts';
import { createApp, createStore, get, importInto, type Json } from '../../support/app.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

const ACTORS = [
  ['organization', 'baltics', 'The Baltics', 'country-group'],
  ['organization', 'nato-leaders', 'NATO leaders', 'group'],
  ['organization', 'benelux', 'Benelux', 'country-group'],
  ['organization', 'united-nations', 'United Nations', 'union'],
  ['country', 'netherlands', 'Netherlands', null],
] as const;

const toActor = ([type, id, name, kind]: (typeof ACTORS)[number]) => ({
  type,
  id,
  name,
  ...(kind ? { kind } : { alpha2: 'NL', alpha3: 'NLD' }),
  evidence: [{ quote: name, supports: kind ? ['name', 'kind'] : ['name', 'alpha2', 'alpha3'] }],
});

const pause = {
  type: 'proposal',
  id: 'pause',
  title: 'A pause',
  status: 'sought',
  evidence: [{ quote: 'A pause', supports: ['title', 'status'] }],
};

const toStance = (position: string, id: string, type: string, andOthers = false) => ({
  type: 'stance',
  id: `${id}-${position}`,
  actor: `${type}/${id}`,
  andOthers,
  subject: 'proposal/pause',
  position,
  evidence: [{ quote: 'They said so', supports: ['actor', 'andOthers', 'subject', 'position'] }],
});

let store: Store;
let app: FastifyInstance;
beforeAll(async () => {
  store = await createStore();
  const source = `A pause. ${ACTORS.map(([, , name]) => `${name} came.`).join(' ')}`;
  await importInto(store, buildDossier({ id: 'actors', source, facts: [pause, ...ACTORS.map(toActor)] }));
  const facts = [
    ...ACTORS.map(([type, id]) => toStance('seeks-more', id, type)),
    toStance('divided', 'baltics', 'organization'),
    toStance('supports', 'baltics', 'organization', true),
    toStance('opposes', 'netherlands', 'country', true),
  ];
  await importInto(store, buildDossier({ id: 'stances', source: 'They said so.', facts }));
  app = await createApp(store);
});

const fetchLabels = async () =>
  Object.fromEntries((await get(app, '/v1/stances')).body.data.map(({ id, label }: Json) => [id, label]));

describe('labels of stances', () => {
  it('agree with actors that another dossier defines', async () => {
    expect(await fetchLabels()).toEqual({
      'baltics-divided': 'The Baltics are divided on: A pause',
      'baltics-seeks-more': 'The Baltics seek more on: A pause',
      'baltics-supports': 'The Baltics, with others, support: A pause',
      'benelux-seeks-more': 'Benelux seeks more on: A pause',
      'nato-leaders-seeks-more': 'NATO leaders seek more on: A pause',
      'netherlands-opposes': 'Netherlands, with others, opposes: A pause',
      'netherlands-seeks-more': 'Netherlands seeks more on: A pause',
      'united-nations-seeks-more': 'United Nations seeks more on: A pause',
    });
  });

  it('agree in the matrix of the home page', async () => {
    const { body } = await get(app, '/');
    const row = /<tr><th scope="row"><a[^>]*><bdi>The Baltics<\/bdi>.*?<\/tr>/s.exec(body)?.[0];
    expect(row).toMatch(/<\/svg>support<\/a>[\s\S]*<\/svg>seek more<\/a>[\s\S]*<\/svg>are divided<\/a>/);
  });

  it('change when only the kind of the actor changes', async () => {
    const { modified } = await importInto(
      store,
      buildDossier({
        id: 'correction',
        source: 'The Baltics are one union. United Nations are many.',
        document: { publishedOn: '2031-05-03' },
        corrects: [
          {
            fact: 'organization/baltics',
            fields: { kind: 'union' },
            evidence: [{ quote: 'The Baltics are one union', supports: ['kind'] }],
            reason: 'They are one',
          },
          {
            fact: 'organization/united-nations',
            fields: { kind: 'group' },
            evidence: [{ quote: 'United Nations are many', supports: ['kind'] }],
            reason: 'They are many',
          },
        ],
      }),
    );
    expect(modified.map(({ id }) => id).sort()).toEqual([
      'baltics',
      'baltics-divided',
      'baltics-seeks-more',
      'baltics-supports',
      'united-nations',
      'united-nations-seeks-more',
    ]);
    expect(await fetchLabels()).toMatchObject({
      'baltics-seeks-more': 'The Baltics seeks more on: A pause',
      'united-nations-seeks-more': 'United Nations seek more on: A pause',
    });
  });
});

it('figures write exact numbers in labels, tables and pages', async () => {
  const toFigure = (id: string, value: number, unit: string) => ({
    type: 'figure',
    id,
    subject: 'proposal/pause',
    measure: 'Cost',
    value,
    unit,
    qualifier: 'at-least',
    statedAs: 'much',
    evidence: [
      { quote: 'It costs much', supports: ['subject', 'measure', 'value', 'unit', 'qualifier', 'statedAs'] },
    ],
  });
  const facts = [
    toFigure('cost', 4_000_000_000, 'euros'),
    toFigure('exact', 4_000_000_001, 'euros'),
    toFigure('one', 1, 'countries'),
  ];
  await importInto(store, buildDossier({ id: 'costs', source: 'It costs much.', facts }));
  const { body } = await get(app, '/v1/figures?document=costs');
  expect(body.data.map(({ label }: Json) => label)).toEqual([
    'Cost: at least 4 billion euros',
    'Cost: at least 4,000,000,001 euros',
    'Cost: at least 1 country',
  ]);
  expect((await get(app, '/v1/figures.csv?document=costs')).body).toContain(
    'cost,Cost: at least 4 billion euros,',
  );
  expect((await get(app, '/v1/figures.csv?document=costs')).body).toContain(',4000000000,euros,');
  expect((await get(app, '/figures/cost')).body).toContain('<span class="number">4,000,000,000</span>');
});

it('counts on pages agree with their nouns', async () => {
  const { body } = await get(app, '/explore?collection=proposals');
  expect(body).toMatch(/<caption>1 proposal</);
  expect((await get(app, '/explore?collection=stances')).body).toMatch(/<caption>8 stances</);
  expect((await get(app, '/explore?collection=stances&limit=1')).body).toMatch(
    /<caption>The first 1 of 8 stances</,
  );
});
