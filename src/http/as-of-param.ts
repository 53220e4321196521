/** Query parameters that select a revision by its number or by time. */
import * as z from 'zod';
import { singleValue } from './params.ts';

export const REVISION_NUMBER = /^(0|[1-9]\d{0,9})$/;
/** Patterns for OpenAPI: they check the form only, since tools fail on a pattern that also checks the day. */
const REVISION_PATTERN = '[1-9][0-9]{0,9}';
const DAY_PATTERN = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const INSTANT_PATTERN = `${DAY_PATTERN}([Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?`;
const Instant = z.iso.datetime({ offset: true });
const Day = z.iso.date();

/** True for an RFC 3339 instant, which allows `t` and `z`, and for a day, which means its end in UTC. */
const isInstantOrDay = (text: string): boolean =>
  Day.safeParse(text).success || Instant.safeParse(text.toUpperCase()).success;

const INSTANT_FORM = 'a day or an RFC 3339 instant, such as 2022-03-24 or 2022-03-24T12:00:00Z';
/** Offset whose plus sign was decoded to a space, as in any query string. */
const DECODED_PLUS = /:\d\d(?:\.\d+)? \d\d:\d\d$/;

const describeInvalidInstant = ({ input }: { input?: unknown }): string => {
  const hint = DECODED_PLUS.test(String(input)) ? '; write the + of an offset as %2B' : '';
  return `must be a revision number, ${INSTANT_FORM}${hint}`;
};

/** Schema of an instant or a day. */
export const InstantOrDay = z.string().refine(isInstantOrDay, { error: describeInvalidInstant });

const AsOf = z
  .string()
  .refine((text) => REVISION_NUMBER.test(text) || isInstantOrDay(text), {
    error: describeInvalidInstant,
  })
  .meta({
    id: 'AsOf',
    description: 'Revision number, RFC 3339 instant, or a day, which means its end in UTC.',
    examples: ['1'],
    pattern: `^(${REVISION_PATTERN}|${INSTANT_PATTERN})$`,
  });

export const asOfParam = singleValue(AsOf)
  .optional()
  .describe(
    'Revision number or RFC 3339 instant to read at; a day includes everything that was recorded on it. Default: the newest revision.',
  );

/** Time that a parameter selects. */
interface TimeRange {
  /** First instant of a day. */
  start: number;
  /** Last instant of a day. */
  end: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Parses an instant or a day, in milliseconds since 1970; both ends of an instant are the same. */
export function parseInstantOrDay(text: string): TimeRange {
  const start = Date.parse(text.toUpperCase());
  return { start, end: Day.safeParse(text).success ? start + DAY_MS - 1 : start };
}
