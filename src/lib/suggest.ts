/** Suggestions for misspelled names: "did you mean". */

/** Returns the candidate that is most similar to `word`, or null if none is close. */
export function findSimilar(word: string, candidates: Iterable<string>): string | null {
  const given = normalize(word);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = normalize(candidate);
    if (Math.abs(other.length - given.length) >= bestDistance || candidate === word) continue;
    const distance = measureDistance(given, other, bestDistance);
    if (distance >= bestDistance || distance >= other.length) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Formats the suggestion as the end of a message; empty if there is none. */
export function formatSuggestion(word: string, candidates: Iterable<string>): string {
  const similar = findSimilar(word, candidates);
  return similar === null ? '' : `; did you mean ${similar}?`;
}

/** `start_date`, `start-date` and `startDate` are the same name. Longer words are compared by their beginning. */
const normalize = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll(/[-_\s]/g, '')
    .slice(0, MAX_WORD_LENGTH);
const MAX_WORD_LENGTH = 100;

/**
 * Number of letters to insert, delete, replace or swap with their neighbor (optimal string alignment); `limit` if it is
 * not lower.
 */
function measureDistance(first: string, second: string, limit: number): number {
  // Common ends do not count, and ids of related facts often share their beginning.
  let start = 0;
  while (start < first.length && first[start] === second[start]) start += 1;
  let end = 0;
  const shorter = Math.min(first.length, second.length) - start;
  while (end < shorter && first.at(-1 - end) === second.at(-1 - end)) end += 1;
  const [from, to] = [first.slice(start, first.length - end), second.slice(start, second.length - end)];

  let beforePrevious = new Uint8Array(to.length + 1);
  let previous = new Uint8Array(to.length + 1).map((_, index) => index);
  let row = new Uint8Array(to.length + 1);
  for (let i = 1; i <= from.length; i += 1) {
    row[0] = i;
    let lowest = i;
    for (let j = 1; j <= to.length; j += 1) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      let distance = Math.min(
        (previous[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (previous[j - 1] as number) + cost,
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        distance = Math.min(distance, (beforePrevious[j - 2] as number) + 1);
      row[j] = distance;
      lowest = Math.min(lowest, distance);
    }
    if (lowest >= limit) return limit;
    [beforePrevious, previous, row] = [previous, row, beforePrevious];
  }
  return previous[to.length] as number;
}
