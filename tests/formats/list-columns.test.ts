/** List columns: split by the documented rule, every cell has the values of the NDJSON. */
import { csvParse } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../bench/fixtures/random.ts';
import { joinList, LIST_RULE } from '../../src/formats/list-cells.ts';
import { getColumns } from '../../src/formats/table-columns.ts';
import type { FactType } from '../../src/model/fact-type.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { createApp, createSeededStore, get, importInto, type Json } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';

const seedOfTexts = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

const PIECES = ['a', 'b', ';', '; ', '\\', '\\\\', '\n', '\r\n', ' ', '"', ',', '=', '\u2028', '🗞️'];

/** Returns a text that `text()` accepts: it starts and ends with something other than a space. */
function createTextGenerator(): () => string {
  const { below, pick } = createRandom(seedOfTexts);
  return () => {
    const text = Array.from({ length: 1 + below(6) }, () => pick(PIECES))
      .join('')
      .trim();
    return text === '' ? ';' : text;
  };
}

/** Splits a cell as docs/FORMATS.md describes it, independently of the code that joins. */
function splitList(cell: string): string[] {
  const entries: string[] = [];
  let start = 0;
  for (const { 0: match, 1: backslashes = '', index } of cell.matchAll(/(\\*); /g)) {
    if (backslashes.length % 2 === 1) continue;
    entries.push(cell.slice(start, index + backslashes.length));
    start = index + match.length;
  }
  return [...entries, cell.slice(start)].map((entry) =>
    entry.replace(/(\\+)(; ?|$)/g, (_, { length }: string, end: string) => '\\'.repeat(length >> 1) + end),
  );
}

/** Returns the values of a list column as strings, read from a fact as JSON. */
function readValues(fact: Json, name: string, path: string | undefined): string[] {
  const { evidence = [], inferences } = fact;
  if (name === 'inferred') return [...new Set<string>(inferences.flatMap(({ fields }: Json) => fields))];
  if (name === 'inference_notes') return inferences.map(({ kind, note }: Json) => `${kind}: ${note}`);
  if (name === 'sources')
    return evidence.map(({ document, start, end }: Json) => `${document.id}#char=${start},${end}`);
  const values = String(path)
    .split('.')
    .reduce((nodes: Json[], key) => nodes.flatMap((node) => node?.[key] ?? null), [fact]);
  return values.map((value) => (value === null ? '' : String(value)));
}

/** Expects that each list cell of `row` has the values of `fact`; returns the number of compared entries. */
function compareLists(factType: FactType, fact: Json, row: Record<string, string | null>): number {
  let count = 0;
  for (const { name, path } of getColumns(factType).filter(({ isList }) => isList)) {
    const values = readValues(fact, name, path);
    const cell = row[name] ?? '';
    const message = `${fact.id}, ${name}: ${JSON.stringify(cell)} (FC_SEED=${seedOfTexts})`;
    expect(cell === '' ? [] : splitList(cell), message).toEqual(
      values.every((value) => value === '') ? [] : values,
    );
    count += values.length;
  }
  return count;
}

let app: FastifyInstance;
beforeAll(async () => {
  const store = await createSeededStore();
  const createText = createTextGenerator();
  const events = Array.from({ length: 40 }, (_, n) => ({
    id: `generated-${n}`,
    agenda: [...new Set(Array.from({ length: 3 }, createText))],
    participants: [
      { actor: 'country/ukraine', role: createText(), attendance: 'in-person' },
      { actor: 'country/russia', role: n % 2 === 0 ? null : createText(), attendance: 'video-link' },
    ],
    place: { name: 'Lima', countryCode: 'PE', latitude: -12.05, longitude: -77.05, precision: 'city' },
    inferences: [
      { kind: 'derived', fields: ['kind', 'agenda'], note: createText() },
      { kind: 'reference', fields: ['place'], note: createText() },
      { kind: 'reference', fields: ['place'], note: createText() },
    ],
  }));
  await importInto(store, buildEventDossier(events));
  app = await createApp(store);
});

const fetchFacts = async (collection: string): Promise<Json[]> => {
  const { body } = await get(app, `/v1/${collection}.ndjson`);
  return body
    .trimEnd()
    .split('\n')
    .map((line: string) => JSON.parse(line));
};

describe('facts', () => {
  it.each(factTypes)('of $collection have the same lists in CSV as in NDJSON', async (factType) => {
    const { collection } = factType;
    const facts = await fetchFacts(collection);
    const rows = csvParse((await get(app, `/v1/${collection}.csv?escapeFormulas=false`)).body);
    expect(rows).toHaveLength(facts.length);
    const counts = facts.map((fact, index) => compareLists(factType, fact, rows[index] as Json));
    expect(Math.max(...counts)).toBeGreaterThan(0);
  });

  it.each(
    factTypes.filter(({ expandableField }) => expandableField !== undefined),
  )('of $collection have the same lists in CSV with a row for each member', async (factType) => {
    const { collection } = factType;
    const facts = new Map((await fetchFacts(collection)).map((fact) => [fact.id, fact]));
    const rows = csvParse((await get(app, `/v1/${collection}.csv?escapeFormulas=false&expand=members`)).body);
    expect(rows.length).toBeGreaterThan(facts.size);
    for (const row of rows) compareLists(factType, facts.get(row.id), row as Json);
  });

  it.each(
    factTypes.filter(({ getPoint }) => getPoint !== undefined),
  )('of $collection have the same lists in GeoJSON as in NDJSON', async (factType) => {
    const { collection } = factType;
    const facts = await fetchFacts(collection);
    const { features } = (await get(app, `/v1/${collection}.geojson`)).body;
    expect(features).toHaveLength(facts.length);
    for (const [index, fact] of facts.entries()) {
      const { properties } = features[index];
      compareLists(factType, fact, properties);
      if (!fact.id.startsWith('generated-')) continue;
      const notes = fact.inferences
        .filter(({ kind }: Json) => kind === 'reference')
        .map(({ note }: Json) => note);
      expect(splitList(properties.point_source)).toEqual(notes);
    }
  });
});

describe('the rule', () => {
  it.each([
    ['a separator within a value', ['a; b', 'c'], 'a\\; b; c'],
    ['a semicolon that is no separator', ['d;e', ';', 'f;'], 'd;e; ;; f;'],
    ['a backslash at the end of a value', ['a\\', 'b'], 'a\\\\; b'],
    ['two backslashes at the end of a value', ['a\\\\', 'b'], 'a\\\\\\\\; b'],
    ['a backslash before a separator within a value', ['a\\; b'], 'a\\\\\\; b'],
    ['a backslash elsewhere', ['C:\\x', '\\'], 'C:\\x; \\\\'],
    ['line breaks after a semicolon', ['a;\nb', 'c'], 'a;\nb; c'],
    ['an entry without a value', ['a', null, 'b', null], 'a; ; b; '],
  ])('is reversible for %s', (_, entries, cell) => {
    expect(joinList(entries)).toBe(cell);
    expect(splitList(cell)).toEqual(entries.map((entry) => entry ?? ''));
  });

  it(`is reversible for any texts (FC_SEED=${seedOfTexts})`, () => {
    const createText = createTextGenerator();
    for (let n = 0; n < 5_000; n += 1) {
      const entries = Array.from({ length: 1 + (n % 4) }, createText);
      expect(splitList(joinList(entries) as string), JSON.stringify(entries)).toEqual(entries);
    }
  });

  it('is part of the description of every CSV and GeoJSON', async () => {
    const { body } = await get(app, '/openapi.json');
    const describeResponse = (path: string): string => {
      const { $ref, description } = body.paths[path].get.responses['200'];
      return $ref ? body.components.responses[$ref.split('/').at(-1)].description : description;
    };
    for (const { collection, getPoint } of factTypes) {
      expect(describeResponse(`/v1/${collection}.csv`)).toContain(LIST_RULE);
      if (getPoint) expect(describeResponse(`/v1/${collection}.geojson`)).toContain('columns of the CSV');
    }
  });
});
