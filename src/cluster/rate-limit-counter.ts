/** Counts requests for the rate limit of all processes together. */
import type { Count } from '../http/cluster-client.ts';

/** Those that have sent the last requests: as many as a process keeps that serves alone. */
const MAX_CLIENTS = 5_000;

/** Counts each client in windows, the first of which begins with its first request. */
export function clientCounter(now: () => number = Date.now): (client: string, windowMs: number) => Count {
  const windows = new Map<string, { current: number; since: number }>();
  return (client, windowMs) => {
    const at = now();
    const last = windows.get(client);
    const window = last && at < last.since + windowMs ? last : { current: 0, since: at };
    window.current += 1;
    // Back to the end: the first is the one that has been silent longest.
    windows.delete(client);
    windows.set(client, window);
    if (windows.size > MAX_CLIENTS) windows.delete(windows.keys().next().value as string);
    return { current: window.current, ttl: window.since + windowMs - at };
  };
}
