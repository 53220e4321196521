/** Counter for the rate limit that all processes share. */
import type { RateLimitCount } from '../http/cluster-client.ts';

/** Maximum number of clients, those with the latest requests: as many as a single process keeps. */
const MAX_CLIENTS = 5_000;

/** Counts the requests of each client in windows. A client's first request starts a window. */
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
    // Moves the client to the end, so that the first one is the one idle for longest.
    windows.delete(client);
    windows.set(client, window);
    if (windows.size > MAX_CLIENTS) windows.delete(windows.keys().next().value as string);
    return { current: window.current, ttl: window.startedAt + windowMs - nowMs };
  };
}
