import { randomUUID } from 'node:crypto';
import { maskKeys } from '../store/queries/api-keys.ts';

/** The client's `X-Request-Id` if it is safe to repeat, else a new one. */
export function resolveRequestId(header: string | string[] | undefined): string {
  const isSafe = typeof header === 'string' && /^[\w.:/+=@-]{1,128}$/.test(header);
  // It stands in every log on the way.
  return isSafe && maskKeys(header) === header ? header : randomUUID();
}
