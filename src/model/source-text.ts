/**
 * A source text: offsets in Unicode code points, lines and columns, sentences, and the places of a quotation.
 * JavaScript counts UTF-16 units, the contract counts code points; this is where the two meet.
 */
import { createHash } from 'node:crypto';
import search from 'approx-string-match';
import { occurrencesIn } from '../lib/substring-index.ts';
import { CONTEXT_CODE_POINTS, type Quotation } from './evidence.ts';

/** A stretch of text, in UTF-16 units, `end` exclusive. */
export interface Stretch {
  start: number;
  end: number;
}

export interface SourceText {
  text: string;
  sha256: string;
  lengthCodePoints: number;
  /** UTF-16 offset → offset in code points. */
  codePointAt(unit: number): number;
  /** Where each line begins, in UTF-16 units. */
  lineStarts: number[];
  /** Every place of some words, in UTF-16 units. */
  occurrences(words: string): number[];
}

/** Half of a code point that takes two units. */
const SURROGATE = /[\ud800-\udfff]/;

export function sourceText(text: string): SourceText {
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const occurrences = occurrencesIn(text);
  if (!SURROGATE.test(text)) {
    const codePointAt = (unit: number) => unit;
    return { text, sha256, lengthCodePoints: text.length, codePointAt, lineStarts, occurrences };
  }
  const points = new Uint32Array(text.length + 1);
  for (let unit = 0, point = 0; unit < text.length; point += 1) {
    const units = (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
    points[unit] = point;
    if (units === 2) points[unit + 1] = point;
    unit += units;
    points[unit] = point + 1;
  }
  const codePointAt = (unit: number) => points[unit] as number;
  return {
    text,
    sha256,
    lengthCodePoints: codePointAt(text.length),
    codePointAt,
    lineStarts,
    occurrences,
  };
}

/**
 * Where the quotation stands: every place that its prefix and suffix leave. White space between them and the
 * quotation need not be given, since YAML drops it at the ends of what stands without quotation marks.
 */
export function placesOf(source: SourceText, { quote, prefix = '', suffix = '' }: Quotation): Stretch[] {
  const { text } = source;
  const before = prefix.trimEnd();
  const after = suffix.trimStart();
  const fits = ({ start, end }: Stretch) =>
    start >= 0 &&
    text.startsWith(quote, start) &&
    endsBefore(text, start, before) &&
    text.startsWith(after, skipSpace(text, end, after));
  return startsBy(source, quote, before, after)
    .map((start) => ({ start, end: start + quote.length }))
    .filter(fits);
}

/** Where the quotation may begin: told by the longest of the three, which has the fewest places. */
function startsBy({ text, occurrences }: SourceText, quote: string, before: string, after: string): number[] {
  if (quote.length >= before.length && quote.length >= after.length) return occurrences(quote);
  if (before.length >= after.length) {
    return occurrences(before).flatMap((at) => spaceFrom(text, at + before.length, 1));
  }
  return occurrences(after).flatMap((at) => spaceFrom(text, at, -1).map((end) => end - quote.length));
}

/** `at`, and every further place that only white space lies between. */
function spaceFrom(text: string, at: number, step: 1 | -1): number[] {
  const places = [at];
  const unit = (place: number) => text[step > 0 ? place : place - 1] ?? 'x';
  for (let place = at; /\s/.test(unit(place)); place += step) places.push(place + step);
  return step > 0 ? places : places.reverse();
}

function endsBefore(text: string, end: number, words: string): boolean {
  if (words === '') return true;
  let at = end;
  while (at > 0 && /\s/.test(text[at - 1] as string)) at -= 1;
  return text.startsWith(words, at - words.length) && at >= words.length;
}

function skipSpace(text: string, start: number, words: string): number {
  let at = start;
  while (words !== '' && at < text.length && /\s/.test(text[at] as string)) at += 1;
  return at;
}

/** Up to 32 code points on either side of a stretch. */
export function contextOf({ text }: SourceText, { start, end }: Stretch): { prefix: string; suffix: string } {
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
export function sentencesOf({ text }: SourceText, language: string): Stretch[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  const sentences: Stretch[] = [];
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
export function positionOf(
  { lineStarts, codePointAt }: SourceText,
  unit: number,
): { line: number; column: number } {
  let line = 0;
  let after = lineStarts.length;
  while (after - line > 1) {
    const middle = (line + after) >> 1;
    if ((lineStarts[middle] as number) <= unit) line = middle;
    else after = middle;
  }
  return { line: line + 1, column: codePointAt(unit) - codePointAt(lineStarts[line] as number) + 1 };
}

/** Longer patterns are cut before they are looked for approximately; that is what the search costs by. */
const NEAREST_PATTERN_UNITS = 120;
/** In longer texts only what is nearly the same is looked for. */
const NEAREST_TEXT_UNITS = 200_000;

/** The stretch of the text that is most like `quote`, if any is like it at all. */
export function nearestTo({ text }: SourceText, quote: string): Stretch | null {
  const pattern = plain(quote.slice(0, NEAREST_PATTERN_UNITS));
  const haystack = plain(text);
  let best: { start: number; end: number; errors: number } | undefined;
  // A small bound first: the search costs by the errors that it must allow for.
  for (const share of text.length > NEAREST_TEXT_UNITS ? [0.1] : [0.1, 0.4]) {
    for (const match of search(haystack, pattern, Math.floor(pattern.length * share))) {
      if (!best || match.errors < best.errors) best = match;
    }
    if (best) break;
  }
  if (!best) return null;
  const end = best.end + Math.max(0, quote.length - NEAREST_PATTERN_UNITS);
  return wholeWords(text, { start: best.start, end: Math.min(end, text.length) });
}

/** The stretch, grown until it cuts no word in two. */
function wholeWords(text: string, { start, end }: Stretch): Stretch {
  const within = (at: number) => /[\p{L}\p{N}]{2}/u.test(text.slice(at - 1, at + 1));
  let [from, to] = [start, end];
  while (from > 0 && within(from)) from -= 1;
  while (to < text.length && within(to)) to += 1;
  return { start: from, end: to };
}

/** Case, quotation marks, dashes and white space made alike, unit for unit, so that offsets stay. */
function plain(text: string): string {
  return text
    .replace(/[‘’‚‛′´`]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/\s/g, ' ')
    .replace(/[A-ZÀ-ÖØ-Þ]/g, (letter) => letter.toLowerCase());
}
