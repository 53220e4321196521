/** How long it takes until a worker that has ended is replaced. */

/** One that has lived as long as this did not end because it cannot start. */
const MIN_STABLE_LIFETIME_MS = 30_000;
const INITIAL_DELAY_MS = 100;
const MAX_DELAY_MS = 30_000;

/** Says, of each in a line of workers, how long to wait for the next: longer the more of them have ended early. */
export function createBackoff(): (lifetimeMs: number) => number {
  let earlyExits = 0;
  return (lifetimeMs) => {
    earlyExits = lifetimeMs < MIN_STABLE_LIFETIME_MS ? earlyExits + 1 : 0;
    return earlyExits === 0 ? 0 : Math.min(INITIAL_DELAY_MS * 2 ** (earlyExits - 1), MAX_DELAY_MS);
  };
}
