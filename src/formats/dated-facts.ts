/** Dated facts and the texts about them that calendars and timelines share. */

import type { CalendarDetails, FactType, Period } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';

/** Fact with the period that its own dates state. */
export interface DatedFact extends CalendarDetails {
  fact: Fact;
  /** Days from the first to the last that the fact states; one day, month or year if it states only one. */
  period: Period;
}

export const isDated = ({ getCalendarDetails }: FactType): boolean => getCalendarDetails !== undefined;

/** Returns null for a fact without a date, which calendars and timelines leave out. */
export function toDatedFact(factType: FactType, fact: Fact): DatedFact | null {
  // The date of the report is no end of what it reports.
  const period = factType.getPeriod?.(fact, null);
  return period && factType.getCalendarDetails
    ? { ...factType.getCalendarDetails(fact), fact, period }
    : null;
}

/** Describes a period of which the fact does not date both ends; null if the dates alone suffice. */
export function formatOpenPeriod({
  fact: { reportedOn },
  period,
  precision,
  openEnd,
}: DatedFact): string | null {
  if (openEnd === 'start') return `until ${formatDate(period.to, precision)}, start not stated`;
  if (openEnd === null) return null;
  const since = `since ${formatDate(period.from, precision)}`;
  return reportedOn === null || reportedOn <= period.from
    ? `${since}, end not stated`
    : `${since}, still ongoing when reported on ${formatDate(reportedOn, 'day')}`;
}

/** `24 March 2022 to 25 March 2022`, `May 2031` */
function formatPeriod(datedFact: DatedFact): string {
  const { period, precision } = datedFact;
  const [from, to] = [formatDate(period.from, precision), formatDate(period.to, precision)];
  return formatOpenPeriod(datedFact) ?? (from === to ? from : `${from} to ${to}`);
}

/** Builds the notes that a reader needs in addition to the quotations, at most a sentence each. */
export function buildNotes(datedFact: DatedFact): string[] {
  const { fact, precision, status } = datedFact;
  const { accordingTo, retracted, reportedOn } = fact;
  return [
    ...(retracted ? [`Retracted: ${retracted.reason}`] : []),
    `Date: ${formatPeriod(datedFact)}${precision === 'day' ? '' : ` (only the ${precision} is known)`}`,
    `Status${reportedOn === null ? '' : ` as reported on ${formatDate(reportedOn, 'day')}`}: ${status}`,
    ...(accordingTo ? [`According to: ${accordingTo.label}`] : []),
  ];
}

export const formatInferences = ({ fact }: DatedFact): string[] =>
  fact.inferences.map(({ fields, kind, note }) => `Inferred (${fields.join(', ')}; ${kind}): ${note}`);

const DAY_FORMAT = { day: 'numeric', month: 'long', year: 'numeric' } as const;
const DATE_FORMATS = {
  day: DAY_FORMAT,
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
} as const;

/** Formats the date in English, like the rest of the API. */
const formatDate = (date: string, precision: keyof typeof DATE_FORMATS): string =>
  new Intl.DateTimeFormat('en-GB', { ...DATE_FORMATS[precision], timeZone: 'UTC' }).format(new Date(date));
