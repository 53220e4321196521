import { randomUUID } from 'node:crypto';

/** The client's `X-Request-Id` if it is safe to repeat, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.:/+=@-]{1,128}$/.test(header) ? header : randomUUID();
}
