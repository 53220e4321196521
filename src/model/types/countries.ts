import * as z from 'zod';
import { COUNTRY_LIBRARY, countryByAlpha2, countryByName } from '../countries.ts';
import { type RuleBreach, resource } from '../fact-type.ts';
import { list, text } from '../fields.ts';
import type { Point } from '../place.ts';

const Country = z.strictObject({
  name: text(),
  aliases: list(text()).describe('Other names by which the country is found.'),
  alpha2: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters')
    .describe('ISO 3166-1 alpha-2 code.'),
  alpha3: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be three capital letters')
    .describe('ISO 3166-1 alpha-3 code.'),
});

export const countries = resource({
  type: 'country',
  collection: 'countries',
  summary: 'Countries, with their ISO 3166-1 codes',
  schema: Country,
  label: (country) => country.name,
  filters: { alpha2: 'alpha2', alpha3: 'alpha3' },
  sorts: ['name', 'alpha2', 'alpha3'],
  facets: [],
  point: ({ alpha2 }) => centreOf(alpha2),
  rules: codesFit,
  developing: ['name', 'aliases'],
  linkedData: {
    // There a country is a piece of land; what speaks, joins and decides is an organization.
    class: ['Country', 'GovernmentOrganization'],
    properties: { aliases: 'alternateName' },
    also: ({ alpha2, alpha3 }) => ({
      identifier: [isoCode('ISO 3166-1 alpha-2', alpha2), isoCode('ISO 3166-1 alpha-3', alpha3)],
    }),
  },
  example: 'estonia',
});

const isoCode = (propertyID: string, value: string) => ({ '@type': 'PropertyValue', propertyID, value });

/** A country has no point of its own: it is shown at its centre, which no text states and no dossier holds. */
function centreOf(alpha2: string): Point | null {
  const country = countryByAlpha2(alpha2);
  if (!country) return null;
  const [latitude, longitude] = country.latlng;
  return { latitude, longitude, precision: 'country', from: { library: COUNTRY_LIBRARY } };
}

/** Both codes belong to one country; and where the library knows the name, to the country so named. */
function codesFit({ name, alpha2, alpha3 }: z.output<typeof Country>): RuleBreach[] {
  const named = countryByName(name);
  const country = countryByAlpha2(alpha2);
  const right = named ?? country;
  const cite = right && `${right.name.common} is ${right.cca2} and ${right.cca3} in ${COUNTRY_LIBRARY}`;
  if (!country || (named && named !== country)) {
    return [{ path: ['alpha2'], message: `${alpha2} is not the code; ${cite ?? 'no country has it'}` }];
  }
  return country.cca3 === alpha3 ? [] : [{ path: ['alpha3'], message: `${alpha3} is not the code; ${cite}` }];
}
