/** Where words stand in a text. A long text has an index of its words, or many quotations would each walk all of it. */

/** In UTF-16 units, in the order of the text. */
export type Find = (sought: string) => number[];

/** Shorter texts are walked sooner than indexed. */
const LONG = 20_000;

export function finderIn(text: string): Find {
  if (text.length < LONG) return (sought) => walked(text, sought);
  let index: Map<string, number[]> | undefined;
  return (sought) => {
    // A word that touches an end of what is sought may be part of a longer one in the text.
    const whole = wordsIn(sought).filter(([word, at]) => at > 0 && at + word.length < sought.length);
    if (whole.length === 0) return walked(text, sought);
    index ??= indexOf(text);
    const places = whole.map(([word, at]) => ({ at, all: index?.get(word) ?? [] }));
    const rarest = places.reduce((a, b) => (b.all.length < a.all.length ? b : a));
    return rarest.all
      .map((place) => place - rarest.at)
      .filter((start) => start >= 0 && text.startsWith(sought, start));
  };
}

function indexOf(text: string): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [word, at] of wordsIn(text)) {
    const places = index.get(word);
    if (places) places.push(at);
    else index.set(word, [at]);
  }
  return index;
}

function wordsIn(text: string): [string, number][] {
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ 0: word, index }) => [word, index]);
}

function walked(text: string, sought: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) found.push(at);
  return found;
}
