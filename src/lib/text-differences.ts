/** Differences between two texts that look the same, described character by character. */
import { splitGraphemes } from './graphemes.ts';
import { foldLookAlikes, nameCharacter } from './look-alikes.ts';
import { formatCount } from './numbers.ts';

/** Places where two texts differ, as the graphemes of each there. */
interface Hunk {
  first: string[];
  second: string[];
}

/** Maximum product of the lengths of two texts that are compared grapheme by grapheme. */
const MAX_COMPARISONS = 1_000_000;
const MAX_DESCRIPTIONS = 5;

/**
 * Describes differences that readers cannot see: invisible characters, look-alikes and Unicode normalization.
 * Returns an empty string if there are none; differences that are visible are left out. `noun` names the text
 * that is compared with the source.
 */
function describeHiddenDifferences(source: string, given: string, noun = 'quotation'): string {
  const differences = new Map<string, { description: string; count: number }>();
  for (const { first, second } of findHunks(splitGraphemes(source), splitGraphemes(given))) {
    const [sourcePart, givenPart] = [first.join(''), second.join('')];
    if (!isHiddenDifference(sourcePart, givenPart)) continue;
    const { key, description } = describeHunk(sourcePart, givenPart, noun);
    const known = differences.get(key);
    if (known) known.count += 1;
    else differences.set(key, { description, count: 1 });
  }
  const descriptions = [...differences.values()].map(({ description, count }) =>
    count === 1 ? description : `${description}, and the like in ${formatCount(count - 1, 'more place')}`,
  );
  const more = descriptions.length - MAX_DESCRIPTIONS;
  return [...descriptions.slice(0, MAX_DESCRIPTIONS), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** Formats the differences that readers cannot see as the end of a message; empty if there are none. */
export function formatHiddenDifferences(source: string, given: string, noun?: string): string {
  const differences = describeHiddenDifferences(source, given, noun);
  return differences && `; they look alike, but ${differences}`;
}

/** Line breaks and tabs are escaped in messages, so that they are visible. */
const ESCAPED_IN_MESSAGES = /[\n\r\t]/;

const isHiddenDifference = (source: string, given: string): boolean =>
  foldLookAlikes(source) === foldLookAlikes(given) && !ESCAPED_IN_MESSAGES.test(source + given);

/** Describes one difference; `key` is the same for all differences of its kind. */
function describeHunk(source: string, given: string, noun: string): { key: string; description: string } {
  const [sourceOnly, givenOnly] = stripCommonEnds(Array.from(source), Array.from(given));
  const description = `the source has ${formatCharacters(sourceOnly)} where the ${noun} has ${formatCharacters(givenOnly)}`;
  if (source.normalize('NFC') !== given.normalize('NFC')) return { key: description, description };
  const forms = `${nameForm(source)} and ${nameForm(given)}`;
  return {
    key: forms,
    description: `${description} (both are \u201c${source.normalize('NFC')}\u201d, in ${forms})`,
  };
}

const MAX_NAMED_CHARACTERS = 4;

function formatCharacters(characters: string[]): string {
  if (characters.length === 0) return 'nothing';
  const names = characters.slice(0, MAX_NAMED_CHARACTERS).map(nameCharacter).join(' + ');
  return characters.length > MAX_NAMED_CHARACTERS ? `${names} + ...` : names;
}

/** Names the Unicode normalization form of a text. */
function nameForm(text: string): string {
  if (text === text.normalize('NFC')) return 'NFC';
  return text === text.normalize('NFD') ? 'NFD' : 'no normalization form';
}

/** Finds where two lists of graphemes differ, by their longest common subsequence. */
function findHunks(first: string[], second: string[]): Hunk[] {
  const [firstRest, secondRest] = stripCommonEnds(first, second);
  if (firstRest.length === 0 && secondRest.length === 0) return [];
  if (firstRest.length * secondRest.length > MAX_COMPARISONS)
    return [{ first: firstRest, second: secondRest }];
  const lengths = computeCommonLengths(firstRest, secondRest);
  const hunks: Hunk[] = [];
  let isInHunk = false;
  let [i, j] = [0, 0];
  while (i < firstRest.length || j < secondRest.length) {
    if (i < firstRest.length && firstRest[i] === secondRest[j]) {
      isInHunk = false;
      i += 1;
      j += 1;
      continue;
    }
    if (!isInHunk) hunks.push({ first: [], second: [] });
    isInHunk = true;
    const hunk = hunks.at(-1) as Hunk;
    const skipsFirst =
      j >= secondRest.length ||
      (i < firstRest.length && getLength(lengths, i + 1, j) >= getLength(lengths, i, j + 1));
    if (skipsFirst) hunk.first.push(firstRest[i++] as string);
    else hunk.second.push(secondRest[j++] as string);
  }
  return hunks;
}

const getLength = (lengths: Uint32Array[], i: number, j: number): number => lengths[i]?.[j] ?? 0;

/** Computes the length of the longest common subsequence from each pair of positions to the ends. */
function computeCommonLengths(first: string[], second: string[]): Uint32Array[] {
  const lengths = Array.from({ length: first.length + 1 }, () => new Uint32Array(second.length + 1));
  for (let i = first.length - 1; i >= 0; i -= 1) {
    const [row, nextRow] = [lengths[i] as Uint32Array, lengths[i + 1] as Uint32Array];
    for (let j = second.length - 1; j >= 0; j -= 1) {
      row[j] =
        first[i] === second[j]
          ? (nextRow[j + 1] as number) + 1
          : Math.max(nextRow[j] as number, row[j + 1] as number);
    }
  }
  return lengths;
}

function stripCommonEnds(first: string[], second: string[]): [string[], string[]] {
  const shorter = Math.min(first.length, second.length);
  let start = 0;
  while (start < shorter && first[start] === second[start]) start += 1;
  let end = 0;
  while (end < shorter - start && first.at(-1 - end) === second.at(-1 - end)) end += 1;
  return [first.slice(start, first.length - end), second.slice(start, second.length - end)];
}

/** Returns the offset of the first difference between two texts, in UTF-16 units. */
export function findFirstDifference(first: string, second: string): number {
  let offset = 0;
  while (offset < second.length && first[offset] === second[offset]) offset += 1;
  return offset;
}
