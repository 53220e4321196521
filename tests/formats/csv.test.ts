/** CSV tables: exact bytes, and contents as parsed by third-party libraries. */
import { stringify } from 'csv-stringify/sync';
import { csvParse, csvParseRows, dsvFormat } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../bench/fixtures/random.ts';
import { csv, formatCsvRows } from '../../src/formats/csv.ts';
import { type Cell, getColumns } from '../../src/formats/table-columns.ts';
import { factTypes, getFactType } from '../../src/model/types/index.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { createApp, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';
import { expectGolden } from '../support/golden.ts';

const seedOfCells = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

const PUBLIC_URL = 'https://facts.example.org';

let app: FastifyInstance;
beforeAll(async () => {
  const store = await createStore();
  await seed(store, DOSSIERS_FOLDER, () => new Date('2026-11-24T00:00:00Z'));
  app = await createApp(store, { publicUrl: PUBLIC_URL });
});

const fetchRows = async (url: string) => csvParse((await get(app, url)).body);

describe('the golden files', () => {
  it.each(factTypes.map(({ collection }) => collection))('of %s', async (collection) => {
    const { status, body, headers } = await get(app, `/v1/${collection}.csv`);
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    expectGolden(`tests/formats/golden/${collection}.csv`, body);
  });

  it.each([
    ['stances-by-member', '/v1/stances.csv?expand=members&subject=eu-on-russia-5'],
    ['statements-facets', '/v1/statements/facets.csv?by=speaker,about,inferred,event'],
    ['figures-facets', '/v1/figures/facets.csv?by=subject,unit'],
  ])('of %s', async (name, url) => {
    expectGolden(`tests/formats/golden/${name}.csv`, (await get(app, url)).body);
  });
});

describe.each(factTypes)('the table of $collection', (factType) => {
  const { collection } = factType;
  let rows: Record<string, string>[];
  let facts: Json[];
  beforeAll(async () => {
    rows = await fetchRows(`/v1/${collection}.csv`);
    facts = (await get(app, `/v1/${collection}?limit=200`)).body.data;
  });

  it('has a row for each fact of the list, and a column for every field', () => {
    expect(rows.map(({ id }) => id)).toEqual(facts.map(({ id }) => id));
    const ownColumns = getColumns(factType).filter(({ name }) => name !== 'label');
    expect(ownColumns.length).toBeGreaterThanOrEqual(factType.fieldsByPath.size);
  });

  it('has the same values as the list', () => {
    for (const [at, fact] of facts.entries()) {
      const row = rows[at] as Record<string, string>;
      expect(row['label']).toBe(fact.label);
      expect(row['permalink']).toBe(fact.links.html);
      expect([row['version'], row['revision'], row['recorded_at'], row['reported_on']]).toEqual([
        String(fact.version),
        String(fact.revision),
        fact.recordedAt,
        fact.reportedOn ?? '',
      ]);
      expect(row['inferred']).toBe(
        [...new Set(fact.inferences.flatMap((each: Json) => each.fields))].join('; '),
      );
      if (factType.hasEvidence === false) continue;
      const main = fact.evidence.find(
        ({ start, end }: Json) => row['source_start'] === String(start) && row['source_end'] === String(end),
      );
      expect([row['source_id'], row['source_quote']]).toEqual([main.document.id, main.exact]);
      expect(row['sources']).toBe(
        fact.evidence
          .map(({ document, start, end }: Json) => `${document.id}#char=${start},${end}`)
          .join('; '),
      );
    }
  });
});

describe('references', () => {
  it('have an id to join tables by, a label, and a type if there are several', async () => {
    const [row] = await fetchRows('/v1/statements.csv?ids=stoltenberg-use-of-chemical-weapons');
    expect([row?.['speaker_type'], row?.['speaker_id'], row?.['speaker']]).toEqual([
      'person',
      'jens-stoltenberg',
      'Jens Stoltenberg',
    ]);
    const people = await fetchRows('/v1/people.csv');
    expect(people.map(({ id }) => id)).toContain(row?.['speaker_id']);
    const [deployment] = await fetchRows('/v1/battle-group-deployments.csv?ids=nato-romania');
    expect([deployment?.['host_country_id'], deployment?.['host_country']]).toEqual(['romania', 'Romania']);
    expect(deployment).not.toHaveProperty('host_country_type');
  });

  it('in lists have the same position in every column, even if an entry has no value', async () => {
    const [war] = await fetchRows('/v1/events.csv?ids=war-in-ukraine');
    expect([
      war?.['participant_id'],
      war?.['participant'],
      war?.['participant_role'],
      war?.['participant_attendance'],
    ]).toEqual(['russia; ukraine', 'Russia; Ukraine', 'invader; ', 'unspecified; unspecified']);
    const [talks] = await fetchRows('/v1/events.csv?ids=eu-summit-2022-03-24');
    expect(talks?.['participant_role']).toBe('');
  });
});

describe('stances by member', () => {
  it('have a row for each country of a group, and name the group', async () => {
    const rows = await fetchRows('/v1/stances.csv?expand=members&position=seeks-more');
    expect(
      rows.map((row) => [row.id, row['actor_id'], row['via_id'], row['via'], row['via_membership_id']]),
    ).toEqual([
      ['baltics-fifth-round', 'estonia', 'baltics', 'The Baltics', 'estonia-baltics'],
      ['baltics-fifth-round', 'latvia', 'baltics', 'The Baltics', 'latvia-baltics'],
      ['baltics-fifth-round', 'lithuania', 'baltics', 'The Baltics', 'lithuania-baltics'],
      ['poland-fifth-round', 'poland', '', '', ''],
    ]);
    expect(rows[0]?.['actor']).toBe('Estonia');
    expect(rows[0]?.['source_quote']).toBe('Poland and the Baltics are pushing for further measures');
  });

  it('do not expand alliances and unions', async () => {
    const rows = await fetchRows('/v1/stances.csv?expand=members&actor=nato,european-union');
    expect(rows.map((row) => [row['actor_id'], row['via_id']])).toEqual([
      ['european-union', ''],
      ['european-union', ''],
      ['nato', ''],
    ]);
  });

  it('are available for stances only', async () => {
    const { status, body } = await get(app, '/v1/statements.csv?expand=members');
    expect([status, body.errors[0].code]).toEqual([400, 'unknown-parameter']);
  });
});

describe('facets', () => {
  it('are complete, most frequent first, with values that the filter accepts', async () => {
    const rows = await fetchRows('/v1/statements/facets.csv?by=about,mode');
    const { body } = await get(app, '/v1/statements/facets?by=about,mode&limit=1000');
    const expected = body.data.flatMap(({ field, values }: Json) =>
      values.map(({ value, label, count }: Json) => ({ field, value, label, count: String(count) })),
    );
    expect(rows.map((row) => ({ ...row }))).toEqual(expected);
    expect(rows[0]).toEqual({ field: 'about', value: 'country/russia', label: 'Russia', count: '5' });
  });

  it('are not truncated at the limit of the JSON', async () => {
    const store = await createStore();
    const crowd = await createApp(store);
    await importInto(
      store,
      buildEventDossier(Array.from({ length: 1_200 }, (_, n) => ({ id: `m-${n}`, kind: `kind-${n}` }))),
    );
    const { body } = await get(crowd, '/v1/events/facets.csv?by=kind,status');
    expect(csvParse(body).length).toBe(1_201);
    const json = await get(crowd, '/v1/events/facets?by=kind&limit=1000');
    expect([json.body.data[0].values.length, json.body.data[0].distinct]).toEqual([1_000, 1_200]);
  });
});

describe('cells', () => {
  const HOSTILE = [
    '=1+1',
    '+1',
    '-1 degree',
    '@SUM(A1)',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff20a',
    '\u200b=1+1',
    'plain',
    'a "quoted", word',
    'two\nlines',
    'two\r\nlines',
    "it's",
  ];
  let xssApp: FastifyInstance;
  beforeAll(async () => {
    const store = await createStore();
    xssApp = await createApp(store);
    const place = { name: 'Lima', countryCode: 'PE', latitude: -12.05, longitude: -77.05, precision: 'city' };
    const events = HOSTILE.map((name, n) => ({ id: `e-${n + 10}`, name, ...(n === 0 && { place }) }));
    const dossier = buildEventDossier(events);
    await importInto(store, dossier);
  });

  it('that look like formulas are escaped', async () => {
    const names = csvParse((await get(xssApp, '/v1/events.csv')).body).map(({ name }) => name);
    expect(names).toEqual(
      HOSTILE.map((name) => (/^\u200b?[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(name) ? `'${name}` : name)),
    );
  });

  it('stay unescaped with escapeFormulas=false', async () => {
    const rows = csvParse((await get(xssApp, '/v1/events.csv?escapeFormulas=false')).body);
    expect(rows.map(({ name }) => name)).toEqual(HOSTILE);
  });

  it('with negative numbers are not escaped', async () => {
    const [row] = csvParse((await get(xssApp, '/v1/events.csv?ids=e-10')).body);
    expect([row?.['latitude'], row?.['longitude']]).toEqual(['-12.05', '-77.05']);
  });

  it('with quotes, commas and line breaks are quoted, and lines end in CRLF', async () => {
    const { body } = await get(xssApp, '/v1/events.csv?ids=e-20,e-21&sort=id');
    expect(body).toContain(',"a ""quoted"", word",');
    expect(body).toContain(',"two\nlines",');
    expect(body.endsWith('\r\n')).toBe(true);
    const widths = new Set(csvParseRows(body).map((cells) => cells.length));
    expect(widths.size).toBe(1);
  });

  it('of a list have a backslash before a separator within an entry', async () => {
    const store = await createStore();
    const agenda = ['a; b', 'c\\', 'd;e'];
    await importInto(store, buildEventDossier([{ id: 'a', agenda }]));
    const [row] = csvParse((await get(await createApp(store), '/v1/events.csv')).body);
    expect(row?.['agenda']).toBe('a\\; b; c\\\\; d;e');
    expect(row?.['agenda']?.split(/(?<!(?<!\\)\\); /)).toHaveLength(3);
  });

  it('start with a byte order mark only with bom=1', async () => {
    const plain = await xssApp.inject('/v1/events.csv?ids=e-15');
    const withByteOrderMark = await xssApp.inject('/v1/events.csv?ids=e-15&bom=1');
    expect([...plain.rawPayload.subarray(0, 2)]).toEqual([...Buffer.from('id')]);
    expect([...withByteOrderMark.rawPayload.subarray(0, 5)]).toEqual([
      0xef,
      0xbb,
      0xbf,
      ...Buffer.from('id'),
    ]);
  });
});

describe('lines', () => {
  const PIECES = [...'a",;\n\r=+-@\t \'\\Ā＝＋－＠', '\u200b', '\u0085', '\u2028', '\v'];

  const createRows = (): Cell[][] => {
    const { below, pick } = createRandom(seedOfCells);
    const text = () => Array.from({ length: below(5) }, () => pick(PIECES)).join('');
    const cell = (): Cell => pick([text, text, text, () => null, () => below(9) - 4.5, () => below(2) > 0])();
    return Array.from({ length: 2_000 }, () => Array.from({ length: 5 }, cell));
  };

  it.each([
    [',', ','],
    [';', ';'],
    ['tab', '\t'],
  ] as const)(`with the separator %s are the same as those of csv-stringify (FC_SEED=${seedOfCells})`, (sep, delimiter) => {
    const rows = createRows();
    const expected = stringify(rows, {
      delimiter,
      record_delimiter: 'windows',
      quoted_match: /[\r\n\v\u0085\u2028]/,
      cast: { boolean: String },
    });
    expect(formatCsvRows(rows, { bom: false, escapeFormulas: false, sep })).toBe(expected);
  });

  it(`have a ' before formulas only (FC_SEED=${seedOfCells})`, () => {
    const rows = createRows();
    const invisible = new Set([' ', '\t', '\r', '\n', '\v', '\u0085', '\u2028', '\u200b']);
    const isFormula = (text: string) => {
      const visible = [...text].find((character) => !invisible.has(character)) ?? '';
      return '\t\r\n'.includes(text.charAt(0) || '-') || '=+-@＝＋－＠'.includes(visible || 'none');
    };
    const guarded = rows.map((row) =>
      row.map((cell) => (typeof cell === 'string' && isFormula(cell) ? `'${cell}` : cell)),
    );
    expect(formatCsvRows(rows, { bom: false, escapeFormulas: true, sep: ',' })).toBe(
      formatCsvRows(guarded, { bom: false, escapeFormulas: false, sep: ',' }),
    );
  });
});

it('is suggested for matrices with a row for each member, which the URL requests once', () => {
  const suggest = csv.tools(getFactType('stance')).at(-1)?.toPasteText;
  expect(suggest?.('/v1/stances.csv?sep=;')).toBe('/v1/stances.csv?sep=;&expand=members');
  for (const url of ['/v1/stances.csv?expand=members', '/v1/stances.csv?bom=1&expand=members'])
    expect(suggest?.(url)).toBe(url);
});

describe('the separator', () => {
  const URLS = [
    '/v1/events.csv',
    '/v1/events.timeline.csv',
    '/v1/events/facets.csv?by=kind,participant',
    '/v1/stances.csv?expand=members',
  ];

  it.each(URLS)('of %s changes nothing but the separator', async (url) => {
    const expected = csvParse((await get(app, url)).body);
    for (const [sep, character] of [
      [';', ';'],
      ['%3B', ';'],
      ['tab', '\t'],
      ['%09', '\t'],
      [',', ','],
      ['%2C', ','],
    ] as const) {
      const { status, body, headers } = await get(app, `${url}${url.includes('?') ? '&' : '?'}sep=${sep}`);
      expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
      expect(headers['content-disposition']).toContain('.csv"');
      expect([...dsvFormat(character).parse(body)]).toEqual([...expected]);
    }
  });

  it('changes the ETag, and combines with the other parameters', async () => {
    const tags = await Promise.all(
      ['', '?sep=;', '?sep=tab', '?bom=1&sep=;'].map(async (query) => {
        const { headers } = await get(app, `/v1/events.csv${query}`);
        const etag = headers['etag'] as string;
        expect((await get(app, `/v1/events.csv${query}`, { 'if-none-match': etag })).status).toBe(304);
        return etag;
      }),
    );
    expect(new Set(tags).size).toBe(4);
    const { body } = await get(app, '/v1/events.csv?bom=1&sep=;&ids=war-in-ukraine');
    expect(body).toMatch(/^\ufeffid;label;name;/);
  });

  it.each([
    ['|', 'must be one of ",", ";", tab (given: "|")'],
    ['', 'must be one of ",", ";", tab (given: "")'],
    ['semicolon', 'must be one of ",", ";", tab (given: "semicolon")'],
  ])('%j is rejected with the allowed ones', async (sep, detail) => {
    const { status, body } = await get(app, `/v1/events.csv?sep=${encodeURIComponent(sep)}`);
    expect([status, body.errors]).toEqual([400, [{ parameter: 'sep', code: 'invalid-value', detail }]]);
  });

  it('is a parameter of CSV only', async () => {
    for (const path of [
      '/v1/events.ndjson',
      '/v1/events.geojson',
      '/v1/events',
      '/v1/events/facets?by=kind&x=',
    ]) {
      const { status } = await get(app, `${path}${path.includes('?') ? '' : '?'}sep=;`);
      expect(status).toBe(400);
    }
  });
});
