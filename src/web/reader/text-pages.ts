/** What of a source text is shown: a part of it that fits on a page, or where only excerpts may be, the words around evidence. */
import type { Span } from '../../model/coverage.ts';
import type { Span as Evidence } from '../quotation.ts';

/** A stretch of the text that may be shown, by code points. */
export interface Run {
  start: number;
  points: string[];
}

/** A line of it without its end: `start` and `end` in code points of the document. */
export interface Line extends Span {
  points: string[];
}

/** About so many code points are on one page; a report is a third of it. */
const PART_POINTS = 10_000;
/** How far a part may run on until its line ends. */
const TO_LINE_END = 2_000;

/** The parts of a text: each begins where a line does, if one does near by. There is always one. */
export function partsOf(points: string[]): Span[] {
  const parts: Span[] = [];
  for (let start = 0; start < points.length || parts.length === 0; ) {
    const end = endOfPart(points, start + PART_POINTS);
    parts.push({ start, end });
    start = end;
  }
  return parts;
}

function endOfPart(points: string[], rough: number): number {
  if (rough >= points.length) return points.length;
  const lineEnd = points.indexOf('\n', rough);
  return lineEnd >= 0 && lineEnd - rough < TO_LINE_END ? lineEnd + 1 : rough;
}

/** The same of a text of which only excerpts may be known, so that nothing is told of its lines. */
export const roughPartsOf = (length: number): Span[] =>
  Array.from({ length: Math.max(1, Math.ceil(length / PART_POINTS)) }, (_, n) => ({
    start: n * PART_POINTS,
    end: Math.min(length, (n + 1) * PART_POINTS),
  }));

/** The number, from 0, of the part that holds the code point `at`. */
export const partAt = (parts: Span[], at: number): number => parts.findLastIndex(({ start }) => start <= at);

/** What the evidence lets be shown of a part of the text: its words with what stands right around them. */
export function runsAround(
  evidence: Pick<Evidence, 'start' | 'exact' | 'prefix' | 'suffix'>[],
  part: Span,
): Run[] {
  const pieces = evidence
    .map(({ start, exact, prefix, suffix }) => pieceOf(start, Array.from(prefix), exact, suffix, part))
    .sort((a, b) => a.start - b.start);
  const runs: Run[] = [];
  for (const { start, points } of pieces) {
    const last = runs.at(-1);
    const end = last ? last.start + last.points.length : -1;
    if (last && start <= end) last.points = last.points.concat(points.slice(end - start));
    else runs.push({ start, points });
  }
  return runs;
}

function pieceOf(start: number, before: string[], exact: string, suffix: string, part: Span): Run {
  const from = start - before.length;
  const points = [...before, ...exact, ...suffix];
  const skipped = Math.max(0, part.start - from);
  return { start: from + skipped, points: points.slice(skipped, Math.max(0, part.end - from)) };
}

/** The lines of a run, those of white space alone left out. */
export function linesOf({ start, points }: Run): Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (let at = 0; at <= points.length; at += 1) {
    if (at < points.length && points[at] !== '\n') continue;
    const end = at > from && points[at - 1] === '\r' ? at - 1 : at;
    const line = points.slice(from, end);
    if (/\S/.test(line.join(''))) lines.push({ start: start + from, end: start + end, points: line });
    from = at + 1;
  }
  return lines;
}
