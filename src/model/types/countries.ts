import * as z from 'zod';
import { COUNTRY_LIBRARY, findCountryByAlpha2, findCountryByName } from '../countries.ts';
import { defineFactType, type RuleViolation } from '../fact-type.ts';
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

export const countries = defineFactType({
  type: 'country',
  collection: 'countries',
  summary: 'Countries, with their ISO 3166-1 codes',
  schema: Country,
  getLabel: (country) => country.name,
  filters: { alpha2: 'alpha2', alpha3: 'alpha3' },
  sorts: ['name', 'alpha2', 'alpha3'],
  facets: [],
  getPoint: ({ alpha2 }) => getCountryCenter(alpha2),
  checkRules: checkCodes,
  developableFields: ['name', 'aliases'],
  linkedData: {
    // There a country is a piece of land; what speaks, joins and decides is an organization.
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

/** A country has no point of its own: it is shown at its centre, which no text states and no dossier holds. */
function getCountryCenter(alpha2: string): Point | null {
  const country = findCountryByAlpha2(alpha2);
  if (!country) return null;
  const [latitude, longitude] = country.latlng;
  return { latitude, longitude, precision: 'country', source: { library: COUNTRY_LIBRARY } };
}

/** Both codes belong to one country; and where the library knows the name, to the country so named. */
function checkCodes({ name, alpha2, alpha3 }: z.output<typeof Country>): RuleViolation[] {
  const namedCountry = findCountryByName(name);
  const country = findCountryByAlpha2(alpha2);
  const expectedCountry = namedCountry ?? country;
  const citation =
    expectedCountry &&
    `${expectedCountry.name.common} is ${expectedCountry.cca2} and ${expectedCountry.cca3} in ${COUNTRY_LIBRARY}`;
  if (!country || (namedCountry && namedCountry !== country)) {
    return [{ path: ['alpha2'], message: `${alpha2} is not the code; ${citation ?? 'no country has it'}` }];
  }
  return country.cca3 === alpha3
    ? []
    : [{ path: ['alpha3'], message: `${alpha3} is not the code; ${citation}` }];
}
