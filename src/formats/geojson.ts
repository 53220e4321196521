/** Facts as points on a map, in GeoJSON (RFC 7946). */
import * as z from 'zod';
import type { FactType } from '../model/fact-type.ts';
import { type Point, PointPrecision } from '../model/place.ts';
import type { Fact } from '../model/response-schemas.ts';
import type { Format } from './format.ts';
import { joinList } from './list-cells.ts';
import { type Column, createRowSchema, getColumns, selectColumns, toRow } from './table-columns.ts';

const GEOJSON_MEDIA_TYPE = 'application/geo+json; charset=utf-8';

type BoundingBox = [west: number, south: number, east: number, north: number];

export const geojson: Format = {
  extension: 'geojson',
  mediaType: GEOJSON_MEDIA_TYPE,
  appliesTo: ({ getPoint }) => getPoint !== undefined,
  hasFields: true,
  title: 'GeoJSON',
  description:
    'A FeatureCollection (RFC 7946) with one feature for each fact and the columns of the CSV as properties. `precision` ' +
    'says whether the point is a site or the center of a city or a country; the center of a country never stands for a ' +
    'town. `point_source` names the source of the point. Facts without a point have the geometry null. `bbox` follows the ' +
    'features, and is omitted if none of them has a point.',
  tools: () => [{ name: "QGIS, Leaflet, MapLibre, Datawrapper's maps" }],
  schema: createCollectionSchema,
  async *serialize(pages, { factType, parameters, publicUrl }) {
    const columns = selectColumns(getColumns(factType), parameters);
    let bbox: BoundingBox | null = null;
    let separator = '\n';
    yield '{"type":"FeatureCollection","features":[';
    for await (const facts of pages) {
      let text = '';
      for (const fact of facts) {
        const point = factType.getPoint?.(fact) ?? null;
        text += separator + JSON.stringify(toFeature(fact, point, columns, publicUrl));
        if (point) bbox = extendBoundingBox(bbox, point);
        separator = ',\n';
      }
      yield text;
    }
    // The box is known only now. A response that is cut off before this line is not valid JSON.
    yield `\n]${bbox ? `,"bbox":${JSON.stringify(bbox)}` : ''}}\n`;
  },
};

function toFeature(fact: Fact, point: Point | null, columns: Column[], publicUrl: string) {
  return {
    type: 'Feature',
    id: fact.id,
    geometry: point && { type: 'Point', coordinates: [point.longitude, point.latitude] },
    properties: {
      ...toRow(fact, columns, publicUrl),
      precision: point?.precision ?? null,
      point_source: point && findPointSource(fact, point),
    },
  };
}

/** Returns the library, or the notes of the fact's inferences about the field. */
function findPointSource({ inferences }: Fact, { source }: Point): string | null {
  if ('library' in source) return source.library;
  const notes = inferences.flatMap(({ kind, fields, note }) =>
    kind === 'reference' && fields.includes(source.field) ? [note] : [],
  );
  return joinList(notes);
}

function extendBoundingBox(bbox: BoundingBox | null, { longitude, latitude }: Point): BoundingBox {
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
  .meta({ id: 'PointGeometry', description: 'A point (RFC 7946).' });

function createCollectionSchema(factType: FactType) {
  const { componentName } = factType;
  const properties = z
    .object({
      ...createRowSchema(getColumns(factType)).shape,
      precision: PointPrecision.nullable().describe('Precision of the point; null without a point.'),
      point_source: z.string().nullable().describe('Source of the point, if known.'),
    })
    .meta({ id: `${componentName}Properties` });
  const feature = z
    .object({
      type: z.literal('Feature'),
      id: z.string().describe('The id of the fact.'),
      geometry: PointGeometry.nullable(),
      properties,
    })
    .meta({ id: `${componentName}Feature` });
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
    .meta({
      id: `${componentName}FeatureCollection`,
      description: `${factType.title} on a map (RFC 7946).`,
    });
}
