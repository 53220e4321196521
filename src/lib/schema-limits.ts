/** Messages about the limits of zod schemas. */
import type * as z from 'zod';
import { formatCount } from './numbers.ts';

const COUNTED_NOUNS: Record<string, [singular: string, plural: string]> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

/**
 * Returns what a limit requires, such as `must have at most 250 characters`; null for other issues, and for those whose
 * schema has a message of its own.
 */
export function describeLimit(issue: z.core.$ZodIssue): string | null {
  if (!/^Too (?:big|small)\b/.test(issue.message)) return null;
  if (issue.code === 'too_big') return formatLimit(issue.origin, 'at most', issue.maximum);
  return issue.code === 'too_small' ? formatLimit(issue.origin, 'at least', issue.minimum) : null;
}

function formatLimit(origin: string, bound: string, limit: number | bigint): string {
  const noun = COUNTED_NOUNS[origin];
  return noun ? `must have ${bound} ${formatCount(Number(limit), ...noun)}` : `must be ${bound} ${limit}`;
}
