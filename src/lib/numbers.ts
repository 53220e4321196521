/** Numbers as English sentences write them, with nouns that agree. */

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
