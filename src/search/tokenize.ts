/**
 * Tokenizer for search. Texts and queries share it, so that both stores find the same facts.
 *
 * A word is a run of letters and digits, with accents and case folded. In scripts without spaces between
 * words (Han, kana, Thai and others), each character is a word, so a zero-width space between words there is a
 * boundary. Elsewhere, invisible characters such as soft hyphens are ignored within a word. An English
 * possessive `'s` is dropped.
 */
import { INVISIBLE_CHARACTER, removeInvisibleCharacters } from '../lib/invisible-characters.ts';

/**
 * Version of the tokenizer's output. Increment it whenever the output changes: stores then rebuild their
 * search index at the next start.
 */
export const TOKENIZER_VERSION = 3;

/** Accented letters and ligatures that Unicode does not decompose. */
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

/** Maximum length of a word in code points. The rest is cut off, because databases limit index keys. */
const MAX_WORD_CODE_POINTS = 200;

const WORD = new RegExp(`[\\p{L}\\p{N}\\p{M}${INVISIBLE_CHARACTER}]+`, 'gu');
/** Word of ASCII letters and digits within the maximum length. */
const ASCII_WORD = new RegExp(`^[a-zA-Z0-9]{1,${MAX_WORD_CODE_POINTS}}$`);
const ACCENTS = /[\u0300-\u036f]/g;
const APOSTROPHE = /['’ʼ＇]/;
const POSSESSIVE = new RegExp(
  `['’ʼ＇]${INVISIBLE_CHARACTER}*s(?!${INVISIBLE_CHARACTER}*[\\p{L}\\p{N}])`,
  'giu',
);
const UNSPACED_SCRIPTS =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
/** One letter of a script without spaces, or a run of other letters. */
const WORD_PART = new RegExp(
  `[${UNSPACED_SCRIPTS}](?:${INVISIBLE_CHARACTER}*\\p{M})*|[^${UNSPACED_SCRIPTS}]+`,
  'gu',
);
const INVISIBLE_ENDS = new RegExp(`^${INVISIBLE_CHARACTER}+|${INVISIBLE_CHARACTER}+$`, 'gu');

/** Word with its position in the original text, in UTF-16 units; `end` is exclusive. */
export interface Token {
  word: string;
  start: number;
  end: number;
}

/** Returns the folded words of `text`, in order. */
export const tokenize = (text: string): string[] => tokenizeWithOffsets(text).map(({ word }) => word);

/** Returns the folded words of `text` with their positions. */
export function tokenizeWithOffsets(text: string): Token[] {
  const textWithoutPossessives = APOSTROPHE.test(text)
    ? text.replace(POSSESSIVE, (possessive) => ' '.repeat(possessive.length))
    : text;
  const tokens: Token[] = [];
  for (const { 0: run, index } of textWithoutPossessives.matchAll(WORD)) {
    // Fast path for most words: only their case needs folding.
    if (ASCII_WORD.test(run)) tokens.push({ word: run.toLowerCase(), start: index, end: index + run.length });
    else for (const part of run.matchAll(WORD_PART)) tokens.push(...foldWord(part[0], index + part.index));
  }
  return tokens;
}

function foldWord(run: string, runStart: number): Token[] {
  const visibleRun = run.replace(INVISIBLE_ENDS, '');
  const start = runStart + run.indexOf(visibleRun);
  const word = removeInvisibleCharacters(visibleRun)
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\P{ASCII}/gu, (letter) => FOLDED_LETTERS[letter] ?? letter);
  // Compatibility forms such as ½ or ㏂ can decompose into a text with spaces or symbols.
  return (word.match(WORD) ?? []).map((part) => ({
    word: truncateWord(part),
    start,
    end: start + visibleRun.length,
  }));
}

const truncateWord = (word: string): string =>
  word.length <= MAX_WORD_CODE_POINTS ? word : Array.from(word).slice(0, MAX_WORD_CODE_POINTS).join('');
