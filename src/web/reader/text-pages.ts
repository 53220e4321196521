/** What of a source text is shown: a part of it that fits on a page, or where only excerpts may be, the words around evidence. */
import type { CodePointSpan } from '../../model/coverage.ts';
import type { EvidenceSpan } from '../quotation.ts';

/** A stretch of the text that may be shown, by code points. */
export interface Excerpt {
  start: number;
  codePoints: string[];
}

/** A line of it without its end: `start` and `end` in code points of the document. */
export interface Line extends CodePointSpan {
  codePoints: string[];
}

/** About so many code points are on one page; a report is a third of it. */
const TARGET_PART_CODE_POINTS = 10_000;
/** How far a part may run on until its line ends. */
const MAX_OVERRUN_CODE_POINTS = 2_000;

/** The parts of a text: each begins where a line does, if one does near by. There is always one. */
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
  return lineEnd >= 0 && lineEnd - minEnd < MAX_OVERRUN_CODE_POINTS ? lineEnd + 1 : minEnd;
}

/** The same of a text of which only excerpts may be known, so that nothing is told of its lines. */
export const splitByLength = (length: number): CodePointSpan[] =>
  Array.from({ length: Math.max(1, Math.ceil(length / TARGET_PART_CODE_POINTS)) }, (_, index) => ({
    start: index * TARGET_PART_CODE_POINTS,
    end: Math.min(length, (index + 1) * TARGET_PART_CODE_POINTS),
  }));

/** The number, from 0, of the part that holds the code point `at`. */
export const findPartIndex = (parts: CodePointSpan[], offset: number): number =>
  parts.findLastIndex(({ start }) => start <= offset);

/** What the evidence lets be shown of a part of the text: its words with what stands right around them. */
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
  const skipped = Math.max(0, part.start - excerptStart);
  return {
    start: excerptStart + skipped,
    codePoints: codePoints.slice(skipped, Math.max(0, part.end - excerptStart)),
  };
}

/** The lines of a run, those of white space alone left out. */
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
