/** What a number of rounds came to. */

export interface Spread {
  median: number;
  min: number;
  max: number;
}

export function computeSpread(values: number[]): Spread {
  if (values.length === 0) throw new Error('there are no values');
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return { median: (low + high) / 2, min: sorted[0] as number, max: sorted.at(-1) as number };
}

/** The value that `share` of the others are not above. */
export function computePercentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1));
  return sorted[index] ?? Number.NaN;
}
