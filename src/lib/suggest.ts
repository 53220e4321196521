/** Suggestions for misspelt names. */

/** Returns `; did you mean x?` for the allowed name that is most similar to `name`, or an empty text. */
export function suggestName(name: string, allowed: readonly string[]): string {
  // Of very short names, nearly all are similar.
  const maxDistance = Math.min(name.length - 1, Math.max(1, Math.floor(name.length / 3)));
  const candidates = allowed
    .map((each) => ({ each, distance: measureDistance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ distance }) => distance <= maxDistance)
    .sort((a, b) => a.distance - b.distance);
  const [best] = candidates;
  return best ? `; did you mean ${best.each}?` : '';
}

/** Number of letters to insert, delete, replace or swap with the next one (Damerau-Levenshtein). */
function measureDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_LENGTH_DIFFERENCE) return Number.POSITIVE_INFINITY;
  const firstRow = Array.from({ length: b.length + 1 }, (_, index) => index);
  const rows = [firstRow];
  for (let y = 1; y <= a.length; y += 1) {
    const above = rows[y - 1] as number[];
    const row = [y];
    for (let x = 1; x <= b.length; x += 1) {
      const replaced = (above[x - 1] as number) + (a[y - 1] === b[x - 1] ? 0 : 1);
      const isSwap = y > 1 && x > 1 && a[y - 1] === b[x - 2] && a[y - 2] === b[x - 1];
      const swapped = isSwap ? (rows[y - 2]?.[x - 2] as number) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, (above[x] as number) + 1, (row[x - 1] as number) + 1, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] as number;
}

const MAX_LENGTH_DIFFERENCE = 10;
