/** When a key ends, as it is written on the command line. */
import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

export const NEVER = 'never';

const DAYS = /^([1-9]\d{0,4})d$/;
const DAY_MS = 86_400_000;

/** When a key ends: a day (to its end, UTC), an instant, a number of days such as `90d`, or `never`. */
export function expiry(written: string): string {
  if (written === NEVER) return NEVER;
  const days = DAYS.exec(written)?.[1];
  const isDay = z.iso.date().safeParse(written).success;
  if (!days && !isDay && !z.iso.datetime({ offset: true }).safeParse(written).success) {
    throw new InvalidArgumentError('Give a day (2027-01-31), an instant, a number of days (90d), or never.');
  }
  const ends = days
    ? Date.now() + Number(days) * DAY_MS
    : isDay
      ? Date.parse(written) + DAY_MS
      : Date.parse(written);
  if (ends <= Date.now()) throw new InvalidArgumentError('That is over already.');
  return new Date(ends).toISOString();
}
