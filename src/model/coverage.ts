import { splitGraphemes } from '../lib/graphemes.ts';
import type { SourceText } from './source-text.ts';

/** Span of a text in code points, `end` exclusive. */
export interface CodePointSpan {
  start: number;
  end: number;
}

export interface Coverage {
  /** Share of the text's letters and digits that are inside a span, from 0 to 1. */
  ratio: number;
  /** Passages outside all spans, each from its first letter or digit to its last. */
  gaps: (CodePointSpan & { exact: string })[];
}

export function measureCoverage({ text }: SourceText, spans: CodePointSpan[]): Coverage {
  const codePoints = Array.from(text);
  const covered = new Uint8Array(codePoints.length);
  for (const { start, end } of spans) covered.fill(1, start, end);

  let letterCount = 0;
  let coveredCount = 0;
  const gaps: Coverage['gaps'] = [];
  let gap: { first: number; last: number } | null = null;
  for (const [index, codePoint] of codePoints.entries()) {
    if (!/[\p{L}\p{N}]/u.test(codePoint)) continue;
    letterCount += 1;
    if (covered[index]) {
      coveredCount += 1;
    } else if (gap && !covered.subarray(gap.last, index).includes(1)) {
      gap.last = index;
    } else {
      if (gap) gaps.push(toGap(codePoints, gap));
      gap = { first: index, last: index };
    }
  }
  if (gap) gaps.push(toGap(codePoints, gap));
  return { ratio: letterCount === 0 ? 1 : coveredCount / letterCount, gaps };
}

/** Maximum number of marks on one letter that are looked at. */
const MAX_MARKS = 16;

function toGap(codePoints: string[], { first, last }: { first: number; last: number }) {
  // The last letter keeps its combining marks.
  const tail = codePoints.slice(last, last + 1 + MAX_MARKS).join('');
  const lastGrapheme = Array.from(splitGraphemes(tail)[0] ?? '');
  const end = last + Math.max(1, lastGrapheme.length);
  return { start: first, end, exact: codePoints.slice(first, end).join('') };
}
