/** Trying again: when, how often, and after how long. */

/** How a request is sent: as `fetch` does. */
export type Fetch = (request: Request) => Promise<Response>;

/** How often and how long is waited. */
export interface RetryOptions {
  /** How many times a request is sent again; 0 for never. */
  retries: number;
  /** Milliseconds that are waited at the most; a server that wants more is not asked again. */
  maxRetryDelayMs: number;
}

const FIRST_DELAY_MS = 250;
/** Over how long those are spread that the server has sent away until the same moment. */
const SPREAD_MS = 250;

/**
 * Sends a request again on 429 and 503, after the time that `Retry-After` names or else after longer and longer ones; and
 * when the network fails, if it only reads. A write whose answer was lost may have been done: a deletion would then be
 * refused for what it did itself, and tell a success as a failure.
 */
export function retrying(send: Fetch, { retries, maxRetryDelayMs }: RetryOptions): Fetch {
  return async (request) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    for (let attempt = 0; ; attempt += 1) {
      const last = attempt >= retries;
      let response: Response | undefined;
      try {
        // What has a body can be sent only once.
        response = await send(reads || last ? request : request.clone());
        if (last || (response.status !== 429 && response.status !== 503)) return response;
      } catch (error) {
        if (last || !reads || request.signal.aborted) throw error;
      }
      const delay = retryDelayMs(attempt, response?.headers);
      if (delay > maxRetryDelayMs && response) return response;
      await response?.body?.cancel();
      await sleep(Math.min(delay, maxRetryDelayMs), request.signal);
    }
  };
}

/** Milliseconds before the next attempt; `attempt` counts those that failed before, from 0. */
export function retryDelayMs(attempt: number, headers?: Headers, random: () => number = Math.random): number {
  const seconds = headers && retryAfterSeconds(headers);
  if (seconds !== undefined) return seconds * 1000 + random() * SPREAD_MS;
  return FIRST_DELAY_MS * 2 ** attempt * (0.5 + random() / 2);
}

/** The seconds that `Retry-After` names, as a number or by a date; undefined if it says nothing that can be read. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  // The date is by the server's clock, which tells its time in `Date`; other sites' pages cannot see that.
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  // Without GMT it is no HTTP date, though `Date.parse` would make something of it.
  const seconds = value.endsWith('GMT') ? (Date.parse(value) - now) / 1000 : Number.NaN;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
