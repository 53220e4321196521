/** Points on the map: a place with a name, and a location without one. */
import * as z from 'zod';
import { COUNTRY_LIBRARY, countryByAlpha2, countryCentredAt } from './countries.ts';
import { text, vocabulary } from './fields.ts';
import { linkedParts } from './linked-data.ts';

const latitude = z.number().min(-90).max(90).describe('Degrees north of the equator, WGS 84.');
const longitude = z.number().min(-180).max(180).describe('Degrees east of Greenwich, WGS 84.');
/** How near a point is to what it stands for. */
export const PointPrecision = vocabulary(
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
  from: { field: string } | { library: string };
}

export const Place = z
  .strictObject({
    name: text(),
    countryCode: z
      .string()
      .refine((code) => countryByAlpha2(code), 'must be an ISO 3166-1 alpha-2 code, such as BE')
      .describe('ISO 3166-1 alpha-2.'),
    latitude,
    longitude,
    precision: PointPrecision,
  })
  .superRefine(notACountrysCentre)
  .superRefine(centreOfItsCountry)
  .meta({ id: 'Place', description: 'A named place with a point.' });

export const Location = z
  .strictObject({ latitude, longitude, precision: PointPrecision })
  .superRefine(notACountrysCentre)
  .meta({ id: 'Location', description: 'A point, and what it is the centre of.' });

const geo = ({ latitude, longitude }: { latitude: number; longitude: number }) => ({
  '@type': 'GeoCoordinates',
  latitude,
  longitude,
});

// The precision stays with the place: schema.org has no word for what a point is the centre of.
linkedParts.add(Place, {
  linkedData: {
    class: 'Place',
    also: (place: z.output<typeof Place>) => ({
      address: { '@type': 'PostalAddress', addressCountry: place.countryCode },
      geo: geo(place),
    }),
    instead: ['countryCode', 'latitude', 'longitude'],
  },
});

linkedParts.add(Location, {
  linkedData: {
    class: 'Place',
    also: (location: z.output<typeof Location>) => ({ geo: geo(location) }),
    instead: ['latitude', 'longitude'],
  },
});

function centreOfItsCountry(
  {
    latitude,
    longitude,
    precision,
    countryCode,
  }: { latitude: number; longitude: number; precision: string; countryCode: string },
  context: z.RefinementCtx,
): void {
  const centred = countryCentredAt(latitude, longitude);
  if (precision !== 'country' || !centred || centred.cca2 === countryCode) return;
  const message = `this is the centre of ${centred.name.common}, which is ${centred.cca2} in ${COUNTRY_LIBRARY}`;
  context.addIssue({ code: 'custom', path: ['countryCode'], message });
}

function notACountrysCentre(
  point: { latitude: number; longitude: number; precision: string },
  context: z.RefinementCtx,
): void {
  const centred = countryCentredAt(point.latitude, point.longitude);
  if (centred && point.precision !== 'country') {
    const message = `this is the centre of ${centred.name.common} in ${COUNTRY_LIBRARY}, so its precision is country`;
    context.addIssue({ code: 'custom', path: ['precision'], message });
  } else if (!centred && point.precision === 'country') {
    const message = `no country has its centre here in ${COUNTRY_LIBRARY}`;
    context.addIssue({ code: 'custom', path: ['latitude'], message });
  }
}
