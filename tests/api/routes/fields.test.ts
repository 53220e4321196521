import { csvParse } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { getSelectableFields } from '../../../src/model/response-fields.ts';
import { createFactSchema } from '../../../src/model/response-schemas.ts';
import { factTypes } from '../../../src/model/types/index.ts';
import {
  createApp,
  createSeededApp,
  createStore,
  followPages,
  get,
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

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

const pick = (fact: Json, names: string[]) =>
  Object.fromEntries(Object.entries(fact).filter(([name]) => names.includes(name)));

describe.each(factTypes)('fields= of $collection', (factType) => {
  const { collection } = factType;
  const names = getSelectableFields(factType);

  it('can select every field of a response', () => {
    expect(names).toEqual(Object.keys(createFactSchema(factType).shape));
  });

  it('gives the same fields of each fact in lists, items and NDJSON, in the declared order', async () => {
    const { body } = await get(app, `/v1/${collection}?limit=200`);
    for (const fields of [...names.map((name) => [name]), ['links', names[4] as string, 'label'], names]) {
      const expected = body.data.map((fact: Json) => pick(fact, ['type', 'id', ...fields]));
      const list = await get(app, `/v1/${collection}?limit=200&fields=${fields}`);
      expect(JSON.stringify(list.body.data), fields.join()).toBe(JSON.stringify(expected));
      const item = await get(app, `/v1/${collection}/${factType.exampleId}?fields=${fields}`);
      expect(expected.map((each: Json) => JSON.stringify(each))).toContain(JSON.stringify(item.body));
      const { body: lines } = await app.inject(`/v1/${collection}.ndjson?fields=${fields}`);
      expect(lines).toBe(expected.map((fact: Json) => `${JSON.stringify(fact)}\n`).join(''));
    }
  });

  it('gives the columns of the fields, in the order of the complete table', async () => {
    const complete = csvParse((await app.inject(`/v1/${collection}.csv`)).body);
    for (const field of names) {
      const table = csvParse((await app.inject(`/v1/${collection}.csv?fields=${field}`)).body);
      expect(table.columns[0]).toBe('id');
      expect(table.columns).toEqual(complete.columns.filter((name) => table.columns.includes(name)));
      expect(table.map((row) => ({ ...row }))).toEqual(complete.map((row) => pick(row, table.columns)));
    }
    const all = csvParse((await app.inject(`/v1/${collection}.csv?fields=${names}&include=retracted`)).body);
    expect(all.columns).toEqual(complete.columns);
  });
});

describe('fields=', () => {
  it('selects columns by field', async () => {
    const getHeader = async (url: string) => (await app.inject(url)).body.split('\r\n')[0];
    expect(await getHeader('/v1/events.csv?fields=startDate,name')).toBe('id,name,start_date');
    expect(await getHeader('/v1/people.csv?fields=evidence')).toBe(
      'id,source_id,source_start,source_end,source_quote,sources',
    );
    expect(await getHeader('/v1/stances.csv?fields=actor&expand=members')).toBe(
      'id,actor_type,actor_id,actor,via_id,via,via_membership_id,row_id',
    );
    const { features } = (await get(app, '/v1/countries.geojson?fields=name')).body;
    expect(Object.keys(features[0].properties)).toEqual(['id', 'name', 'precision', 'point_source']);
    expect(features.some(({ geometry }: Json) => geometry !== null)).toBe(true);
  });

  it('leaves paging, counting and expansion as they are', async () => {
    const rows = await followPages(app, '/v1/stances?fields=actor&expand=members&limit=2&count=true');
    const complete = await followPages(app, '/v1/stances?expand=members');
    expect(rows).toEqual(complete.map((row) => pick(row, ['type', 'id', 'actor', 'via'])));
  });

  it('keeps what says that a fact no longer holds', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const retractions = [{ fact: 'membership/ilze-council', reason: 'Wrong' }];
    await importInto(
      store,
      buildCouncilDossier([council, chair], { retractions, uncovered: UNCOVERED_SENTENCE }),
    );
    const other = await createApp(store);
    const { body } = await get(other, '/v1/memberships/ilze-council?fields=role');
    expect(body).toEqual({
      type: 'membership',
      id: 'ilze-council',
      role: null,
      retracted: { revision: 2, reason: 'Wrong' },
    });
    const csv = (await other.inject('/v1/memberships.csv?fields=role&include=retracted')).body;
    expect(csv).toBe('id,role,retracted_revision,retracted_reason\r\nilze-council,,2,Wrong\r\n');
  });

  it('has ETags and cache entries of its own', async () => {
    const urls = ['', '?fields=name', '?fields=name,kind', '?fields=kind'].map(
      (query) => `/v1/events${query}`,
    );
    const responses = [];
    for (const url of [...urls, ...urls]) responses.push(await get(app, url));
    expect(new Set(responses.map(({ headers }) => headers['etag'])).size).toBe(4);
    expect(responses.slice(4).map(({ body }) => body)).toEqual(responses.slice(0, 4).map(({ body }) => body));
    const etag = String(responses[1]?.headers['etag']);
    expect((await get(app, '/v1/events?fields=name', { 'if-none-match': etag })).status).toBe(304);
    expect((await get(app, '/v1/events', { 'if-none-match': etag })).status).toBe(200);
  });

  it('links to the formats that have the fields, and only to those', async () => {
    const { headers } = await get(app, '/v1/events?fields=name');
    const links = [...String(headers['link']).matchAll(/<([^>]+)>; rel="alternate"/g)].map(([, url]) => url);
    expect(links).toEqual([
      '/v1/events.csv?fields=name',
      '/v1/events.ndjson?fields=name',
      '/v1/events.geojson?fields=name',
    ]);
    for (const url of links) expect((await get(app, String(url))).status).toBe(200);
    const item = await get(app, '/v1/people/joe-biden?fields=name');
    expect(item.headers['link']).toContain('/v1/people.csv?fields=name&ids=joe-biden');
    expect(item.headers['link']).not.toContain('jsonld');
    expect((await get(app, '/v1/events?fields=name', { accept: 'text/calendar' })).status).toBe(406);
    expect((await get(app, '/v1/events.ics?fields=name')).status).toBe(400);
  });

  it.each([
    ['/v1/events?fields=nmae', 'did you mean name?'],
    ['/v1/events?fields=name,speakers', '(given: "speakers")'],
    ['/v1/events/war-in-ukraine?fields=startdate', 'did you mean startDate?'],
    ['/v1/events.csv?fields=start_date', 'must be one of type, id, label, version, name, kind'],
    ['/v1/documents?fields=evidence', 'must be one of type, id, label, version, title'],
    ['/v1/events?fields=', 'must be one of'],
    ['/v1/events?feilds=name', 'did you mean fields?'],
  ])('is refused with the allowed fields: %s', async (url, detail) => {
    const { status, body } = await get(app, url);
    expect(status).toBe(400);
    expect(body.detail).toContain(detail);
    expect(body.errors[0].parameter).toBe(url.includes('feilds') ? 'feilds' : 'fields');
  });
});
