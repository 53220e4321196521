/**
 * Source text: offsets, lines and columns, sentences, and positions of quotations. JavaScript counts UTF-16
 * units, the API counts Unicode code points; this module converts between them.
 */
import { createHash } from 'node:crypto';
import approximateSearch from 'approx-string-match';
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
}

/** Half of a code point that takes two UTF-16 units. */
const SURROGATE = /[\ud800-\udfff]/;

export function createSourceText(text: string): SourceText {
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const findOccurrences = createSubstringIndex(text);
  if (!SURROGATE.test(text)) {
    const toCodePointOffset = (unit: number) => unit;
    return { text, sha256, lengthCodePoints: text.length, toCodePointOffset, lineStarts, findOccurrences };
  }
  const codePointOffsets = new Uint32Array(text.length + 1);
  for (let unit = 0, codePointOffset = 0; unit < text.length; codePointOffset += 1) {
    const units = (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
    codePointOffsets[unit] = codePointOffset;
    if (units === 2) codePointOffsets[unit + 1] = codePointOffset;
    unit += units;
    codePointOffsets[unit] = codePointOffset + 1;
  }
  const toCodePointOffset = (unit: number) => codePointOffsets[unit] as number;
  return {
    text,
    sha256,
    lengthCodePoints: toCodePointOffset(text.length),
    toCodePointOffset,
    lineStarts,
    findOccurrences,
  };
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

/** Returns up to 32 code points on each side of a range. */
export function getContext(
  { text }: SourceText,
  { start, end }: TextRange,
): { prefix: string; suffix: string } {
  const prefix = text.slice(Math.max(0, start - CONTEXT_CODE_POINTS), start);
  const suffix = text.slice(end, end + CONTEXT_CODE_POINTS);
  if (!SURROGATE.test(prefix) && !SURROGATE.test(suffix)) return { prefix, suffix };
  // A code point has at most two units, so twice as many units are always enough.
  const before = Array.from(text.slice(Math.max(0, start - 2 * CONTEXT_CODE_POINTS), start).toWellFormed());
  const after = Array.from(text.slice(end, end + 2 * CONTEXT_CODE_POINTS).toWellFormed());
  return {
    prefix: before.slice(-CONTEXT_CODE_POINTS).join(''),
    suffix: after.slice(0, CONTEXT_CODE_POINTS).join(''),
  };
}

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

/** Maximum length of a pattern for the approximate search, whose cost grows with it; the rest is cut off. */
const MAX_PATTERN_UNITS = 120;
/** Maximum length of a text that is searched for distant matches; longer texts only for close ones. */
const MAX_FUZZY_TEXT_UNITS = 200_000;

/** Returns the range of the text that is most similar to `quote`, or null if there is none. */
export function findNearest({ text }: SourceText, quote: string): TextRange | null {
  const pattern = normalizeForComparison(quote.slice(0, MAX_PATTERN_UNITS));
  const haystack = normalizeForComparison(text);
  let bestMatch: { start: number; end: number; errors: number } | undefined;
  // Try a low limit first: the cost grows with the number of errors allowed.
  for (const errorRatio of text.length > MAX_FUZZY_TEXT_UNITS ? [0.1] : [0.1, 0.4]) {
    for (const match of approximateSearch(haystack, pattern, Math.floor(pattern.length * errorRatio))) {
      if (!bestMatch || match.errors < bestMatch.errors) bestMatch = match;
    }
    if (bestMatch) break;
  }
  if (!bestMatch) return null;
  const end = bestMatch.end + Math.max(0, quote.length - MAX_PATTERN_UNITS);
  return expandToWords(text, { start: bestMatch.start, end: Math.min(end, text.length) });
}

/** Expands a range until it splits no word. */
function expandToWords(text: string, { start, end }: TextRange): TextRange {
  const isInsideWord = (position: number) => /[\p{L}\p{N}]{2}/u.test(text.slice(position - 1, position + 1));
  let [from, to] = [start, end];
  while (from > 0 && isInsideWord(from)) from -= 1;
  while (to < text.length && isInsideWord(to)) to += 1;
  return { start: from, end: to };
}

/** Normalizes case, quotation marks, dashes and whitespace, unit for unit, so that offsets stay valid. */
function normalizeForComparison(text: string): string {
  return text
    .replace(/[‘’‚‛′´`]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/\s/g, ' ')
    .replace(/[A-ZÀ-ÖØ-Þ]/g, (letter) => letter.toLowerCase());
}
