/** When a key ends, as it is written on the command line. */
import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

export const NEVER = 'never';

const DAYS_PATTERN = /^([1-9]\d{0,4})d$/;
const DAY_MS = 86_400_000;

/** When a key ends: a day (to its end, UTC), an instant, a number of days such as `90d`, or `never`. */
export function parseExpiry(value: string): string {
  if (value === NEVER) return NEVER;
  const days = DAYS_PATTERN.exec(value)?.[1];
  const isDay = z.iso.date().safeParse(value).success;
  if (!days && !isDay && !z.iso.datetime({ offset: true }).safeParse(value).success) {
    throw new InvalidArgumentError('Give a day (2027-01-31), an instant, a number of days (90d), or never.');
  }
  const expiresAtMs = days
    ? Date.now() + Number(days) * DAY_MS
    : isDay
      ? Date.parse(value) + DAY_MS
      : Date.parse(value);
  if (expiresAtMs <= Date.now()) throw new InvalidArgumentError('That is over already.');
  return new Date(expiresAtMs).toISOString();
}
