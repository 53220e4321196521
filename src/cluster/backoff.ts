/** Lifetime from which the exit of a worker does not count as a failure to start. */
const MIN_STABLE_LIFETIME_MS = 30_000;
const INITIAL_DELAY_MS = 100;
const MAX_DELAY_MS = 30_000;

/** Returns a function from the lifetime of an exited worker to the delay in ms before it is replaced. */
export function createBackoff(): (lifetimeMs: number) => number {
  // Early exits in a row; each doubles the delay.
  let earlyExits = 0;
  return (lifetimeMs) => {
    earlyExits = lifetimeMs < MIN_STABLE_LIFETIME_MS ? earlyExits + 1 : 0;
    return earlyExits === 0 ? 0 : Math.min(INITIAL_DELAY_MS * 2 ** (earlyExits - 1), MAX_DELAY_MS);
  };
}
