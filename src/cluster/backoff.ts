/** How long it takes until a worker that has ended is replaced. */

/** One that has lived as long as this did not end because it cannot start. */
const STABLE_MS = 30_000;
const FIRST_MS = 100;
const LONGEST_MS = 30_000;

/** Says, of each in a line of workers, how long to wait for the next: longer the more of them have ended early. */
export function backoff(): (livedMs: number) => number {
  let early = 0;
  return (livedMs) => {
    early = livedMs < STABLE_MS ? early + 1 : 0;
    return early === 0 ? 0 : Math.min(FIRST_MS * 2 ** (early - 1), LONGEST_MS);
  };
}
