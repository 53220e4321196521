import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../../src/model/types/index.ts';
import { createApp, createSeededApp, createStore, get, importInto, type Json } from '../../support/app.ts';
import { buildEventDossier } from '../../support/dossier-builder.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

const fetchFacets = async (url: string): Promise<Json[]> => {
  const { status, body } = await get(app, url);
  expect([status, body.errors]).toEqual([200, undefined]);
  return body.data;
};

describe('facets', () => {
  it('count values of several fields', async () => {
    expect(await fetchFacets('/v1/battle-group-deployments/facets?by=status,hostCountry')).toEqual([
      { field: 'status', distinct: 1, values: [{ value: 'announced', label: 'announced', count: 4 }] },
      {
        field: 'hostCountry',
        distinct: 4,
        values: ['Bulgaria', 'Hungary', 'Romania', 'Slovakia'].map((label) => ({
          value: label.toLowerCase(),
          label,
          count: 1,
        })),
      },
    ]);
  });

  it('count the filtered facts only', async () => {
    const [speakers] = await fetchFacets('/v1/statements/facets?by=speaker&mode=direct');
    expect(speakers.values).toEqual([
      { value: 'person/jens-stoltenberg', label: 'Jens Stoltenberg', count: 2 },
      { value: 'person/kaja-kallas', label: 'Kaja Kallas', count: 1 },
    ]);
  });

  it('count facts without a value as none if the filter takes none', async () => {
    const [country] = await fetchFacets('/v1/organizations/facets?by=country');
    expect(country.values).toEqual([
      { value: 'none', label: 'none', count: 8 },
      { value: 'russia', label: 'Russia', count: 1 },
      { value: 'united-states', label: 'United States', count: 1 },
    ]);
  });

  it('sort none by its text among typed references', async () => {
    const [speakers] = await fetchFacets('/v1/statements/facets?by=speaker');
    expect(speakers.values.map(({ value, count }: Json) => `${count} ${value}`)).toEqual([
      '3 none',
      '3 person/jens-stoltenberg',
      '2 organization/leaders',
      '2 person/kaja-kallas',
      '1 organization/white-house',
    ]);
  });

  it('return numbers in numeric order, as the filter takes them', async () => {
    const [ordinals] = await fetchFacets('/v1/sanctions-rounds/facets?by=ordinal');
    expect(ordinals.values.map(({ value }: Json) => value)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('count the distinct values beyond the limit', async () => {
    const [about] = await fetchFacets('/v1/statements/facets?by=about&limit=1');
    expect(about).toEqual({
      field: 'about',
      distinct: 12,
      values: [{ value: 'country/russia', label: 'Russia', count: 5 }],
    });
  });

  it('count inferred fields', async () => {
    const [fields] = await fetchFacets('/v1/battle-group-deployments/facets?by=inferred');
    expect(fields.values.map(({ value }: Json) => value)).toEqual([
      'alliance',
      'announcedOn',
      'hostCountry',
      'inResponseTo',
      'location',
    ]);
  });

  it.each(
    factTypes,
  )('of $collection: filtering by a value returns as many facts as were counted', async (factType) => {
    const { collection, facetNames } = factType;
    const facets = await fetchFacets(`/v1/${collection}/facets?by=${facetNames.join(',')}`);
    expect(facets.map(({ field }: Json) => field)).toEqual(facetNames);
    for (const { field, values } of facets) {
      expect(values.length, field).toBe(new Set(values.map(({ value }: Json) => value)).size);
      for (const { value, count } of values) {
        const query = `${field}=${encodeURIComponent(value)}&count=true&limit=1`;
        const { body } = await get(app, `/v1/${collection}?${query}`);
        expect([query, body.meta?.total]).toEqual([query, count]);
      }
    }
  });

  it('count at a past revision, and sort by count, then by value', async () => {
    const store = await createStore();
    const history = await createApp(store);
    const kinds = ['war', 'summit', 'address', 'summit', 'meeting', 'war'];
    await importInto(store, buildEventDossier(kinds.map((kind, n) => ({ id: `e${n}`, kind }))));
    await importInto(store, buildEventDossier(kinds.map((_, n) => ({ id: `e${n}`, kind: 'talk' }))));
    const fetchKinds = async (query: string) => {
      const { body } = await get(history, `/v1/events/facets?by=kind${query}`);
      return body.data[0].values.map(({ value, count }: Json) => `${value} ${count}`);
    };
    expect(await fetchKinds('&asOf=1')).toEqual(['summit 2', 'war 2', 'address 1', 'meeting 1']);
    expect(await fetchKinds('')).toEqual(['talk 6']);
  });

  it('return long values in full', async () => {
    const store = await createStore();
    const long = await createApp(store);
    const longName = 'x'.repeat(400);
    const event = {
      id: 'a',
      participants: [{ actor: 'organization/o', role: 'r', attendance: 'unspecified' }],
    };
    const dossier = buildEventDossier([event]);
    const organization = {
      type: 'organization',
      id: 'o',
      name: 'O',
      kind: 'group',
      evidence: [{ quote: 'Meeting a', supports: ['name', 'kind'] }],
    };
    const person = {
      type: 'person',
      id: 'p',
      name: 'P',
      posts: [{ title: longName, of: 'organization/o' }],
      evidence: [{ quote: 'Meeting a', supports: ['name', 'posts'] }],
    };
    const { parse, stringify } = await import('yaml');
    const facts = parse(dossier.facts);
    await importInto(store, {
      ...dossier,
      facts: stringify({ ...facts, facts: [...facts.facts, organization, person] }),
    });
    const { body } = await get(long, '/v1/people/facets?by=postTitle');
    expect(body.data[0].values).toEqual([{ value: longName, label: longName, count: 1 }]);
  });
});
