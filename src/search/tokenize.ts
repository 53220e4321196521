/**
 * Words for search, taken alike from texts and from queries, so that both stores find the same facts.
 *
 * A word is a run of letters and digits with accents and case folded away. Scripts that put no space between
 * words (Han, kana, Thai …) give one word a character. An English possessive `'s` is dropped.
 */

/** Raise it when this file changes what it returns: stores then rebuild their search index at the next start. */
export const TOKENIZER_VERSION = 2;

/** Letters that stand for an accent or a pair and that Unicode does not take apart. */
const FOLDED_LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ŋ: 'n',
};

/** Of a longer word the rest tells nothing apart: no index takes keys of any length. */
const MAX_WORD_CODE_POINTS = 200;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** A word of the English alphabet that is not too long. */
const ASCII_WORD = new RegExp(`^[a-zA-Z0-9]{1,${MAX_WORD_CODE_POINTS}}$`);
const ACCENTS = /[\u0300-\u036f]/g;
const APOSTROPHE = /['’ʼ＇]/;
const POSSESSIVE = /['’ʼ＇]s(?![\p{L}\p{N}])/giu;
const UNSPACED_SCRIPTS =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
/** A letter of a script without spaces, or a run of others. */
const WORD_PART = new RegExp(`[${UNSPACED_SCRIPTS}]\\p{M}*|[^${UNSPACED_SCRIPTS}]+`, 'gu');

/** A word and where it stands in the text that it was taken from, in UTF-16 units. */
export interface Token {
  word: string;
  start: number;
  end: number;
}

/** The folded words of `text`, in order. */
export const tokenize = (text: string): string[] => tokenizeWithOffsets(text).map(({ word }) => word);

/** The folded words of `text` with their places. */
export function tokenizeWithOffsets(text: string): Token[] {
  const textWithoutPossessives = APOSTROPHE.test(text)
    ? text.replace(POSSESSIVE, (possessive) => ' '.repeat(possessive.length))
    : text;
  const tokens: Token[] = [];
  for (const { 0: run, index } of textWithoutPossessives.matchAll(WORD)) {
    // Most words are such, and there is nothing else to fold in them.
    if (ASCII_WORD.test(run)) tokens.push({ word: run.toLowerCase(), start: index, end: index + run.length });
    else for (const part of run.matchAll(WORD_PART)) tokens.push(...foldWord(part[0], index + part.index));
  }
  return tokens;
}

function foldWord(run: string, start: number): Token[] {
  const word = run
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\P{ASCII}/gu, (letter) => FOLDED_LETTERS[letter] ?? letter);
  // Compatibility forms can come apart into something with spaces or signs in it, such as ½ or ㏂.
  return (word.match(WORD) ?? []).map((part) => ({
    word: truncateWord(part),
    start,
    end: start + run.length,
  }));
}

const truncateWord = (word: string): string =>
  word.length <= MAX_WORD_CODE_POINTS ? word : Array.from(word).slice(0, MAX_WORD_CODE_POINTS).join('');
