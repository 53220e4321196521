/** Detector of words of a redacted text in responses, files and tables. */

/** Collects all strings in `value`, including strings in JSON that is stored as text. */
export function collectStrings(value: unknown, strings: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') {
    if (/^[[{]/.test(value) && isJson(value)) collectStrings(JSON.parse(value), strings);
    else strings.add(value);
  } else if (value !== null && typeof value === 'object') {
    for (const each of Object.values(value)) collectStrings(each, strings);
  }
  return strings;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const extractWords = (text: string): string[] =>
  text
    .replaceAll(/<\/?mark>/g, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

const NGRAM_SIZE = 4;

/** Returns all runs of four words. */
export const extractNgrams = (text: string): string[] => {
  const words = extractWords(text);
  return words.slice(NGRAM_SIZE - 1).map((_, index) => words.slice(index, index + NGRAM_SIZE).join(' '));
};

/** Runs of words in `texts`, and quotations from them, that do not occur in `retainedTexts`. */
export class LeakDetector {
  readonly ngrams: Set<string>;
  readonly quotations: string[];
  /** Single words that do not occur in `retainedTexts`. */
  readonly words: string[];

  constructor(texts: string[], quotations: string[], retainedTexts: string[]) {
    const retainedNgrams = new Set(retainedTexts.flatMap(extractNgrams));
    this.ngrams = new Set(texts.flatMap(extractNgrams).filter((run) => !retainedNgrams.has(run)));
    const retainedText = retainedTexts.join('\n').toLowerCase();
    this.quotations = [...new Set(quotations)].filter(
      (words) => words.length >= 10 && !retainedText.includes(words.toLowerCase()),
    );
    const retainedWords = new Set(retainedTexts.flatMap(extractWords));
    this.words = [...new Set(texts.flatMap(extractWords))].filter(
      (word) => word.length > 2 && !retainedWords.has(word),
    );
  }

  /** Returns the runs of words and the quotations that occur in `strings`. */
  findLeaks(strings: Iterable<string>): string[] {
    return [...strings].flatMap((text) => [
      ...extractNgrams(text).filter((run) => this.ngrams.has(run)),
      ...this.quotations.filter((words) => text.includes(words)),
    ]);
  }
}
