/** Suggestions for misspelled names: "did you mean". */

/** Returns the candidate that is most similar to `word`, or null if none is close. */
export function findSimilar(word: string, candidates: Iterable<string>): string | null {
  const given = normalize(word);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = normalize(candidate);
    if (Math.abs(other.length - given.length) >= bestDistance || candidate === word) continue;
    const distance = measureDistance(given, other);
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

/** Number of letters to insert, delete, replace or swap with their neighbor (optimal string alignment). */
function measureDistance(first: string, second: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (let i = 1; i <= first.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= second.length; j += 1) {
      const cost = first[i - 1] === second[j - 1] ? 0 : 1;
      let distance = Math.min(
        (previous[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (previous[j - 1] as number) + cost,
      );
      if (i > 1 && j > 1 && first[i - 1] === second[j - 2] && first[i - 2] === second[j - 1])
        distance = Math.min(distance, (beforePrevious[j - 2] as number) + 1);
      row.push(distance);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[second.length] as number;
}
