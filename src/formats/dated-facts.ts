/** What calendars and timelines have in common: facts that stand on days, and what is said of them in words. */

import type { CalendarDetails, FactType, Period } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';

/** A fact on its days. */
export interface DatedFact extends CalendarDetails {
  fact: Fact;
  period: Period;
}

export const isDated = ({ getCalendarDetails }: FactType): boolean => getCalendarDetails !== undefined;

/** The fact on its days; null of one without any, which stands in no calendar. */
export function toDatedFact(factType: FactType, fact: Fact): DatedFact | null {
  const period = factType.getPeriod?.(fact, fact.reportedOn);
  return period && factType.getCalendarDetails
    ? { ...factType.getCalendarDetails(fact), fact, period }
    : null;
}

/** The days of a fact that does not date both ends of them itself; null where the days say it all. */
export function formatOpenPeriod({
  fact: { reportedOn },
  period,
  precision,
  openEnd,
}: DatedFact): string | null {
  if (openEnd === 'start') return `until ${formatDate(period.to, precision)}, since when is not said`;
  if (openEnd === null || reportedOn === null || reportedOn <= period.from) return null;
  return `since ${formatDate(period.from, precision)}, without an end when it was reported on ${formatDate(reportedOn, 'day')}`;
}

/** `24 March 2022 to 25 March 2022`, `May 2031` */
function formatPeriod(datedFact: DatedFact): string {
  const { period, precision } = datedFact;
  const [from, to] = [formatDate(period.from, precision), formatDate(period.to, precision)];
  return formatOpenPeriod(datedFact) ?? (from === to ? from : `${from} to ${to}`);
}

/** What a reader should know beside the words of the evidence, a sentence or less each. */
export function buildNotes(datedFact: DatedFact): string[] {
  const { fact, precision, status } = datedFact;
  const { accordingTo, retracted, reportedOn } = fact;
  return [
    ...(retracted ? [`Withdrawn: ${retracted.reason}`] : []),
    `Date: ${formatPeriod(datedFact)}${precision === 'day' ? '' : ` (the ${precision} is all that is known)`}`,
    `Status${reportedOn === null ? '' : ` as reported on ${formatDate(reportedOn, 'day')}`}: ${status}`,
    ...(accordingTo ? [`Only according to: ${accordingTo.label}`] : []),
  ];
}

/** What was inferred, one line each. */
export const formatInferences = ({ fact }: DatedFact): string[] =>
  fact.inferences.map(({ fields, kind, note }) => `Inferred (${fields.join(', ')}; ${kind}): ${note}`);

const DAY_FORMAT = { day: 'numeric', month: 'long', year: 'numeric' } as const;
const DATE_FORMATS = {
  day: DAY_FORMAT,
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
} as const;

/** In English, as the rest of the API. */
const formatDate = (date: string, precision: keyof typeof DATE_FORMATS): string =>
  new Intl.DateTimeFormat('en-GB', { ...DATE_FORMATS[precision], timeZone: 'UTC' }).format(new Date(date));
