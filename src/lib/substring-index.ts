/** Finds every place of some words in a text of megabytes, tens of thousands of times over. */

/** How many UTF-16 units stand together in the index. */
const GRAM = 6;
const MIN_BITS = 10;
const MAX_BITS = 20;
const NONE = -1;

/**
 * An index of `text` by all stretches of `GRAM` units in it. To look for words is to walk through the places of the
 * rarest stretch that they hold, rather than through the text.
 */
export function occurrencesIn(text: string): (words: string) => number[] {
  let index: Index | undefined;
  return (words) => {
    if (words.length < GRAM || text.length < GRAM) return scanned(text, words);
    index ??= indexOf(text);
    const { gram, places } = rarestGram(index, words);
    return places.map((place) => place - gram).filter((start) => start >= 0 && text.startsWith(words, start));
  };
}

function scanned(text: string, words: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) found.push(at);
  return found;
}

interface Index {
  /** The first place of each hash, and from each place the next of the same hash. */
  first: Int32Array;
  next: Int32Array;
  /** How many places each hash has. */
  count: Int32Array;
  bits: number;
}

function indexOf(text: string): Index {
  const bits = Math.min(MAX_BITS, Math.max(MIN_BITS, Math.ceil(Math.log2(text.length))));
  const first = new Int32Array(2 ** bits).fill(NONE);
  const count = new Int32Array(2 ** bits);
  const next = new Int32Array(text.length);
  // From the end, so that each chain comes out in the order of the text.
  for (let at = text.length - GRAM; at >= 0; at -= 1) {
    const hash = hashAt(text, at, bits);
    next[at] = first[hash] as number;
    first[hash] = at;
    count[hash] = (count[hash] as number) + 1;
  }
  return { first, next, count, bits };
}

/** Where in `words` the stretch begins that has the fewest places in the text, and those places. */
function rarestGram({ first, next, count, bits }: Index, words: string): { gram: number; places: number[] } {
  let gram = 0;
  let hash = hashAt(words, 0, bits);
  for (let at = 1; at <= words.length - GRAM; at += 1) {
    const other = hashAt(words, at, bits);
    if ((count[other] as number) >= (count[hash] as number)) continue;
    gram = at;
    hash = other;
  }
  const places: number[] = [];
  for (let place = first[hash] as number; place !== NONE; place = next[place] as number) places.push(place);
  return { gram, places };
}

/** FNV-1a over the units, folded to `bits`. */
function hashAt(text: string, at: number, bits: number): number {
  let hash = 0x811c9dc5;
  for (let unit = at; unit < at + GRAM; unit += 1) hash = Math.imul(hash ^ text.charCodeAt(unit), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> (32 - bits);
}
