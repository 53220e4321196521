/**
 * Source text: offsets, lines and columns, sentences, and positions of quotations. JavaScript counts UTF-16
 * units, the API counts Unicode code points; this module converts between them.
 */
import { createHash } from 'node:crypto';
import approximateSearch from 'approx-string-match';
import { ceilToGrapheme, floorToGrapheme, takeGraphemes, takeLastGraphemes } from '../lib/graphemes.ts';
import { type FoldedText, foldWithOffsets } from '../lib/look-alikes.ts';
import { createSubstringIndex } from '../lib/substring-index.ts';
import { CONTEXT_CODE_POINTS, type Quotation } from './evidence.ts';

/** Range of a text in UTF-16 units, `end` exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

export interface SourceText {
  text: string;
  sha256: string;
  lengthCodePoints: number;
  /** Converts an offset in UTF-16 units to code points. */
  toCodePointOffset(unit: number): number;
  /** Offsets at which the lines begin, in UTF-16 units. */
  lineStarts: number[];
  /** Returns the offsets of all occurrences of a string, in UTF-16 units. */
  findOccurrences(needle: string): number[];
  /** Returns the text with its look-alikes folded, for comparisons; computed once. */
  getFoldedText(): FoldedText;
}

/** Half of a code point that takes two UTF-16 units. */
const SURROGATE = /[\ud800-\udfff]/;

export function createSourceText(text: string): SourceText {
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const findOccurrences = createSubstringIndex(text);
  let foldedText: FoldedText | undefined;
  const getFoldedText = () => {
    foldedText ??= foldWithOffsets(text);
    return foldedText;
  };
  const toCodePointOffset = createOffsetConverter(text);
  return {
    text,
    sha256,
    lengthCodePoints: toCodePointOffset(text.length),
    toCodePointOffset,
    lineStarts,
    findOccurrences,
    getFoldedText,
  };
}

/** Creates the conversion of offsets in UTF-16 units to code points. */
function createOffsetConverter(text: string): SourceText['toCodePointOffset'] {
  if (!SURROGATE.test(text)) return (unit) => unit;
  const codePointOffsets = new Uint32Array(text.length + 1);
  for (let unit = 0, codePointOffset = 0; unit < text.length; codePointOffset += 1) {
    const units = (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
    codePointOffsets[unit] = codePointOffset;
    if (units === 2) codePointOffsets[unit + 1] = codePointOffset;
    unit += units;
    codePointOffsets[unit] = codePointOffset + 1;
  }
  return (unit) => codePointOffsets[unit] as number;
}

/**
 * Returns all positions of a quotation that match its prefix and suffix. Whitespace between them and the
 * quotation is optional, because YAML drops it at the ends of unquoted strings.
 */
export function findQuotationRanges(
  source: SourceText,
  { quote, prefix = '', suffix = '' }: Quotation,
): TextRange[] {
  const { text } = source;
  const prefixWords = prefix.trimEnd();
  const suffixWords = suffix.trimStart();
  const matchesContext = ({ start, end }: TextRange) =>
    start >= 0 &&
    text.startsWith(quote, start) &&
    isPrecededBy(text, start, prefixWords) &&
    text.startsWith(suffixWords, skipWhitespace(text, end, suffixWords));
  return findCandidateStarts(source, quote, prefixWords, suffixWords)
    .map((start) => ({ start, end: start + quote.length }))
    .filter(matchesContext);
}

/** Returns possible starts of the quotation, found by the longest of the three texts, which is the rarest. */
function findCandidateStarts(
  { text, findOccurrences }: SourceText,
  quote: string,
  prefixWords: string,
  suffixWords: string,
): number[] {
  if (quote.length >= prefixWords.length && quote.length >= suffixWords.length) return findOccurrences(quote);
  if (prefixWords.length >= suffixWords.length) {
    return findOccurrences(prefixWords).flatMap((position) =>
      expandOverWhitespace(text, position + prefixWords.length, 1),
    );
  }
  return findOccurrences(suffixWords).flatMap((position) =>
    expandOverWhitespace(text, position, -1).map((end) => end - quote.length),
  );
}

/** Returns `start` and all further positions that only whitespace separates from it. */
function expandOverWhitespace(text: string, start: number, step: 1 | -1): number[] {
  const positions = [start];
  const getUnit = (position: number) => text[step > 0 ? position : position - 1] ?? 'x';
  for (let offset = start; /\s/.test(getUnit(offset)); offset += step) positions.push(offset + step);
  return step > 0 ? positions : positions.reverse();
}

function isPrecededBy(text: string, end: number, words: string): boolean {
  if (words === '') return true;
  let position = end;
  while (position > 0 && /\s/.test(text[position - 1] as string)) position -= 1;
  return text.startsWith(words, position - words.length) && position >= words.length;
}

function skipWhitespace(text: string, start: number, words: string): number {
  let position = start;
  while (words !== '' && position < text.length && /\s/.test(text[position] as string)) position += 1;
  return position;
}

/** Returns up to 32 code points on each side of a range, fewer where more would cut a grapheme. */
export function getContext(
  { text }: SourceText,
  { start, end }: TextRange,
): { prefix: string; suffix: string } {
  // A code point has at most two units, so twice as many units are always enough. Graphemes are looked for in
  // a longer text, whose own ends do not matter.
  const before = text.slice(floorToGrapheme(text, Math.max(0, start - MAX_CONTEXT_UNITS)), start);
  const after = text.slice(end, end + MAX_CONTEXT_UNITS);
  return {
    prefix: takeLastGraphemes(before, CONTEXT_CODE_POINTS),
    suffix: takeGraphemes(after, CONTEXT_CODE_POINTS),
  };
}

/** Length of the text in which the graphemes of a context are looked for. */
const MAX_CONTEXT_UNITS = 4 * CONTEXT_CODE_POINTS;

/** Splits each line into sentences, or one heading. Skips those without a letter or digit. */
export function splitSentences({ text }: SourceText, language: string): TextRange[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  const sentences: TextRange[] = [];
  for (const line of text.matchAll(/[^\r\n]+/g)) {
    for (const { segment, index } of segmenter.segment(line[0])) {
      if (!/[\p{L}\p{N}]/u.test(segment)) continue;
      const start = line.index + index + (segment.length - segment.trimStart().length);
      sentences.push({ start, end: start + segment.trim().length });
    }
  }
  return sentences;
}

/** Returns line and column of an offset in UTF-16 units. Both count from 1, the column in code points. */
export function toLineAndColumn(
  { lineStarts, toCodePointOffset }: SourceText,
  unit: number,
): { line: number; column: number } {
  let lower = 0;
  let upper = lineStarts.length;
  while (upper - lower > 1) {
    const middle = (lower + upper) >> 1;
    if ((lineStarts[middle] as number) <= unit) lower = middle;
    else upper = middle;
  }
  return {
    line: lower + 1,
    column: toCodePointOffset(unit) - toCodePointOffset(lineStarts[lower] as number) + 1,
  };
}

/** Maximum length of a pattern for the approximate search, whose cost grows with it. */
const MAX_PATTERN_UNITS = 120;
/** Maximum length of a text that is searched for distant matches; longer texts only for close ones. */
const MAX_FUZZY_TEXT_UNITS = 200_000;

/**
 * Returns the range of the text that is most similar to `quote`, or null if there is none. Case, characters that
 * look alike, invisible ones and Unicode normalization make no difference. The range splits no word.
 */
export function findNearest({ text, getFoldedText }: SourceText, quote: string): TextRange | null {
  const haystack = getFoldedText();
  const pattern = foldWithOffsets(quote).text;
  const errorRatios = text.length > MAX_FUZZY_TEXT_UNITS ? [0.1] : [0.1, 0.4];
  const head = searchApproximately(haystack.text, pattern.slice(0, MAX_PATTERN_UNITS), errorRatios);
  if (!head) return null;
  const end = pattern.length > MAX_PATTERN_UNITS ? findPatternEnd(haystack.text, pattern, head) : head.end;
  const start = haystack.toOriginalOffset(head.start);
  const lastCharacter = haystack.toOriginalOffset(Math.max(head.start, end - 1));
  return expandToWords(text, { start, end: Math.min(text.length, lastCharacter + 1) });
}

/** Returns the match with the fewest errors; of several, the one whose end is nearest to `expectedEnd`. */
function searchApproximately(
  text: string,
  pattern: string,
  errorRatios: number[],
  expectedEnd = 0,
): TextRange | undefined {
  // Try a low limit first: the cost grows with the number of errors allowed.
  for (const errorRatio of errorRatios) {
    const matches = approximateSearch(text, pattern, Math.floor(pattern.length * errorRatio));
    const rank = ({ end }: TextRange) => Math.abs(end - expectedEnd);
    matches.sort((a, b) => a.errors - b.errors || rank(a) - rank(b));
    if (matches[0]) return matches[0];
  }
  return undefined;
}

/** Finds the end of a pattern that is too long for one search, by its last units. */
function findPatternEnd(text: string, pattern: string, head: TextRange): number {
  const expectedEnd = Math.min(text.length, head.start + pattern.length);
  const tail = pattern.slice(-Math.min(MAX_PATTERN_UNITS, pattern.length - MAX_PATTERN_UNITS));
  const windowStart = Math.max(head.end, expectedEnd - 2 * MAX_PATTERN_UNITS);
  const window = text.slice(windowStart, expectedEnd + MAX_PATTERN_UNITS);
  const match = searchApproximately(window, tail, [0.1, 0.4], expectedEnd - windowStart);
  return match ? windowStart + match.end : expectedEnd;
}

const wordSegmenter = new Intl.Segmenter('und', { granularity: 'word' });
/** Maximum distance from an offset to the ends of its word. */
const MAX_WORD_UNITS = 60;

/** Expands a range until it splits neither a word nor a grapheme. */
function expandToWords(text: string, { start, end }: TextRange): TextRange {
  const [from] = findWord(text, start);
  const [, to] = findWord(text, end);
  return { start: floorToGrapheme(text, from), end: ceilToGrapheme(text, to) };
}

/** Returns start and end of the word that `index` is in; twice `index` if it is in none. */
function findWord(text: string, index: number): [start: number, end: number] {
  const windowStart = floorToGrapheme(text, Math.max(0, index - MAX_WORD_UNITS));
  const word = wordSegmenter
    .segment(text.slice(windowStart, index + MAX_WORD_UNITS))
    .containing(index - windowStart);
  const start = windowStart + (word?.index ?? index - windowStart);
  return word?.isWordLike && start < index ? [start, start + word.segment.length] : [index, index];
}
