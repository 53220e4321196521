/** The quotation that tells a fact best is the same one in every format and on every page. */

import { csvParse } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { getSourceDocuments } from '../../src/formats/quoted-text.ts';
import { findMainEvidence, listEvidence } from '../../src/model/main-evidence.ts';
import { factTypes, getFactType } from '../../src/model/types/index.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { createApp, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossier } from '../support/dossier-builder.ts';

const span = (exact: string, ...supports: string[]) => ({ exact, supports });
const findExact = (type: string, ...evidence: object[]) =>
  findMainEvidence(getFactType(type), { type, evidence } as never)?.exact;

describe('the main evidence', () => {
  it.each<[string, string, object[], string]>([
    [
      'supports most of the naming fields',
      'battle-group-deployment',
      [
        span('A day before', 'announcedOn', 'announcedBy', 'inResponseTo', 'location'),
        span('four groups to Hungary', 'hostCountry', 'alliance'),
      ],
      'four groups to Hungary',
    ],
    [
      'then most of all fields',
      'event',
      [
        span('Talks', 'name'),
        span('Talks in Riga on Friday', 'name', 'place', 'startDate'),
        span('Talks in Riga', 'name', 'place'),
      ],
      'Talks in Riga on Friday',
    ],
    ['then comes first', 'country', [span('Estonian', 'name'), span('the Baltics', 'name')], 'Estonian'],
    [
      'is not redacted if there is another',
      'country',
      [span('[redacted 7]', 'name', 'aliases'), span('Latvia', 'name')],
      'Latvia',
    ],
    [
      'has the words of a statement',
      'statement',
      [
        span('she', 'speakers', 'parts'),
        span('said', 'mode', 'cue', 'parts'),
        span('We agreed', 'mode', 'text', 'parts'),
      ],
      'We agreed',
    ],
  ])('%s', (_, type, evidence, expected) => {
    expect(findExact(type, ...evidence)).toBe(expected);
  });

  it('comes first in lists, before the others in their order', () => {
    const evidence = ['a', 'b', 'c'].map((exact) => span(exact, exact === 'b' ? 'name' : 'aliases'));
    const listed = listEvidence(getFactType('person'), { type: 'person', evidence } as never);
    expect(listed.map(({ exact }) => exact)).toEqual(['b', 'a', 'c']);
    expect(findExact('person')).toBeUndefined();
  });

  it('has the first of the source documents', () => {
    const evidence = [
      { ...span('a', 'aliases'), document: { id: 'first' } },
      { ...span('b', 'name'), document: { id: 'second' } },
      { ...span('c', 'aliases'), document: { id: 'first' } },
    ];
    const documents = getSourceDocuments({ type: 'person', evidence } as never);
    expect(documents.map(({ id }) => id)).toEqual(['second', 'first']);
  });
});

describe('the four deployments of the first dossier', () => {
  let app: FastifyInstance;
  const QUOTE =
    'NATO Secretary General Jens Stoltenberg announced the deployment of four new battle groups to Bulgaria, Hungary, Romania and Slovakia';
  beforeAll(async () => {
    const store = await createStore();
    await seed(store, DOSSIERS_FOLDER);
    app = await createApp(store, { publicUrl: 'https://facts.example.org' });
  });

  it('show the announcement in tables and on maps, with its offsets', async () => {
    const rows = csvParse((await get(app, '/v1/battle-group-deployments.csv')).body);
    const text = (await get(app, '/v1/documents/brussels-2022-03-24/text')).body as string;
    for (const row of rows) {
      expect(row['source_quote']).toBe(QUOTE);
      expect(text.slice(Number(row['source_start']), Number(row['source_end']))).toBe(QUOTE);
    }
    const { features } = (await get(app, '/v1/battle-group-deployments.geojson')).body;
    expect(features.map(({ properties }: Json) => properties.source_quote)).toEqual(Array(4).fill(QUOTE));
  });

  it('show the announcement first on cards and pages', async () => {
    const before = (body: string) => body.indexOf('A day before the meeting');
    const path = 'battle-group-deployments/nato-romania';
    for (const url of [`/oembed?url=/${path}`, `/embed/${path}`]) {
      const { body } = await get(app, url);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      expect([url, text.indexOf(QUOTE) > 0 && text.indexOf(QUOTE) < before(text)]).toEqual([url, true]);
    }
    const { body: table } = await get(app, '/explore?collection=battle-group-deployments');
    expect(table).toContain('NATO Secretary General Jens Stoltenberg announced');
    expect(table).not.toContain('A day before the meeting');
    expect((await get(app, `/${path}`)).body).toMatch(
      /<meta name="description" content="[^"]*Jens Stoltenberg announced/,
    );
  });

  it('every row of every table has a quotation that supports a naming field', async () => {
    for (const factType of factTypes.filter(({ hasEvidence }) => hasEvidence !== false)) {
      const rows = csvParse((await get(app, `/v1/${factType.collection}.csv`)).body);
      for (const row of rows) {
        const { body: fact } = await get(app, `/v1/${factType.collection}/${row['id']}`);
        const main = fact.evidence.find(({ exact }: Json) => exact === row['source_quote']);
        const supported = main.supports.filter((name: string) => factType.namingFields.includes(name));
        expect([row['id'], supported.length > 0]).toEqual([row['id'], true]);
      }
    }
  });
});

describe('dated facts', () => {
  it('quote the main evidence first in calendars and timelines', async () => {
    const store = await createStore();
    const source = 'On Friday, ministers gathered. The meeting of ministers in Riga was held.';
    await importInto(
      store,
      buildDossier({
        source,
        facts: [
          {
            type: 'event',
            id: 'riga',
            name: 'Meeting of ministers',
            kind: 'meeting',
            status: 'held',
            startDate: '2031-05-02',
            datePrecision: 'day',
            evidence: [
              { quote: 'On Friday, ministers gathered', supports: ['startDate'] },
              { quote: 'The meeting of ministers in Riga was held', supports: ['name', 'kind', 'status'] },
            ],
          },
        ],
      }),
    );
    const app = await createApp(store);
    for (const extension of ['ics', 'timeline.csv', 'timeline.json']) {
      const { body } = await get(app, `/v1/events.${extension}`);
      const text = (typeof body === 'string' ? body : JSON.stringify(body)).replaceAll('\r\n ', '');
      const position = text.indexOf('The meeting of ministers in Riga');
      expect([extension, position > 0 && position < text.indexOf('On Friday')]).toEqual([extension, true]);
    }
  });
});
