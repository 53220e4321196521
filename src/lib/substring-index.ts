/** Substring search for tens of thousands of needles in a text of megabytes. */

/** Length of an indexed substring in UTF-16 units. */
const GRAM_LENGTH_UNITS = 6;
const MIN_BITS = 10;
const MAX_BITS = 20;
const NO_POSITION = -1;

/**
 * Returns a function that finds all occurrences of a needle. The first search builds an index of all grams:
 * substrings of `GRAM_LENGTH_UNITS` units. A search then checks only the positions of the needle's rarest
 * gram, instead of scanning the text.
 */
export function createSubstringIndex(text: string): (needle: string) => number[] {
  let gramIndex: GramIndex | undefined;
  return (needle) => {
    if (needle.length < GRAM_LENGTH_UNITS || text.length < GRAM_LENGTH_UNITS)
      return linearSearch(text, needle);
    gramIndex ??= buildGramIndex(text);
    const { gramOffset, positions } = findRarestGram(gramIndex, needle);
    return positions
      .map((position) => position - gramOffset)
      .filter((start) => start >= 0 && text.startsWith(needle, start));
  };
}

function linearSearch(text: string, needle: string): number[] {
  const positions: number[] = [];
  for (let position = text.indexOf(needle); position >= 0; position = text.indexOf(needle, position + 1))
    positions.push(position);
  return positions;
}

interface GramIndex {
  /** First position of each hash. */
  firstPosition: Int32Array;
  /** Next position with the same hash, for each position. */
  nextPosition: Int32Array;
  /** Number of positions of each hash. */
  counts: Int32Array;
  bits: number;
}

function buildGramIndex(text: string): GramIndex {
  const bits = Math.min(MAX_BITS, Math.max(MIN_BITS, Math.ceil(Math.log2(text.length))));
  const firstPosition = new Int32Array(2 ** bits).fill(NO_POSITION);
  const counts = new Int32Array(2 ** bits);
  const nextPosition = new Int32Array(text.length);
  // Backwards, so that each chain is in text order.
  for (let position = text.length - GRAM_LENGTH_UNITS; position >= 0; position -= 1) {
    const hash = hashGram(text, position, bits);
    nextPosition[position] = firstPosition[hash] as number;
    firstPosition[hash] = position;
    counts[hash] = (counts[hash] as number) + 1;
  }
  return { firstPosition, nextPosition, counts, bits };
}

/** Returns the needle's gram with the fewest positions: its offset in the needle, and the positions. */
function findRarestGram(
  { firstPosition, nextPosition, counts, bits }: GramIndex,
  needle: string,
): { gramOffset: number; positions: number[] } {
  let gramOffset = 0;
  let hash = hashGram(needle, 0, bits);
  for (let offset = 1; offset <= needle.length - GRAM_LENGTH_UNITS; offset += 1) {
    const otherHash = hashGram(needle, offset, bits);
    if ((counts[otherHash] as number) >= (counts[hash] as number)) continue;
    gramOffset = offset;
    hash = otherHash;
  }
  const positions: number[] = [];
  for (
    let position = firstPosition[hash] as number;
    position !== NO_POSITION;
    position = nextPosition[position] as number
  )
    positions.push(position);
  return { gramOffset, positions };
}

/** FNV-1a hash of the UTF-16 units, folded to `bits` bits. */
function hashGram(text: string, offset: number, bits: number): number {
  let hash = 0x811c9dc5;
  for (let unit = offset; unit < offset + GRAM_LENGTH_UNITS; unit += 1)
    hash = Math.imul(hash ^ text.charCodeAt(unit), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> (32 - bits);
}
