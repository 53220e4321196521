/** The source text of a dossier as it grows line by line, and quotations of it. */
import { occurrencesIn } from '../../src/facts/occurrences.ts';

/** Some words of a line, as a dossier quotes them, with what else stands beside them there. */
export type Quote = (words: string, more: Record<string, unknown>) => Record<string, unknown>;

export interface Text {
  /** Adds a sentence or heading, and gives what quotes it. */
  line(words: string): Quote;
  /** The whole text; quotations that stand in it more than once have been given the words before them. */
  finish(): string;
}

/** How much of what stands before a quotation is tried first. */
const PREFIX_UNITS = 12;

export function newText(): Text {
  let text = '';
  const quotations: { quotation: Record<string, unknown>; start: number }[] = [];
  return {
    line(words) {
      const from = text.length;
      text += `${words}\n`;
      return (quote, more) => {
        const quotation = { quote, ...more };
        quotations.push({ quotation, start: from + placeIn(words, quote) });
        return quotation;
      };
    },
    finish() {
      const occurrences = occurrencesIn(text);
      const places = new Map<string, number>();
      for (const { quotation, start } of quotations) {
        const quote = quotation['quote'] as string;
        const count = places.get(quote) ?? occurrences(quote).length;
        places.set(quote, count);
        if (count > 1) quotation['prefix'] = prefixOf(text, occurrences, quote, start);
      }
      return text;
    },
  };
}

/** Where whole words stand in a line: `Alder Pact 1` does not in `Alder Pact 17`. */
function placeIn(line: string, words: string): number {
  const isPart = (character: string | undefined) => /[\p{L}\p{N}]/u.test(character ?? ' ');
  for (let at = line.indexOf(words); at >= 0; at = line.indexOf(words, at + 1)) {
    if (!isPart(line[at - 1]) && !isPart(line[at + words.length])) return at;
  }
  throw new Error(`${JSON.stringify(words)} does not stand in ${JSON.stringify(line)}`);
}

/** As much of the text before `start` as tells this place of `quote` from all others. */
function prefixOf(
  text: string,
  occurrences: (words: string) => number[],
  quote: string,
  start: number,
): string {
  for (let units = PREFIX_UNITS; ; units *= 2) {
    const prefix = text.slice(Math.max(0, start - units), start).trimStart();
    if (units > start || occurrences(prefix + quote).length === 1) return prefix;
  }
}

/** `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
