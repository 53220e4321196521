/** Points on the map: a place with a name, and a location without one. */
import * as z from 'zod';
import { COUNTRY_LIBRARY, findCountryByAlpha2, findCountryByCenter } from './countries.ts';
import { closedVocabulary, text } from './fields.ts';
import { linkedDataRegistry } from './linked-data.ts';

const latitudeSchema = z.number().min(-90).max(90).describe('Latitude in degrees north, WGS 84.');
const longitudeSchema = z.number().min(-180).max(180).describe('Longitude in degrees east, WGS 84.');
export const PointPrecision = closedVocabulary(
  'PointPrecision',
  ['site', 'city', 'country'],
  'Kind of area that the point is the center of. The center of a country never represents a town.',
);

/** Position of a fact on maps. */
export interface Point {
  latitude: number;
  longitude: number;
  precision: z.output<typeof PointPrecision>;
  /** Field that holds the point, whose inferences name its origin; or library that it was looked up in. */
  source: { field: string } | { library: string };
}

export const Place = z
  .strictObject({
    name: text().describe('Name of the place.'),
    countryCode: z
      .string()
      .refine((code) => findCountryByAlpha2(code), 'must be an ISO 3166-1 alpha-2 code, such as BE')
      .describe('ISO 3166-1 alpha-2 code of the country, such as BE.'),
    latitude: latitudeSchema,
    longitude: longitudeSchema,
    precision: PointPrecision,
  })
  .superRefine(checkCenterPrecision)
  .superRefine(checkCenterCountry)
  .meta({ id: 'Place', description: 'Named place with a point.' });

export const Location = z
  .strictObject({ latitude: latitudeSchema, longitude: longitudeSchema, precision: PointPrecision })
  .superRefine(checkCenterPrecision)
  .meta({ id: 'Location', description: 'Point without a name, with its precision.' });

const toGeoCoordinates = ({ latitude, longitude }: { latitude: number; longitude: number }) => ({
  '@type': 'GeoCoordinates',
  latitude,
  longitude,
});

// The precision keeps the project's own property: schema.org has none for it.
linkedDataRegistry.add(Place, {
  linkedData: {
    classes: 'Place',
    getAdditionalProperties: (place: z.output<typeof Place>) => ({
      address: { '@type': 'PostalAddress', addressCountry: place.countryCode },
      geo: toGeoCoordinates(place),
    }),
    replacedFields: ['countryCode', 'latitude', 'longitude'],
  },
});

linkedDataRegistry.add(Location, {
  linkedData: {
    classes: 'Place',
    getAdditionalProperties: (location: z.output<typeof Location>) => ({ geo: toGeoCoordinates(location) }),
    replacedFields: ['latitude', 'longitude'],
  },
});

function checkCenterCountry(
  {
    latitude,
    longitude,
    precision,
    countryCode,
  }: { latitude: number; longitude: number; precision: string; countryCode: string },
  context: z.RefinementCtx,
): void {
  const country = findCountryByCenter(latitude, longitude);
  if (precision !== 'country' || !country || country.cca2 === countryCode) return;
  const message = `this is the center of ${country.name.common}, whose code is ${country.cca2} in ${COUNTRY_LIBRARY}`;
  context.addIssue({ code: 'custom', path: ['countryCode'], message });
}

function checkCenterPrecision(
  point: { latitude: number; longitude: number; precision: string },
  context: z.RefinementCtx,
): void {
  const country = findCountryByCenter(point.latitude, point.longitude);
  if (country && point.precision !== 'country') {
    const message = `must be country; the point is the center of ${country.name.common} in ${COUNTRY_LIBRARY}`;
    context.addIssue({ code: 'custom', path: ['precision'], message });
  } else if (!country && point.precision === 'country') {
    const message = `with precision country, the point must be the center of a country in ${COUNTRY_LIBRARY}`;
    context.addIssue({ code: 'custom', path: ['latitude'], message });
  }
}
