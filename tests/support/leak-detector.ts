/** Which words of a text can be recognised anywhere: to see that they are gone. */

/** Every string in `value`, those in JSON that is kept as text too. */
export function stringsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') {
    if (/^[[{]/.test(value) && isJson(value)) stringsIn(JSON.parse(value), found);
    else found.add(value);
  } else if (value !== null && typeof value === 'object') {
    for (const each of Object.values(value)) stringsIn(each, found);
  }
  return found;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const wordsIn = (text: string): string[] =>
  text
    .replaceAll(/<\/?mark>/g, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

const RUN = 4;

/** Every run of four words. */
export const runsIn = (text: string): string[] => {
  const words = wordsIn(text);
  return words.slice(RUN - 1).map((_, index) => words.slice(index, index + RUN).join(' '));
};

/** Runs of words in `texts`, and quotations out of them, that `kept` has nowhere. */
export class Traces {
  readonly runs: Set<string>;
  readonly quotations: string[];
  /** Single words that `kept` has nowhere either. */
  readonly words: string[];

  constructor(texts: string[], quotations: string[], kept: string[]) {
    const known = new Set(kept.flatMap(runsIn));
    this.runs = new Set(texts.flatMap(runsIn).filter((run) => !known.has(run)));
    const all = kept.join('\n').toLowerCase();
    this.quotations = [...new Set(quotations)].filter(
      (words) => words.length >= 10 && !all.includes(words.toLowerCase()),
    );
    const keptWords = new Set(kept.flatMap(wordsIn));
    this.words = [...new Set(texts.flatMap(wordsIn))].filter(
      (word) => word.length > 2 && !keptWords.has(word),
    );
  }

  /** What of it stands in these strings. */
  in(strings: Iterable<string>): string[] {
    return [...strings].flatMap((text) => [
      ...runsIn(text).filter((run) => this.runs.has(run)),
      ...this.quotations.filter((words) => text.includes(words)),
    ]);
  }
}
