export interface Spread {
  median: number;
  min: number;
  max: number;
}

export const computeMedian = (values: number[]): number => computeSpread(values).median;

export function computeSpread(values: number[]): Spread {
  if (values.length === 0) throw new Error('There are no values');
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return { median: (low + high) / 2, min: sorted[0] as number, max: sorted.at(-1) as number };
}

/** Returns the smallest value that is at least as great as a `share` (0 to 1) of all values. */
export function computePercentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1));
  return sorted[index] ?? Number.NaN;
}
