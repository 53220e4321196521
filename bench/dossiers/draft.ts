/** A report as it is being made: what its parts write their lines and facts into, and whom they may speak of. */
import { countryName, organizationName, personName } from './names.ts';
import type { Counts, FactType } from './quota.ts';
import type { Random } from './random.ts';
import type { Text } from './text.ts';

export interface Draft {
  /** Which report it is, from 0. */
  n: number;
  /** 2 if facts of it are worded otherwise than at first. */
  edition: number;
  publishedOn: string;
  random: Random;
  text: Text;
  /** How many facts of each type it brings, and how many the reports before it brought. */
  counts: Counts;
  before: Counts;
  facts: Record<string, unknown>[];
}

/** Somebody, or a country, that a report speaks of. */
export interface Actor {
  type: 'person' | 'organization' | 'country';
  name: string;
  reference: string;
}

/** Countries, organizations and people are shared: they are counted over all reports. */
export const sharedId = (type: Actor['type'], k: number): string => `${type}-${k}`;

export const reportId = (n: number): string => `report-${String(n).padStart(5, '0')}`;

/** All else is of one report, and counted in it. */
export const ownId = (n: number, type: FactType, i: number): string => `${reportId(n)}-${type}-${i}`;

export const ownReference = ({ n }: Pick<Draft, 'n'>, type: FactType, i: number): string =>
  `${type}/${ownId(n, type, i)}`;

export function actor(type: Actor['type'], k: number): Actor {
  return { type, name: NAMES[type](k), reference: `${type}/${sharedId(type, k)}` };
}

const NAMES = {
  person: (k: number) => personName(k).full,
  organization: (k: number) => organizationName(k).full,
  country: countryName,
};

/** How many of a kind are known by the end of the report. */
export const known = ({ before, counts }: Draft, type: Actor['type']): number => before[type] + counts[type];

/** One whom the reports have named so far: the first of each kind are spoken of the most. */
export const someone = (draft: Draft, type: Actor['type']): Actor =>
  actor(type, draft.random.rank(known(draft, type)));

/** So many different ones. */
export const several = (draft: Draft, type: Actor['type'], count: number): Actor[] =>
  draft.random.ranks(count, known(draft, type)).map((k) => actor(type, k));

/** Mostly a person. */
export const anybody = (draft: Draft): Actor =>
  someone(draft, draft.random.pick(['person', 'person', 'organization', 'country']));

/** The numbers of the facts of a type that the report brings, some at a time. */
export function groups(count: number, size: number): number[][] {
  const numbers = Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: Math.ceil(count / size) }, (_, g) => numbers.slice(g * size, (g + 1) * size));
}

/** The day so many days after another. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const weekdayOf = (day: string): string => WEEKDAYS[new Date(day).getUTCDay()] as string;

/** What was inferred, about which fields and from what; where there is no note, nothing was. */
export function inferred(
  ...all: [kind: string, fields: string[], note: string | false | null | undefined][]
) {
  return all.flatMap(([kind, fields, note]) => (note ? [{ fields, kind, note }] : []));
}
