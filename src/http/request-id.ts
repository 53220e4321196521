import { randomUUID } from 'node:crypto';
import { maskKeys } from '../store/api-keys.ts';

/** Returns the client's `X-Request-Id` if it is safe to echo, or a new id. */
export function resolveRequestId(header: string | string[] | undefined): string {
  const isSafe = typeof header === 'string' && /^[\w.:/+=@-]{1,128}$/.test(header);
  // The id appears in the logs of every server on the way, so it must not contain an API key.
  return isSafe && maskKeys(header) === header ? header : randomUUID();
}
