import { randomUUID } from 'node:crypto';
import { withoutKeys } from '../store/queries/api-keys.ts';

/** The client's `X-Request-Id` if it is safe to repeat, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  const safe = typeof header === 'string' && /^[\w.:/+=@-]{1,128}$/.test(header);
  // It stands in every log on the way.
  return safe && withoutKeys(header) === header ? header : randomUUID();
}
