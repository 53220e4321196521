/** Function that sends a request, like `fetch`. */
export type Fetch = (request: Request) => Promise<Response>;

/** Limits on retries. */
export interface RetryOptions {
  /** Maximum number of retries per request; 0 for none. */
  retries: number;
  /** Maximum delay in milliseconds; there is no retry if the server asks for a longer one. */
  maxRetryDelayMs: number;
}

const FIRST_DELAY_MS = 250;
/** Interval in milliseconds over which clients spread that the server told to retry at the same time. */
const SPREAD_MS = 250;

/**
 * Retries a request on 429 and 503, after the time in `Retry-After` or with exponential backoff. Also retries
 * reads after a network failure, but no writes: if the response was lost, the write may have succeeded. A
 * repeated deletion would then fail because of its own success.
 */
export function retrying(send: Fetch, { retries, maxRetryDelayMs }: RetryOptions): Fetch {
  return async (request) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    for (let attempt = 0; ; attempt += 1) {
      const last = attempt >= retries;
      let response: Response | undefined;
      try {
        // A request with a body can be sent only once, so writes are cloned.
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

/** Returns the milliseconds to wait after a failed attempt; `attempt` counts from 0. */
export function retryDelayMs(attempt: number, headers?: Headers, random: () => number = Math.random): number {
  const seconds = headers && retryAfterSeconds(headers);
  if (seconds !== undefined) return seconds * 1000 + random() * SPREAD_MS;
  return FIRST_DELAY_MS * 2 ** attempt * (0.5 + random() / 2);
}

/** Returns the seconds in `Retry-After`, a number or a date; undefined if there is no valid value. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  // The date follows the server's clock, which `Date` shows. Pages of other origins cannot read `Date`.
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  // A value without GMT is not an HTTP date, although `Date.parse` may accept it.
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
