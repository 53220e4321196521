/** Maps: valid according to RFC 7946, with points in the right country, and rendered with a map library. */
import { geoEquirectangular, geoMercator, geoPath } from 'd3-geo';
import type { FastifyInstance } from 'fastify';
import type { Feature, FeatureCollection, Point } from 'geojson';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp, createSeededApp, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';

const MAP_COLLECTIONS = ['events', 'battle-group-deployments', 'countries'];

type FactFeatures = FeatureCollection<Point | null, Record<string, string | number | boolean | null>>;

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp({ publicUrl: 'https://facts.example' });
});

async function fetchMap(collection: string, query = '', targetApp = app): Promise<FactFeatures> {
  const { status, headers, body } = await get(targetApp, `/v1/${collection}.geojson${query}`);
  expect([status, headers['content-type']]).toEqual([200, 'application/geo+json; charset=utf-8']);
  return body;
}

const getPositions = ({ features }: FactFeatures): number[][] =>
  features.flatMap(({ geometry }) => (geometry ? [geometry.coordinates] : []));

/** Checks the requirements of RFC 7946 for a collection of points. */
function expectValidGeoJson(collection: FactFeatures): void {
  // Section 7.1: no members of other kinds of objects, and no `crs` of the format's earlier versions.
  expect(Object.keys(collection).filter((key) => key !== 'bbox')).toEqual(['type', 'features']);
  expect(collection.type).toBe('FeatureCollection');
  for (const feature of collection.features) {
    expect(Object.keys(feature)).toEqual(['type', 'id', 'geometry', 'properties']);
    expect(feature.type).toBe('Feature');
    expect(feature.id).toEqual(expect.stringMatching(/^[a-z0-9-]+$/));
    if (feature.geometry === null) continue;
    expect(Object.keys(feature.geometry)).toEqual(['type', 'coordinates']);
    expect(feature.geometry.type).toBe('Point');
    const [longitude, latitude, ...more] = feature.geometry.coordinates as [number, number];
    expect(more).toEqual([]);
    expect(Math.abs(longitude)).toBeLessThanOrEqual(180);
    expect(Math.abs(latitude)).toBeLessThanOrEqual(90);
  }
  const positions = getPositions(collection);
  const [longitudes, latitudes] = [0, 1].map((axis) => positions.map((each) => each[axis] as number));
  const edges = (values: number[] = [], pick: (...all: number[]) => number) => pick(...values);
  expect(collection.bbox).toEqual(
    positions.length === 0
      ? undefined
      : [
          edges(longitudes, Math.min),
          edges(latitudes, Math.min),
          edges(longitudes, Math.max),
          edges(latitudes, Math.max),
        ],
  );
}

describe.each(MAP_COLLECTIONS)('%s', (collection) => {
  it('is a valid collection of every fact, in the order of the list', async () => {
    const map = await fetchMap(collection);
    expectValidGeoJson(map);
    const { body } = await get(app, `/v1/${collection}?limit=200`);
    expect(map.features.map(({ id }) => id)).toEqual(body.data.map(({ id }: Json) => id));
  });

  it('has flat properties, with the precision and the source of the point', async () => {
    const { features } = await fetchMap(collection);
    for (const { geometry, properties } of features) {
      for (const value of Object.values(properties))
        expect(value === null || typeof value !== 'object').toBe(true);
      const { precision, point_source } = properties;
      if (geometry === null) expect([precision, point_source]).toEqual([null, null]);
      else {
        expect(['site', 'city', 'country']).toContain(precision);
        expect(point_source).toMatch(precision === 'country' ? /world-countries 5\.1\.0/ : /city-timezones/);
      }
    }
  });

  it('is rendered by d3-geo with every point inside the frame', async () => {
    const map = await fetchMap(collection);
    const [width, height] = [800, 500];
    for (const projection of [geoEquirectangular(), geoMercator()]) {
      projection.fitExtent(
        [
          [20, 20],
          [width - 20, height - 20],
        ],
        map as Parameters<typeof projection.fitExtent>[1],
      );
      const path = geoPath(projection).pointRadius(5);
      const svgPaths = map.features.map((feature) => path(feature as Feature<Point>));
      for (const [index, { geometry }] of map.features.entries()) {
        if (geometry === null) {
          expect(svgPaths[index]).toBeNull();
          continue;
        }
        expect(svgPaths[index]).toMatch(/^M[\d.]+,[\d.]+m0,5a5,5/);
        const [x, y] = projection(geometry.coordinates as [number, number]) as [number, number];
        expect(x).toBeGreaterThan(19);
        expect(x).toBeLessThan(width - 19);
        expect(y).toBeGreaterThan(19);
        expect(y).toBeLessThan(height - 19);
      }
    }
  });
});

it('has longitude before latitude, and numbers as numbers', async () => {
  const { features, bbox } = await fetchMap('events', '?ids=eu-summit-2022-03-24');
  expect(bbox).toEqual([4.333316608, 50.83331708, 4.333316608, 50.83331708]);
  expect(features).toHaveLength(1);
  expect(features[0]).toMatchObject({
    id: 'eu-summit-2022-03-24',
    geometry: { type: 'Point', coordinates: [4.333316608, 50.83331708] },
    properties: {
      label: "EU leaders' summit",
      place: 'Brussels',
      latitude: 50.83331708,
      precision: 'city',
      point_source:
        "Code and point of Brussels from Natural Earth's populated places, in city-timezones 1.3.4",
      source_id: 'brussels-2022-03-24',
      version: 1,
      permalink: 'https://facts.example/events/eu-summit-2022-03-24',
    },
  });
});

it('puts each battle group in its host country', async () => {
  const { features } = await fetchMap('battle-group-deployments');
  const hosts = features.map(({ properties, geometry }) => [
    properties['host_country_id'],
    geometry?.coordinates,
  ]);
  expect(hosts).toEqual([
    ['bulgaria', [25, 43]],
    ['hungary', [20, 47]],
    ['romania', [25, 46]],
    ['slovakia', [19.5, 48.66666666]],
  ]);
});

it('puts a country at its center and names the library that the point is from', async () => {
  const { features } = await fetchMap('countries', '?ids=estonia');
  expect(features[0]).toMatchObject({
    geometry: { type: 'Point', coordinates: [26, 59] },
    properties: { alpha2: 'EE', precision: 'country', point_source: 'world-countries 5.1.0' },
  });
});

it('includes facts without a point, and omits bbox if there are no points', async () => {
  const map = await fetchMap('events', '?ids=zelensky-address-nato-2022-03-24');
  expect(map.features).toHaveLength(1);
  expect(map.features[0]?.geometry).toBeNull();
  expect(map).not.toHaveProperty('bbox');
  const { body } = await get(await createEmptyApp(), '/v1/events.geojson');
  expect(body).toEqual({ type: 'FeatureCollection', features: [] });
});

const createEmptyApp = async () => createApp(await createStore());

it('includes all facts across several pages', async () => {
  const createEvent = (index: number, latitude: number, longitude: number) => ({
    id: `m${String(index).padStart(4, '0')}`,
    place: { name: 'Somewhere', countryCode: 'NO', latitude, longitude, precision: 'site' },
  });
  const events = Array.from({ length: 1_001 }, (_, index) => createEvent(index, 60, 10 + index / 1_000));
  events[0] = createEvent(0, 71.5, 31.5);
  events[1_000] = createEvent(1_000, 57.5, -9.5);
  const store = await createStore();
  await importInto(store, buildEventDossier(events));
  const map = await fetchMap('events', '', await createApp(store));
  expect(map.features).toHaveLength(1_001);
  expectValidGeoJson(map);
  expect(map.bbox).toEqual([-9.5, 57.5, 31.5, 71.5]);
});

it('is invalid JSON if truncated at any position', async () => {
  const response = await app.inject({ url: '/v1/countries.geojson' });
  const body = response.body.trimEnd();
  for (let end = 1; end < body.length; end += 1) {
    expect(() => JSON.parse(body.slice(0, end))).toThrow();
  }
});

it('takes the filters of the list, and responds with 304', async () => {
  const { features } = await fetchMap('events', '?countryCode=UA');
  expect(features.map(({ id }) => id)).toEqual(['war-in-ukraine']);
  const url = '/v1/events.geojson?countryCode=UA';
  const { headers } = await get(app, url);
  expect((await get(app, url, { 'if-none-match': headers['etag'] as string })).status).toBe(304);
  const { status, body } = await get(app, '/v1/events.geojson?limit=5');
  expect([status, body.errors[0].parameter]).toEqual([400, 'limit']);
});

it('is available only for types with points', async () => {
  expect((await get(app, '/v1/people.geojson')).status).toBe(404);
});
