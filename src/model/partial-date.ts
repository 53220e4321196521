/** Calendar days as filters take them: a day, a month or a year. */
import { type Period, toPeriod } from './fact-type.ts';
import { day } from './fields.ts';

/** Form only; `parsePartialDate` also checks that the day exists. */
export const PARTIAL_DATE_PATTERN = /^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$/;

const PRECISIONS = { 4: 'year', 7: 'month', 10: 'day' } as const;

const existingDay = day();

/** Returns the first and the last day of `2022`, `2022-03` or `2022-03-24`; null if there is no such date. */
export function parsePartialDate(text: string): Period | null {
  if (!PARTIAL_DATE_PATTERN.test(text)) return null;
  const firstDay = text + '-01-01'.slice(text.length - 4);
  const precision = PRECISIONS[text.length as keyof typeof PRECISIONS];
  return existingDay.safeParse(firstDay).success ? toPeriod(firstDay, null, precision) : null;
}
