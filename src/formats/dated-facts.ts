/** What calendars and timelines have in common: facts that stand on days, and what is said of them in words. */

import type { Occasion, Period, Resource } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';

/** A fact on its days. */
export interface Dated extends Occasion {
  fact: Fact;
  period: Period;
}

export const hasOccasions = ({ occasion }: Resource): boolean => occasion !== undefined;

/** The fact on its days; null of one without any, which stands in no calendar. */
export function dated(resource: Resource, fact: Fact): Dated | null {
  const period = resource.period?.(fact, fact.reportedOn);
  return period && resource.occasion ? { ...resource.occasion(fact), fact, period } : null;
}

/** The days of a fact that does not date both ends of them itself; null where the days say it all. */
export function openDaysInWords({ fact: { reportedOn }, period, precision, open }: Dated): string | null {
  if (open === 'start') return `until ${inWords(period.to, precision)}, since when is not said`;
  if (open === null || reportedOn === null || reportedOn <= period.from) return null;
  return `since ${inWords(period.from, precision)}, without an end when it was reported on ${inWords(reportedOn, 'day')}`;
}

/** `24 March 2022 to 25 March 2022`, `May 2031` */
function daysInWords(each: Dated): string {
  const { period, precision } = each;
  const [from, to] = [inWords(period.from, precision), inWords(period.to, precision)];
  return openDaysInWords(each) ?? (from === to ? from : `${from} to ${to}`);
}

/** What a reader should know beside the words of the evidence, a sentence or less each. */
export function remarksOn(each: Dated): string[] {
  const { fact, precision, status } = each;
  const { accordingTo, retracted, reportedOn } = fact;
  return [
    ...(retracted ? [`Withdrawn: ${retracted.reason}`] : []),
    `Date: ${daysInWords(each)}${precision === 'day' ? '' : ` (the ${precision} is all that is known)`}`,
    `Status${reportedOn === null ? '' : ` as reported on ${inWords(reportedOn, 'day')}`}: ${status}`,
    ...(accordingTo ? [`Only according to: ${accordingTo.label}`] : []),
  ];
}

/** What was inferred, one line each. */
export const inferencesOf = ({ fact }: Dated): string[] =>
  fact.inferences.map(({ fields, kind, note }) => `Inferred (${fields.join(', ')}; ${kind}): ${note}`);

const DAY = { day: 'numeric', month: 'long', year: 'numeric' } as const;
const WORDS = {
  day: DAY,
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
} as const;

/** In English, as the rest of the API. */
const inWords = (day: string, precision: keyof typeof WORDS): string =>
  new Intl.DateTimeFormat('en-GB', { ...WORDS[precision], timeZone: 'UTC' }).format(new Date(day));
