/** Descriptions of tables: they name every column, and every value in the tables has the described type. */
import { csvParse } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { getCsvColumns } from '../../src/formats/csv.ts';
import { getColumns } from '../../src/formats/table-columns.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { createApp, createSeededStore, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossierHistory } from '../support/dossier-builder.ts';

const PUBLIC_URL = 'https://facts.example.org/summits';

let app: FastifyInstance;
beforeAll(async () => {
  const store = await createStore();
  for (const files of buildDossierHistory()) await importInto(store, files);
  app = await createApp(store, { publicUrl: PUBLIC_URL });
});

const fetchPackage = async (query = ''): Promise<Json> => {
  const { status, headers, body } = await get(app, `/v1/datapackage.json${query}`);
  expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  return body;
};

const fetchResource = async (
  collection: string,
): Promise<{ schema: Json; rows: Record<string, string>[] }> => {
  const { resources } = await fetchPackage('?include=retracted');
  const { path, schema } = resources.find(({ name }: Json) => name === collection);
  expect(path).toContain(`${PUBLIC_URL}/v1/${collection}.csv?`);
  const { status, body } = await get(app, path.slice(PUBLIC_URL.length));
  expect(status).toBe(200);
  return { schema, rows: csvParse(body) };
};

const PATTERNS: Record<string, RegExp> = {
  string: /./s,
  integer: /^-?\d+$/,
  number: /^-?\d+(\.\d+)?(e[+-]?\d+)?$/,
  boolean: /^(true|false)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
};

describe.each(factTypes)('the data package of $collection', (factType) => {
  const { collection } = factType;

  it('names the columns of the CSV in order, with types that fit all values', async () => {
    const { schema, rows } = await fetchResource(collection);
    const { body } = await get(app, `/v1/${collection}.csv`);
    expect(schema.fields.map(({ name }: Json) => name)).toEqual(csvParse(body).columns);
    expect(schema.missingValues).toEqual(['']);
    expect(schema.fields.filter(({ description }: Json) => !description)).toEqual([]);
    for (const { name, type, itemType, delimiter, constraints } of schema.fields) {
      const allowed = constraints?.enum;
      for (const row of rows) {
        const cell = row[name] as string;
        const values = type === 'list' ? cell.split(/(?<!\\); /).filter(Boolean) : [cell].filter(Boolean);
        for (const value of values) {
          expect(value, `${name}: ${type}`).toMatch(PATTERNS[itemType ?? type] as RegExp);
          if (allowed) expect(allowed).toContain(value);
        }
        if (constraints?.required) expect(cell, name).not.toBe('');
      }
      // An `enum` of a list would be one of whole lists.
      if (type === 'list') expect([delimiter, allowed], name).toEqual(['; ', undefined]);
    }
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(schema.primaryKey).toEqual(['id']);
  });

  it('has foreign keys that all values satisfy', async () => {
    const { schema, rows } = await fetchResource(collection);
    for (const { fields, reference } of schema.foreignKeys) {
      const target = await fetchResource(reference.resource === '' ? collection : reference.resource);
      const ids = new Set(target.rows.map(({ id }) => id));
      expect(reference.fields).toEqual(['id']);
      expect(schema.fields.find(({ name }: Json) => name === fields[0]).type).toBe('string');
      for (const row of rows) {
        const id = row[fields[0]];
        if (id) expect(ids, `${fields[0]} of ${row['id']}`).toContain(id);
      }
    }
  });

  it('describes every column that all types have', async () => {
    const { schema } = await fetchResource(collection);
    const columns = getColumns(factType).filter(({ ownField }) => ownField === undefined);
    const described = schema.fields
      .filter(({ description }: Json) => description)
      .map(({ name }: Json) => name);
    expect(described).toEqual(expect.arrayContaining(columns.map(({ name }) => name)));
  });

  it.each([{}, { sep: ';' }, { asOf: '1', sep: 'tab', include: 'retracted' }] as Record<
    string,
    string
  >[])('has a description that the CSV links to, with %j', async (values) => {
    const query = new URLSearchParams(values).size > 0 ? `?${new URLSearchParams(values)}` : '';
    const csv = await get(app, `/v1/${collection}.csv${query}`);
    const [, url = ''] =
      /^<([^>]+)>; rel="describedby"; type="application\/csvm\+json"$/.exec(csv.headers['link'] ?? '') ?? [];
    expect(url).toContain(PUBLIC_URL);
    const link = url.slice(PUBLIC_URL.length);
    const { status, headers, body } = await get(app, link);
    expect([status, headers['content-type']]).toEqual([200, 'application/csvm+json; charset=utf-8']);
    const csvUrl = new URL(body.url, url).href;
    expect(csvUrl).toContain(`${PUBLIC_URL}/v1/${collection}.csv`);
    expect((await get(app, csvUrl.slice(PUBLIC_URL.length))).body).toBe(csv.body);
    expect(body.dialect.delimiter).toBe({ ';': ';', tab: '\t' }[values['sep'] ?? ''] ?? ',');
    const { data } = (await get(app, `/v1/${collection}?limit=1`)).body;
    const aboutUrl = body.tableSchema.aboutUrl.replace('{id}', data[0].id);
    expect(new URL(aboutUrl, csvUrl).href).toBe(data[0].links.self);
    const names = body.tableSchema.columns.map(({ titles }: Json) => titles);
    expect(csv.body.split('\r\n')[0]).toBe(names.join(body.dialect.delimiter));
    expect(body.tableSchema.primaryKey).toBe('id');
    expect((await get(app, link, { 'if-none-match': headers['etag'] as string })).status).toBe(304);
  });

  it('says the same in both descriptions', async () => {
    const { schema } = await fetchResource(collection);
    const { body } = await get(app, `/v1/${collection}.csv-metadata.json`);
    const types: Json = {
      string: 'string',
      anyURI: 'string',
      date: 'date',
      dateTime: 'datetime',
      integer: 'integer',
      number: 'number',
    };
    expect(
      body.tableSchema.columns.map(({ name, datatype, separator, required }: Json) => ({
        name,
        type: separator ? 'list' : (types[datatype] ?? datatype.base),
        item: separator && (types[datatype] ?? datatype.base),
        separator,
        required,
      })),
    ).toEqual(
      schema.fields.map(({ name, type, itemType, delimiter, constraints }: Json) => ({
        name,
        type,
        item: itemType,
        separator: delimiter,
        required: constraints?.required,
      })),
    );
  });
});

describe('the types', () => {
  it('follow from the declarations: they are the same for an empty store', async () => {
    const empty = await createApp(await createStore(), { publicUrl: PUBLIC_URL });
    const { body } = await get(empty, '/v1/datapackage.json');
    expect([body.version, body.created]).toEqual(['0', undefined]);
    const { resources } = await fetchPackage();
    expect(body.resources.map(({ schema }: Json) => schema)).toEqual(
      resources.map(({ schema }: Json) => schema),
    );
    for (const { path } of body.resources)
      expect((await get(empty, path.slice(PUBLIC_URL.length))).status).toBe(200);
  });

  it('are those of the fields', async () => {
    const { schema } = await fetchResource('events');
    const field = (name: string) => schema.fields.find((each: Json) => each.name === name);
    expect(field('start_date').type).toBe('date');
    expect(field('recorded_at').type).toBe('datetime');
    expect(field('latitude').type).toBe('number');
    expect(field('revision').type).toBe('integer');
    expect(field('permalink')).toMatchObject({ type: 'string', format: 'uri' });
    expect(field('status').constraints.enum).toContain('postponed');
    expect(field('kind').constraints).toEqual({ required: true });
    expect(field('participant_role')).toMatchObject({ type: 'list', itemType: 'string' });
    expect(schema.foreignKeys).toEqual([
      { fields: ['after_id'], reference: { resource: '', fields: ['id'] } },
      { fields: ['part_of_id'], reference: { resource: '', fields: ['id'] } },
      { fields: ['according_to_id'], reference: { resource: 'statements', fields: ['id'] } },
      { fields: ['source_id'], reference: { resource: 'documents', fields: ['id'] } },
    ]);
    const statements = (await fetchResource('statements')).schema;
    expect(statements.fields.find(({ name }: Json) => name === 'part_quoted')).toMatchObject({
      type: 'list',
      itemType: 'boolean',
    });
    expect(statements.foreignKeys).toContainEqual({
      fields: ['event_id'],
      reference: { resource: 'events', fields: ['id'] },
    });
  });
});

it('retracted facts are included only on request', async () => {
  const countRows = async (query: string) => {
    const { resources } = await fetchPackage(query);
    const counts: number[] = [];
    for (const { path } of resources)
      counts.push(csvParse((await get(app, path.slice(PUBLIC_URL.length))).body).length);
    return counts.reduce((sum, count) => sum + count);
  };
  expect(await countRows('')).toBeLessThan(await countRows('?include=retracted'));
  expect((await get(app, '/v1/datapackage.json?include=all')).status).toBe(400);
});

describe('the revision', () => {
  it('of all files is that of the package', async () => {
    const { version, created, resources } = await fetchPackage('?asOf=1');
    expect(version).toBe('1');
    expect(Number.isNaN(Date.parse(created))).toBe(false);
    for (const { path } of resources) expect(path).toContain('?asOf=1&escapeFormulas=false');
    const { version: latest } = await fetchPackage();
    expect(Number(latest)).toBeGreaterThan(1);
    expect((await get(app, '/v1/datapackage.json?asOf=999')).status).toBe(400);
  });
});

it('a table with a row for each member has its further columns, and their id as its primary key', async () => {
  const seeded = await createApp(await createSeededStore());
  const { body } = await get(seeded, '/v1/stances.csv-metadata.json?expand=members');
  const names = body.tableSchema.columns.map(({ name }: Json) => name);
  const stances = factTypes.find(({ collection }) => collection === 'stances');
  expect(names).toEqual(getCsvColumns(stances as never, { expand: 'members' }).map(({ name }) => name));
  expect(names.slice(-5)).toEqual(['via_id', 'via', 'via_membership_id', 'row_id', 'permalink']);
  const { primaryKey, columns } = body.tableSchema;
  expect(primaryKey).toBe('row_id');
  for (const query of ['', '&fields=position']) {
    const rows = csvParse((await get(seeded, `/v1/stances.csv?expand=members${query}`)).body);
    const keys = rows.map((row) => row['row_id']);
    expect(new Set(keys).size).toBe(rows.length);
    expect(keys).not.toContain('');
    expect(rows.some((row) => row['row_id'] !== row['id'])).toBe(true);
  }
  const added = columns.filter(({ name }: Json) => /^(via|row_id)/.test(name));
  expect(added).toHaveLength(4);
  for (const column of added) expect(column['dc:description'], column.name).toMatch(/./);
});

it.each([
  'sep=x',
  'sep=x&bom=maybe&nonsense=1&kind=&asOf=never',
  'asOf=999',
  'nonsense=1',
  'expand=members',
  'from=never',
  'participant=Nobody!',
])('a description rejects %s, as its CSV does', async (query) => {
  const csv = await get(app, `/v1/events.csv?${query}`);
  const description = await get(app, `/v1/events.csv-metadata.json?${query}`);
  expect([description.status, description.body.errors]).toEqual([400, csv.body.errors]);
});
