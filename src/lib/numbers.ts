/** Numbers as English sentences write them, with nouns that agree. */
import { singularize } from './nouns.ts';

const NUMBER_FORMAT = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 20 });
const CARDINAL_RULES = new Intl.PluralRules('en');

/** Formats a number with a comma between thousands: `1,200`. */
export const formatNumber = (value: number): string => NUMBER_FORMAT.format(value);

/** Returns the form of a noun or verb that agrees with a number: `1` is singular, `0`, `1.5` and `2` are plural. */
export const pluralize = (count: number, singular: string, plural = `${singular}s`): string =>
  CARDINAL_RULES.select(count) === 'one' ? singular : plural;

/** Formats a number with its noun: `1 fact`, `1,200 facts`. */
export const formatCount = (count: number, singular: string, plural?: string): string =>
  `${formatNumber(count)} ${pluralize(count, singular, plural)}`;

const ORDINAL_WORDS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const ORDINAL_RULES = new Intl.PluralRules('en', { type: 'ordinal' });
const ORDINAL_SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** Formats a whole number as an ordinal: `fifth`, `21st`. */
export const formatOrdinal = (value: number): string =>
  ORDINAL_WORDS[value - 1] ??
  `${formatNumber(value)}${ORDINAL_SUFFIXES[ORDINAL_RULES.select(value)] ?? 'th'}`;

const SCALES: [name: string, factor: number][] = [
  ['trillion', 1e12],
  ['billion', 1e9],
  ['million', 1e6],
];
/** Larger numbers are written as JavaScript does, because they have hundreds of digits. */
const MAX_GROUPED_NUMBER = 1e21;

/** Formats a number exactly, with a word for its scale if that needs at most three decimals: `4.25 billion`. */
export function formatLargeNumber(value: number): string {
  if (Math.abs(value) >= MAX_GROUPED_NUMBER) return String(value);
  const [name, factor] = SCALES.find(([, each]) => Math.abs(value) >= each) ?? [];
  const isExact = factor !== undefined && value % (factor / 1_000) === 0 && Math.abs(value) < factor * 1_000;
  return isExact ? `${formatNumber(value / factor)} ${name}` : formatNumber(value);
}

/** Formats a number with the unit that a dossier gives it: `1 day`, `fifth`, `4 billion euros`. */
export function formatQuantity(value: number, unit: string): string {
  if (unit === 'ordinal' && Number.isInteger(value) && value >= 1) return formatOrdinal(value);
  return `${formatLargeNumber(value)} ${pluralize(value, singularize(unit), unit)}`;
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB'];

/** Formats a number of bytes in the largest unit that is at least one: `32 MiB`. */
export function formatBytes(bytes: number): string {
  const exponent = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${formatNumber(Math.round((bytes / 1024 ** exponent) * 10) / 10)} ${BYTE_UNITS[exponent]}`;
}
