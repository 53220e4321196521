/** Points on the map: a place with a name, and a location without one. */
import * as z from 'zod';
import { COUNTRY_LIBRARY, findCountryByAlpha2, findCountryByCenter } from './countries.ts';
import { closedVocabulary, text } from './fields.ts';
import { linkedDataRegistry } from './linked-data.ts';

const latitudeSchema = z.number().min(-90).max(90).describe('Degrees north of the equator, WGS 84.');
const longitudeSchema = z.number().min(-180).max(180).describe('Degrees east of Greenwich, WGS 84.');
/** How near a point is to what it stands for. */
export const PointPrecision = closedVocabulary(
  'PointPrecision',
  ['site', 'city', 'country'],
  "What the point is the centre of. A country's centre never stands for a town.",
);

/** Where a fact is, for maps. */
export interface Point {
  latitude: number;
  longitude: number;
  precision: z.output<typeof PointPrecision>;
  /** The field that holds it, whose inferences say where it comes from; or the library that it was looked up in. */
  source: { field: string } | { library: string };
}

export const Place = z
  .strictObject({
    name: text(),
    countryCode: z
      .string()
      .refine((code) => findCountryByAlpha2(code), 'must be an ISO 3166-1 alpha-2 code, such as BE')
      .describe('ISO 3166-1 alpha-2.'),
    latitude: latitudeSchema,
    longitude: longitudeSchema,
    precision: PointPrecision,
  })
  .superRefine(checkCenterPrecision)
  .superRefine(checkCenterCountry)
  .meta({ id: 'Place', description: 'A named place with a point.' });

export const Location = z
  .strictObject({ latitude: latitudeSchema, longitude: longitudeSchema, precision: PointPrecision })
  .superRefine(checkCenterPrecision)
  .meta({ id: 'Location', description: 'A point, and what it is the centre of.' });

const toGeoCoordinates = ({ latitude, longitude }: { latitude: number; longitude: number }) => ({
  '@type': 'GeoCoordinates',
  latitude,
  longitude,
});

// The precision stays with the place: schema.org has no word for what a point is the centre of.
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
  const message = `this is the centre of ${country.name.common}, which is ${country.cca2} in ${COUNTRY_LIBRARY}`;
  context.addIssue({ code: 'custom', path: ['countryCode'], message });
}

function checkCenterPrecision(
  point: { latitude: number; longitude: number; precision: string },
  context: z.RefinementCtx,
): void {
  const country = findCountryByCenter(point.latitude, point.longitude);
  if (country && point.precision !== 'country') {
    const message = `this is the centre of ${country.name.common} in ${COUNTRY_LIBRARY}, so its precision is country`;
    context.addIssue({ code: 'custom', path: ['precision'], message });
  } else if (!country && point.precision === 'country') {
    const message = `no country has its centre here in ${COUNTRY_LIBRARY}`;
    context.addIssue({ code: 'custom', path: ['latitude'], message });
  }
}
