/** What of a source text is shown: a part of it that fits on a page, or where only excerpts may be, the words around evidence. */
import type { Span } from '../../facts/coverage.ts';
import type { Span as Evidence } from '../quotations.ts';

/** A stretch of the text that may be shown, by code points. */
export interface Run {
  start: number;
  points: string[];
}

/** A line of it: `start` and `end` in code points of the document. */
export interface Line extends Span {
  points: string[];
}

/** About so many code points are on one page; a report is a third of it. */
const PART_POINTS = 10_000;
/** How far a part may run on until its line ends. */
const TO_LINE_END = 2_000;

export const countParts = (length: number): number => Math.max(1, Math.ceil(length / PART_POINTS));

/** The part of a text of `length` that `at` lies in, of which it is not said where its lines end. */
export const roughPartAt = (at: number, length: number): number =>
  Math.min(Math.floor(at / PART_POINTS), countParts(length) - 1);

/** Where part `n` (from 0) begins and ends: at a line's end if there is one near. */
export function partOf(points: string[], n: number): Span {
  return { start: boundary(points, n), end: boundary(points, n + 1) };
}

/** The same of a text of which only excerpts are known. */
export const roughPartOf = (length: number, n: number): Span => ({
  start: n * PART_POINTS,
  end: Math.min(length, (n + 1) * PART_POINTS),
});

function boundary(points: string[], n: number): number {
  const rough = n * PART_POINTS;
  if (rough === 0) return 0;
  if (rough >= points.length) return points.length;
  const lineEnd = points.indexOf('\n', rough);
  return lineEnd >= 0 && lineEnd - rough < TO_LINE_END ? lineEnd + 1 : rough;
}

/** The part that holds the code point `at`. */
export function partAt(points: string[], at: number): number {
  const rough = roughPartAt(at, points.length);
  return at < partOf(points, rough).start ? rough - 1 : rough;
}

/** What the evidence lets be shown of the text: its words with what stands right around them. */
export function runsAround(evidence: Pick<Evidence, 'start' | 'exact' | 'prefix' | 'suffix'>[]): Run[] {
  const pieces = evidence
    .map(({ start, exact, prefix, suffix }) => {
      const before = Array.from(prefix);
      return { start: start - before.length, points: [...before, ...exact, ...suffix] };
    })
    .sort((a, b) => a.start - b.start);
  const runs: Run[] = [];
  for (const { start, points } of pieces) {
    const last = runs.at(-1);
    const end = last ? last.start + last.points.length : -1;
    if (last && start <= end) last.points.push(...points.slice(Math.max(0, end - start)));
    else runs.push({ start, points: [...points] });
  }
  return runs;
}

/** The lines of a run, those without any letter left out. */
export function linesOf({ start, points }: Run): Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (let at = 0; at <= points.length; at += 1) {
    if (at < points.length && points[at] !== '\n') continue;
    const line = points.slice(from, at);
    if (/\S/.test(line.join(''))) lines.push({ start: start + from, end: start + at, points: line });
    from = at + 1;
  }
  return lines;
}
