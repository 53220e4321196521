/** Facts as points on a map, in GeoJSON (RFC 7946). */
import * as z from 'zod';
import type { Resource } from '../model/fact-type.ts';
import { type Point, PointPrecision } from '../model/place.ts';
import type { Fact } from '../model/response-schemas.ts';
import type { Format } from './format.ts';
import { type Column, columnsOf, rowOf, rowSchema } from './table-columns.ts';

export const GEOJSON_TYPE = 'application/geo+json; charset=utf-8';

type BoundingBox = [west: number, south: number, east: number, north: number];

export const geojson: Format = {
  extension: 'geojson',
  mediaType: GEOJSON_TYPE,
  fits: ({ point }) => point !== undefined,
  title: 'GeoJSON',
  describe: () =>
    'A FeatureCollection by RFC 7946, one feature a fact, with the columns of the CSV as its properties. `precision` says ' +
    'what the point is the centre of: that of a country never stands for a town. `point_source` says where the point comes ' +
    'from. Facts without a point have the geometry null. `bbox` stands after the features, and is left out if none has a point.',
  tools: () => [{ tool: "QGIS, Leaflet, MapLibre, Datawrapper's maps" }],
  schema: collectionSchema,
  async *write(pages, { resource, publicUrl }) {
    const columns = columnsOf(resource);
    let bbox: BoundingBox | null = null;
    let separator = '\n';
    yield '{"type":"FeatureCollection","features":[';
    for await (const facts of pages) {
      let text = '';
      for (const fact of facts) {
        const point = resource.point?.(fact) ?? null;
        text += separator + JSON.stringify(featureOf(fact, point, columns, publicUrl));
        if (point) bbox = extended(bbox, point);
        separator = ',\n';
      }
      yield text;
    }
    // Only now is it known; and an answer that was cut off before is no JSON.
    yield `\n]${bbox ? `,"bbox":${JSON.stringify(bbox)}` : ''}}\n`;
  },
};

function featureOf(fact: Fact, point: Point | null, columns: Column[], publicUrl: string) {
  return {
    type: 'Feature',
    id: fact.id,
    geometry: point && { type: 'Point', coordinates: [point.longitude, point.latitude] },
    properties: {
      ...rowOf(fact, columns, publicUrl),
      precision: point?.precision ?? null,
      point_source: point && sourceOf(fact, point),
    },
  };
}

/** The library, or what the fact's own inferences say of the field. */
function sourceOf({ inferences }: Fact, { from }: Point): string | null {
  if ('library' in from) return from.library;
  const notes = inferences.flatMap(({ kind, fields, note }) =>
    kind === 'reference' && fields.includes(from.field) ? [note] : [],
  );
  return notes.length > 0 ? notes.join('; ') : null;
}

function extended(bbox: BoundingBox | null, { longitude, latitude }: Point): BoundingBox {
  if (!bbox) return [longitude, latitude, longitude, latitude];
  const [west, south, east, north] = bbox;
  return [
    Math.min(west, longitude),
    Math.min(south, latitude),
    Math.max(east, longitude),
    Math.max(north, latitude),
  ];
}

const PointGeometry = z
  .object({
    type: z.literal('Point'),
    coordinates: z.array(z.number()).length(2).describe('Longitude, then latitude, in degrees (WGS 84).'),
  })
  .meta({ id: 'PointGeometry', description: 'A point by RFC 7946.' });

function collectionSchema(resource: Resource) {
  const { component } = resource;
  const properties = z
    .object({
      ...rowSchema(columnsOf(resource)).shape,
      precision: PointPrecision.nullable().describe(
        'What the point is the centre of; null where there is none.',
      ),
      point_source: z.string().nullable().describe('Where the point comes from, if that is known.'),
    })
    .meta({ id: `${component}Properties` });
  const feature = z
    .object({
      type: z.literal('Feature'),
      id: z.string().describe('The id of the fact.'),
      geometry: PointGeometry.nullable(),
      properties,
    })
    .meta({ id: `${component}Feature` });
  return z
    .object({
      type: z.literal('FeatureCollection'),
      features: z.array(feature),
      bbox: z
        .array(z.number())
        .length(4)
        .optional()
        .describe(
          'The westernmost longitude, southernmost latitude, easternmost longitude, northernmost latitude.',
        ),
    })
    .meta({ id: `${component}FeatureCollection`, description: `${resource.title} on a map, by RFC 7946.` });
}
