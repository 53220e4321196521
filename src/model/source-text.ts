/**
 * A source text: offsets in Unicode code points, lines and columns, sentences, and the places of a quotation.
 * JavaScript counts UTF-16 units, the contract counts code points; this is where the two meet.
 */
import { createHash } from 'node:crypto';
import approximateSearch from 'approx-string-match';
import { createSubstringIndex } from '../lib/substring-index.ts';
import { CONTEXT_CODE_POINTS, type Quotation } from './evidence.ts';

/** A stretch of text, in UTF-16 units, `end` exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

export interface SourceText {
  text: string;
  sha256: string;
  lengthCodePoints: number;
  /** UTF-16 offset → offset in code points. */
  toCodePointOffset(unit: number): number;
  /** Where each line begins, in UTF-16 units. */
  lineStarts: number[];
  /** Every place of some words, in UTF-16 units. */
  findOccurrences(needle: string): number[];
}

/** Half of a code point that takes two units. */
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
 * Where the quotation stands: every place that its prefix and suffix leave. White space between them and the
 * quotation need not be given, since YAML drops it at the ends of what stands without quotation marks.
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

/** Where the quotation may begin: told by the longest of the three, which has the fewest places. */
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

/** `at`, and every further place that only white space lies between. */
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

/** Up to 32 code points on either side of a stretch. */
export function getContext(
  { text }: SourceText,
  { start, end }: TextRange,
): { prefix: string; suffix: string } {
  const prefix = text.slice(Math.max(0, start - CONTEXT_CODE_POINTS), start);
  const suffix = text.slice(end, end + CONTEXT_CODE_POINTS);
  if (!SURROGATE.test(prefix) && !SURROGATE.test(suffix)) return { prefix, suffix };
  // A code point has at most two units, so twice the units are always enough.
  const before = Array.from(text.slice(Math.max(0, start - 2 * CONTEXT_CODE_POINTS), start).toWellFormed());
  const after = Array.from(text.slice(end, end + 2 * CONTEXT_CODE_POINTS).toWellFormed());
  return {
    prefix: before.slice(-CONTEXT_CODE_POINTS).join(''),
    suffix: after.slice(0, CONTEXT_CODE_POINTS).join(''),
  };
}

/** The sentences and headings: each line is cut at its sentence ends, what holds no letter or digit left out. */
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

/** Line and column of a UTF-16 offset, both from 1, the column in code points. */
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

/** Longer patterns are cut before they are looked for approximately; that is what the search costs by. */
const MAX_PATTERN_UNITS = 120;
/** In longer texts only what is nearly the same is looked for. */
const MAX_FUZZY_TEXT_UNITS = 200_000;

/** The stretch of the text that is most like `quote`, if any is like it at all. */
export function findNearest({ text }: SourceText, quote: string): TextRange | null {
  const pattern = normalizeForComparison(quote.slice(0, MAX_PATTERN_UNITS));
  const haystack = normalizeForComparison(text);
  let bestMatch: { start: number; end: number; errors: number } | undefined;
  // A small bound first: the search costs by the errors that it must allow for.
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

/** The stretch, grown until it cuts no word in two. */
function expandToWords(text: string, { start, end }: TextRange): TextRange {
  const isInsideWord = (position: number) => /[\p{L}\p{N}]{2}/u.test(text.slice(position - 1, position + 1));
  let [from, to] = [start, end];
  while (from > 0 && isInsideWord(from)) from -= 1;
  while (to < text.length && isInsideWord(to)) to += 1;
  return { start: from, end: to };
}

/** Case, quotation marks, dashes and white space made alike, unit for unit, so that offsets stay. */
function normalizeForComparison(text: string): string {
  return text
    .replace(/[‘’‚‛′´`]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/\s/g, ' ')
    .replace(/[A-ZÀ-ÖØ-Þ]/g, (letter) => letter.toLowerCase());
}
