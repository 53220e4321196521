/** Words that search takes as one: a line of `db/synonyms.yaml` each. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { WORDS_VERSION, type Word, wordsIn, wordsOf } from './tokenize.ts';

export interface Synonyms {
  /** What a text is found by: its words, and for each line of synonyms in it the line's own word. */
  wordsFor(text: string): string[];
  /** The same with their places in the text. */
  wordsIn(text: string): Word[];
  /** What a query asks for: each phrase from a line of synonyms replaced by the line's own word. */
  wordsAskedBy(query: string): string[];
  /** Changes when the same text would be found by other words. */
  fingerprint: string;
}

interface Phrase {
  words: string[];
  stands: string;
}

const Lines = z.array(z.array(z.string().min(1)).min(2));

export function readSynonyms(path: string): Synonyms {
  const lines = Lines.safeParse(parse(readFileSync(path, 'utf8')));
  if (!lines.success)
    throw new Error(`${path} must be a list of lists of words: ${z.prettifyError(lines.error)}`);
  return synonyms(lines.data);
}

export function synonyms(lines: string[][]): Synonyms {
  const byFirstWord = new Map<string, Phrase[]>();
  for (const [first = '', ...others] of lines) {
    const stands = wordsOf(first).join('');
    for (const phrase of [first, ...others]) {
      const words = wordsOf(phrase);
      const head = words[0] ?? '';
      byFirstWord.set(head, [...(byFirstWord.get(head) ?? []), { words, stands }]);
    }
  }
  const phraseAt = (words: string[], at: number): Phrase | undefined =>
    byFirstWord
      .get(words[at] as string)
      ?.filter((phrase) => phrase.words.every((word, index) => words[at + index] === word))
      .sort((a, b) => b.words.length - a.words.length)[0];

  const placed = (text: string): Word[] => {
    const found = wordsIn(text);
    const words = found.map(({ word }) => word);
    const lines = found.flatMap(({ start }, at): Word[] => {
      const phrase = phraseAt(words, at);
      const last = phrase && found[at + phrase.words.length - 1];
      return last ? [{ word: phrase.stands, start, end: last.end }] : [];
    });
    return [...found, ...lines];
  };

  return {
    wordsIn: placed,
    wordsFor: (text) => placed(text).map(({ word }) => word),
    wordsAskedBy(query) {
      const words = wordsOf(query);
      const asked: string[] = [];
      for (let at = 0; at < words.length; ) {
        const phrase = phraseAt(words, at);
        asked.push(phrase?.stands ?? (words[at] as string));
        at += phrase?.words.length ?? 1;
      }
      return [...new Set(asked)];
    },
    fingerprint: createHash('sha256')
      .update(JSON.stringify([WORDS_VERSION, lines]))
      .digest('hex'),
  };
}
