/** Counts requests for the rate limit of all processes together. */
import type { RateLimitCount } from '../http/cluster-client.ts';

/** Those that have sent the last requests: as many as a process keeps that serves alone. */
const MAX_CLIENTS = 5_000;

/** Counts each client in windows, the first of which begins with its first request. */
export function createRateLimitCounter(
  now: () => number = Date.now,
): (client: string, windowMs: number) => RateLimitCount {
  const windows = new Map<string, { current: number; startedAt: number }>();
  return (client, windowMs) => {
    const nowMs = now();
    const lastWindow = windows.get(client);
    const window =
      lastWindow && nowMs < lastWindow.startedAt + windowMs ? lastWindow : { current: 0, startedAt: nowMs };
    window.current += 1;
    // Back to the end: the first is the one that has been silent longest.
    windows.delete(client);
    windows.set(client, window);
    if (windows.size > MAX_CLIENTS) windows.delete(windows.keys().next().value as string);
    return { current: window.current, ttl: window.startedAt + windowMs - nowMs };
  };
}
