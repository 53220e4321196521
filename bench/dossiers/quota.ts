/** How many facts of each type a report brings: what the first dossier has in its hundred facts. */
import { COUNTRIES } from './names.ts';

/** Of the facts in `db/dossiers/brussels-2022-03-24`, which has just a hundred beside its document. */
export const SHARES = {
  country: 15,
  organization: 10,
  person: 5,
  event: 9,
  membership: 19,
  statement: 11,
  proposal: 4,
  stance: 8,
  'sanctions-round': 5,
  'battle-group-deployment': 4,
  figure: 10,
};

export type FactType = keyof typeof SHARES;
export type Counts = Record<FactType, number>;

/** Facts in a report, its document among them. */
export const FACTS_PER_REPORT = 101;

const TYPES = Object.keys(SHARES) as FactType[];
/** How many reports bring countries: there are no more after that, and the other types take their share. */
const REPORTS_WITH_COUNTRIES = COUNTRIES / SHARES.country;
const OTHERS = 100 - SHARES.country;

/** How many there are in the first `n` reports. */
export function countsBefore(n: number): Counts {
  const early = Math.min(n, REPORTS_WITH_COUNTRIES);
  return countsBy((type) => {
    const later = type === 'country' ? 0 : Math.floor((SHARES[type] * 100 * (n - early)) / OTHERS);
    return SHARES[type] * early + later;
  });
}

/** How many the `n`-th report brings, from 0. */
export function countsIn(n: number): Counts {
  const [before, after] = [countsBefore(n), countsBefore(n + 1)];
  return countsBy((type) => after[type] - before[type]);
}

/** How many a report of so many facts has; it brings no countries. */
export const countsOfLarge = (facts: number): Counts =>
  countsBy((type) => (type === 'country' ? 0 : Math.round((SHARES[type] * facts) / OTHERS)));

const countsBy = (count: (type: FactType) => number): Counts =>
  Object.fromEntries(TYPES.map((type) => [type, count(type)])) as Counts;
