/** Synonyms from `db/synonyms.yaml`: search treats all phrases on a line as one word. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { TOKENIZER_VERSION, type Token, tokenize, tokenizeWithOffsets } from './tokenize.ts';

export interface Synonyms {
  /** Returns the words to index a text by: its own words, and the canonical word of each synonym in it. */
  tokenizeText(text: string): string[];
  /** Returns the words to index a text by, with their positions in the text. */
  tokenizeWithOffsets(text: string): Token[];
  /** Returns the words of a query, with each synonym replaced by its canonical word. */
  tokenizeQuery(query: string): string[];
  /** Hash that changes when a text would be indexed by other words than before. */
  fingerprint: string;
}

interface Phrase {
  words: string[];
  canonicalWord: string;
}

const SynonymLines = z.array(z.array(z.string().min(1)).min(2));

export function readSynonyms(path: string): Synonyms {
  const lines = SynonymLines.safeParse(parse(readFileSync(path, 'utf8')));
  if (!lines.success)
    throw new Error(`${path}: must be a list of lists of two or more words: ${z.prettifyError(lines.error)}`);
  return createSynonyms(lines.data);
}

export function createSynonyms(lines: string[][]): Synonyms {
  const byFirstWord = new Map<string, Phrase[]>();
  for (const [first = '', ...others] of lines) {
    const canonicalWord = tokenize(first).join('');
    for (const phrase of [first, ...others]) {
      const words = tokenize(phrase);
      const firstWord = words[0] ?? '';
      byFirstWord.set(firstWord, [...(byFirstWord.get(firstWord) ?? []), { words, canonicalWord }]);
    }
  }
  const findPhrase = (words: string[], position: number): Phrase | undefined =>
    byFirstWord
      .get(words[position] as string)
      ?.filter((phrase) => phrase.words.every((word, index) => words[position + index] === word))
      .sort((a, b) => b.words.length - a.words.length)[0];

  const locateTokens = (text: string): Token[] => {
    const tokens = tokenizeWithOffsets(text);
    const words = tokens.map(({ word }) => word);
    const synonymTokens = tokens.flatMap(({ start }, index): Token[] => {
      const phrase = findPhrase(words, index);
      const lastToken = phrase && tokens[index + phrase.words.length - 1];
      return lastToken ? [{ word: phrase.canonicalWord, start, end: lastToken.end }] : [];
    });
    return [...tokens, ...synonymTokens];
  };

  return {
    tokenizeWithOffsets: locateTokens,
    tokenizeText: (text) => locateTokens(text).map(({ word }) => word),
    tokenizeQuery(query) {
      const words = tokenize(query);
      const queryWords: string[] = [];
      for (let position = 0; position < words.length; ) {
        const phrase = findPhrase(words, position);
        queryWords.push(phrase?.canonicalWord ?? (words[position] as string));
        position += phrase?.words.length ?? 1;
      }
      return [...new Set(queryWords)];
    },
    fingerprint: createHash('sha256')
      .update(JSON.stringify([TOKENIZER_VERSION, lines]))
      .digest('hex'),
  };
}
