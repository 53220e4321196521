/** What things are called: plainly invented, the k-th of a kind the same in every archive. */
import { createRequire } from 'node:module';

/** No more countries than there are codes for, and the first reports bring fifteen each. */
export const COUNTRIES = 240;

const STEMS =
  'Alder Bram Corv Drav Elm Falk Gorm Harv Ister Jov Kald Lorn Marv Norv Orl Pell Quor Rav Sund Torv Urb Vald Wern Yar'.split(
    ' ',
  );
const LANDS = ['land', 'mark', 'ovia', 'istan', 'onia', 'gard', 'heim', 'esia', 'aria', 'ania'];
const FIRST_NAMES =
  'Anna Jānis Ilze José Márta Søren Zoë Pavel Inês Björn Chloé Tomás Eva Karel Nadia Ümit Réka Olga Luís'.split(
    ' ',
  );
const LAST_NAMES =
  'Bērziņš Nowak Müller García Dubois Kovács Andersson Silva Rossi Ozols Novák Ionescu Petrov Jensen Weiß Šimić Horváth Lindqvist Moreau Papadakis Vīksna Çelik Kralj'.split(
    ' ',
  );
const NOUNS =
  'grain energy fisheries borders sanctions climate trade satellites rail ports steel water visas medicine timber credit customs airspace cables gas tariffs research pensions rivers nickel roads wages seeds privacy'.split(
    ' ',
  );
const ADJECTIVES =
  'coastal joint northern cheap maritime digital common rural urban private shared alpine heavy surplus disputed winter transit'.split(
    ' ',
  );
const PLACES = ['Port', 'New', 'Old', 'Saint', 'Upper', 'Lower', 'East'];

const pick = (values: readonly string[], k: number) => values[k % values.length] as string;

export const countryName = (k: number): string => pick(STEMS, k) + pick(LANDS, Math.floor(k / STEMS.length));

/** The code and the centre that an invented country has on loan. */
export interface Land {
  cca2: string;
  cca3: string;
  latlng: [number, number];
}

const library = createRequire(import.meta.url)('world-countries') as Land[];
const lands = library.toSorted((a, b) => (a.cca2 < b.cca2 ? -1 : 1)).slice(0, COUNTRIES);

export const land = (k: number): Land => lands[k % COUNTRIES] as Land;

export interface PersonName {
  full: string;
  last: string;
}

export function personName(k: number): PersonName {
  const last = `${pick(LAST_NAMES, k)} ${k}`;
  return { full: `${pick(FIRST_NAMES, k)} ${last}`, last };
}

export interface OrganizationName {
  full: string;
  kind: string;
  abbreviation?: string;
  /** Which country's organ it is. */
  country?: number;
}

/** Of ten, as many of each kind as in the first dossier. */
export function organizationName(k: number): OrganizationName {
  const stem = pick(STEMS, k);
  const short = (letter: string) => `${stem[0]}${letter}${k}`;
  switch (k % 10) {
    case 0:
      return { full: `${stem} Pact ${k}`, kind: 'alliance', abbreviation: short('P') };
    case 1:
      return { full: `${stem} Union ${k}`, kind: 'union', abbreviation: short('U') };
    case 2:
      return { full: `${stem} Forum ${k}`, kind: 'forum', abbreviation: short('F') };
    case 3:
    case 4: {
      // One of the first report's, so that every report knows it.
      const country = k % 15;
      return { full: `Chancellery ${k} of ${countryName(country)}`, kind: 'government-office', country };
    }
    case 5:
      return { full: `${stem} States ${k}`, kind: 'country-group' };
    default:
      return { full: `Leaders ${k} of the ${stem} talks`, kind: 'group' };
  }
}

/** The first are single words; with a large archive there are topics that hardly anybody has. */
export function topicName(k: number): string {
  if (k < NOUNS.length) return pick(NOUNS, k);
  const name = `${pick(ADJECTIVES, k)} ${pick(NOUNS, k)}`;
  return k < NOUNS.length * ADJECTIVES.length ? name : `${name} ${k}`;
}

export interface City {
  name: string;
  countryCode: string;
  latitude: number;
  longitude: number;
  precision: 'city';
}

/** Beside the centre of a country, which never stands for a town. */
export function city(k: number): City {
  const { cca2, latlng } = land(k);
  const [latitude, longitude] = latlng.map((degrees) => degrees + (degrees > 0 ? -0.37 : 0.37)) as [
    number,
    number,
  ];
  const name = `${pick(PLACES, k)} ${pick(STEMS, k)}`;
  const rounded = (degrees: number) => Math.round(degrees * 10_000) / 10_000;
  return {
    name: k < PLACES.length * STEMS.length ? name : `${name} ${k}`,
    countryCode: cca2,
    latitude: rounded(latitude),
    longitude: rounded(longitude),
    precision: 'city',
  };
}
