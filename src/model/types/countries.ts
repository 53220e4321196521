import * as z from 'zod';
import { COUNTRY_LIBRARY, findCountryByAlpha2, findCountryByName } from '../countries.ts';
import { defineFactType, type RuleViolation } from '../fact-type.ts';
import { list, text } from '../fields.ts';
import type { Point } from '../place.ts';

const Country = z.strictObject({
  name: text().describe('Common name in English.'),
  aliases: list(text()).describe('Other names by which readers may search.'),
  alpha2: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two uppercase letters, such as EE')
    .describe('ISO 3166-1 alpha-2 code, such as EE.'),
  alpha3: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be three uppercase letters, such as EST')
    .describe('ISO 3166-1 alpha-3 code, such as EST.'),
});

export const countries = defineFactType({
  type: 'country',
  collection: 'countries',
  summary: 'Countries, with their ISO 3166-1 codes',
  schema: Country,
  getLabel: (country) => country.name,
  namingFields: ['name'],
  filters: { alpha2: 'alpha2', alpha3: 'alpha3' },
  sorts: ['name', 'alpha2', 'alpha3'],
  facets: [],
  getPoint: ({ alpha2 }) => getCountryCenter(alpha2),
  checkRules: checkCodes,
  developableFields: ['name', 'aliases'],
  linkedData: {
    // In schema.org, a Country is a territory. Only an organization can speak, join and decide.
    classes: ['Country', 'GovernmentOrganization'],
    properties: { aliases: 'alternateName' },
    getAdditionalProperties: ({ alpha2, alpha3 }) => ({
      identifier: [
        toIsoIdentifier('ISO 3166-1 alpha-2', alpha2),
        toIsoIdentifier('ISO 3166-1 alpha-3', alpha3),
      ],
    }),
  },
  exampleId: 'estonia',
});

const toIsoIdentifier = (propertyID: string, value: string) => ({
  '@type': 'PropertyValue',
  propertyID,
  value,
});

/** Returns the center of a country from the library. No text states the point, and no dossier holds it. */
function getCountryCenter(alpha2: string): Point | null {
  const country = findCountryByAlpha2(alpha2);
  if (!country) return null;
  const [latitude, longitude] = country.latlng;
  return { latitude, longitude, precision: 'country', source: { library: COUNTRY_LIBRARY } };
}

/** Checks that both codes belong to the same country, and to the one of this name if the library has it. */
function checkCodes({ name, alpha2, alpha3 }: z.output<typeof Country>): RuleViolation[] {
  const namedCountry = findCountryByName(name);
  const country = findCountryByAlpha2(alpha2);
  const expectedCountry = namedCountry ?? country;
  const citation =
    expectedCountry &&
    `${expectedCountry.name.common} is ${expectedCountry.cca2} and ${expectedCountry.cca3} in ${COUNTRY_LIBRARY}`;
  if (!country || (namedCountry && namedCountry !== country)) {
    return [{ path: ['alpha2'], message: `${alpha2} is the wrong code; ${citation ?? 'no country has it'}` }];
  }
  return country.cca3 === alpha3
    ? []
    : [{ path: ['alpha3'], message: `${alpha3} is the wrong code; ${citation}` }];
}
