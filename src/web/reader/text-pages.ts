/** Splits a source text into parts for pages, or into excerpts around evidence if only these may be shown. */
import { findGraphemeBoundaries } from '../../lib/graphemes.ts';
import type { CodePointSpan } from '../../model/coverage.ts';
import type { EvidenceSpan } from '../quotation.ts';

/** Section of the text that may be shown; `start` is in code points. */
export interface Excerpt {
  start: number;
  codePoints: string[];
}

/** Line without its line break; `start` and `end` are in code points of the document. */
export interface Line extends CodePointSpan {
  codePoints: string[];
}

/** Approximate length of a page; a typical report is a third of it. */
const TARGET_PART_CODE_POINTS = 10_000;
/** Maximum overrun until the end of a line. */
const MAX_OVERRUN_CODE_POINTS = 2_000;

/** Splits a text into parts, at line breaks if one is near. Returns at least one part. */
export function splitIntoParts(codePoints: string[]): CodePointSpan[] {
  const parts: CodePointSpan[] = [];
  for (let start = 0; start < codePoints.length || parts.length === 0; ) {
    const end = findPartEnd(codePoints, start + TARGET_PART_CODE_POINTS);
    parts.push({ start, end });
    start = end;
  }
  return parts;
}

function findPartEnd(codePoints: string[], minEnd: number): number {
  if (minEnd >= codePoints.length) return codePoints.length;
  const lineEnd = codePoints.indexOf('\n', minEnd);
  if (lineEnd >= 0 && lineEnd - minEnd < MAX_OVERRUN_CODE_POINTS) return lineEnd + 1;
  const windowStart = minEnd - GRAPHEME_WINDOW_CODE_POINTS;
  const window = codePoints.slice(windowStart, minEnd + GRAPHEME_WINDOW_CODE_POINTS);
  return windowStart + floorToBoundary(findGraphemeBoundaries(window), minEnd - windowStart);
}

/** Length of the text on each side of an offset in which its grapheme is looked for. */
const GRAPHEME_WINDOW_CODE_POINTS = 64;

/** Returns the last boundary at or before `offset`. */
function floorToBoundary(boundaries: ReadonlySet<number>, offset: number): number {
  let floor = offset;
  while (floor > 0 && !boundaries.has(floor)) floor -= 1;
  return floor;
}

/** Splits by length alone, because a text restricted to excerpts must not reveal its line breaks. */
export const splitByLength = (length: number): CodePointSpan[] =>
  Array.from({ length: Math.max(1, Math.ceil(length / TARGET_PART_CODE_POINTS)) }, (_, index) => ({
    start: index * TARGET_PART_CODE_POINTS,
    end: Math.min(length, (index + 1) * TARGET_PART_CODE_POINTS),
  }));

/** Returns the index of the part that contains the code point at `offset`. */
export const findPartIndex = (parts: CodePointSpan[], offset: number): number =>
  parts.findLastIndex(({ start }) => start <= offset);

/** Builds the excerpts of a part: evidence with its prefix and suffix, merged where they overlap or touch. */
export function buildExcerpts(
  evidence: Pick<EvidenceSpan, 'start' | 'exact' | 'prefix' | 'suffix'>[],
  part: CodePointSpan,
): Excerpt[] {
  const singleExcerpts = evidence
    .map(({ start, exact, prefix, suffix }) => createExcerpt(start, Array.from(prefix), exact, suffix, part))
    .sort((a, b) => a.start - b.start);
  const excerpts: Excerpt[] = [];
  for (const { start, codePoints } of singleExcerpts) {
    const last = excerpts.at(-1);
    const end = last ? last.start + last.codePoints.length : -1;
    if (last && start <= end) last.codePoints = last.codePoints.concat(codePoints.slice(end - start));
    else excerpts.push({ start, codePoints });
  }
  return excerpts;
}

function createExcerpt(
  start: number,
  prefix: string[],
  exact: string,
  suffix: string,
  part: CodePointSpan,
): Excerpt {
  const excerptStart = start - prefix.length;
  const codePoints = [...prefix, ...exact, ...suffix];
  // The ends of a part are computed from lengths alone, so they may be inside a grapheme.
  const boundaries = findGraphemeBoundaries(codePoints);
  const toExcerptOffset = (offset: number) =>
    floorToBoundary(boundaries, Math.min(codePoints.length, Math.max(0, offset - excerptStart)));
  const skipped = toExcerptOffset(part.start);
  return {
    start: excerptStart + skipped,
    codePoints: codePoints.slice(skipped, toExcerptOffset(part.end)),
  };
}

/**
 * Returns a function that expands spans to the graphemes of a line, so that no element of the page ends inside one.
 * The line is segmented once, because highlights, gaps and the selection are each expanded.
 */
export function createGraphemeSnapper({ start, end, codePoints }: Line) {
  const boundaries = findGraphemeBoundaries(codePoints);
  const isPlain = boundaries.size > codePoints.length;
  const snapSpan = <T extends CodePointSpan>(span: T): T => {
    let snappedEnd = span.end;
    while (snappedEnd > start && snappedEnd < end && !boundaries.has(snappedEnd - start)) snappedEnd += 1;
    const isStartInLine = span.start > start && span.start < end;
    const snappedStart = isStartInLine ? start + floorToBoundary(boundaries, span.start - start) : span.start;
    return { ...span, start: snappedStart, end: snappedEnd };
  };
  return <T extends CodePointSpan>(spans: T[]): T[] => (isPlain ? spans : spans.map(snapSpan<T>));
}

/** Splits an excerpt into lines, without those that contain only white space. */
export function splitIntoLines({ start, codePoints }: Excerpt): Line[] {
  const lines: Line[] = [];
  let lineStart = 0;
  for (let index = 0; index <= codePoints.length; index += 1) {
    if (index < codePoints.length && codePoints[index] !== '\n') continue;
    const end = index > lineStart && codePoints[index - 1] === '\r' ? index - 1 : index;
    const lineCodePoints = codePoints.slice(lineStart, end);
    if (/\S/.test(lineCodePoints.join('')))
      lines.push({ start: start + lineStart, end: start + end, codePoints: lineCodePoints });
    lineStart = index + 1;
  }
  return lines;
}
