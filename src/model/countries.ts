/** Country codes and centres, from the package world-countries (ISO 3166-1 and the CIA World Factbook). */
import { createRequire } from 'node:module';

interface Country {
  name: { common: string };
  cca2: string;
  cca3: string;
  latlng: [number, number];
}

/** What notes on codes and centres cite. */
export const COUNTRY_LIBRARY = 'world-countries 5.1.0';

const require = createRequire(import.meta.url);
let byAlpha2: Map<string, Country> | undefined;

/** The country with this ISO 3166-1 alpha-2 code. The data is read at the first question. */
export function countryByAlpha2(alpha2: string): Country | undefined {
  return countries().get(alpha2);
}

/** The country whose common name is `name`, in whatever case. */
export function countryByName(name: string): Country | undefined {
  const wanted = name.toLowerCase();
  return countries()
    .values()
    .find((country) => country.name.common.toLowerCase() === wanted);
}

/** The country of which this very point is the centre. */
export function countryCentredAt(latitude: number, longitude: number): Country | undefined {
  return countries()
    .values()
    .find(({ latlng }) => latlng[0] === latitude && latlng[1] === longitude);
}

function countries(): Map<string, Country> {
  byAlpha2 ??= new Map((require('world-countries') as Country[]).map((country) => [country.cca2, country]));
  return byAlpha2;
}
