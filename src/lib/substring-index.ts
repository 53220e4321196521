/** Finds every place of some words in a text of megabytes, tens of thousands of times over. */

/** How many UTF-16 units stand together in the index. */
const GRAM_LENGTH_UNITS = 6;
const MIN_BITS = 10;
const MAX_BITS = 20;
const NO_POSITION = -1;

/**
 * An index of `text` by all stretches of `GRAM` units in it. To look for words is to walk through the places of the
 * rarest stretch that they hold, rather than through the text.
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
  /** The first place of each hash, and from each place the next of the same hash. */
  firstPosition: Int32Array;
  nextPosition: Int32Array;
  /** How many places each hash has. */
  counts: Int32Array;
  bits: number;
}

function buildGramIndex(text: string): GramIndex {
  const bits = Math.min(MAX_BITS, Math.max(MIN_BITS, Math.ceil(Math.log2(text.length))));
  const firstPosition = new Int32Array(2 ** bits).fill(NO_POSITION);
  const counts = new Int32Array(2 ** bits);
  const nextPosition = new Int32Array(text.length);
  // From the end, so that each chain comes out in the order of the text.
  for (let position = text.length - GRAM_LENGTH_UNITS; position >= 0; position -= 1) {
    const hash = hashGram(text, position, bits);
    nextPosition[position] = firstPosition[hash] as number;
    firstPosition[hash] = position;
    counts[hash] = (counts[hash] as number) + 1;
  }
  return { firstPosition, nextPosition, counts, bits };
}

/** Where in `words` the stretch begins that has the fewest places in the text, and those places. */
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

/** FNV-1a over the units, folded to `bits`. */
function hashGram(text: string, offset: number, bits: number): number {
  let hash = 0x811c9dc5;
  for (let unit = offset; unit < offset + GRAM_LENGTH_UNITS; unit += 1)
    hash = Math.imul(hash ^ text.charCodeAt(unit), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> (32 - bits);
}
