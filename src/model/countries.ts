/** Country codes and centers, from the package world-countries (ISO 3166-1 and the CIA World Factbook). */
import { createRequire } from 'node:module';

interface Country {
  name: { common: string };
  cca2: string;
  cca3: string;
  latlng: [number, number];
}

/** Name and version of the package, for inferences to cite. */
export const COUNTRY_LIBRARY = 'world-countries 5.1.0';

const require = createRequire(import.meta.url);
let countriesByAlpha2: Map<string, Country> | undefined;

/** Returns the country with this ISO 3166-1 alpha-2 code. The first call loads the data. */
export function findCountryByAlpha2(alpha2: string): Country | undefined {
  return loadCountries().get(alpha2);
}

/** Returns the country with this common name, ignoring case. */
export function findCountryByName(name: string): Country | undefined {
  const lowerCaseName = name.toLowerCase();
  return loadCountries()
    .values()
    .find((country) => country.name.common.toLowerCase() === lowerCaseName);
}

/** Returns the country whose center is exactly this point. */
export function findCountryByCenter(latitude: number, longitude: number): Country | undefined {
  return loadCountries()
    .values()
    .find(({ latlng }) => latlng[0] === latitude && latlng[1] === longitude);
}

function loadCountries(): Map<string, Country> {
  countriesByAlpha2 ??= new Map(
    (require('world-countries') as Country[]).map((country) => [country.cca2, country]),
  );
  return countriesByAlpha2;
}
