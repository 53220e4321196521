import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

export const NEVER = 'never';

const DAYS_PATTERN = /^([1-9]\d{0,4})d$/;
const DAY_MS = 86_400_000;

/** Parses the expiry of a key: a day (to its end, UTC), an instant, a number of days (`90d`), or `never`. */
export function parseExpiry(value: string): string {
  if (value === NEVER) return NEVER;
  const days = DAYS_PATTERN.exec(value)?.[1];
  const isDay = z.iso.date().safeParse(value).success;
  if (!days && !isDay && !z.iso.datetime({ offset: true }).safeParse(value).success) {
    throw new InvalidArgumentError(
      'It must be a day (2027-01-31), an instant (2027-01-31T12:00:00Z), a number of days (90d) or never.',
    );
  }
  const expiresAtMs = days
    ? Date.now() + Number(days) * DAY_MS
    : isDay
      ? Date.parse(value) + DAY_MS
      : Date.parse(value);
  if (expiresAtMs <= Date.now()) throw new InvalidArgumentError('It must be in the future.');
  return new Date(expiresAtMs).toISOString();
}
