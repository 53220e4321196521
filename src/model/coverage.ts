/** How much of a source text is carried into facts. */
import type { SourceText } from './source-text.ts';

/** A stretch in code points, `end` exclusive. */
export interface Span {
  start: number;
  end: number;
}

export interface Coverage {
  /** The share of the text's letters and digits that lie in some span, from 0 to 1. */
  ratio: number;
  /** The stretches between spans that hold letters or digits. */
  gaps: (Span & { exact: string })[];
}

export function coverageOf({ text }: SourceText, spans: Span[]): Coverage {
  const points = Array.from(text);
  const covered = new Uint8Array(points.length);
  for (const { start, end } of spans) covered.fill(1, start, end);

  let counted = 0;
  let within = 0;
  const gaps: Coverage['gaps'] = [];
  let gap: { first: number; last: number } | null = null;
  for (const [at, point] of points.entries()) {
    if (!/[\p{L}\p{N}]/u.test(point)) continue;
    counted += 1;
    if (covered[at]) {
      within += 1;
    } else if (gap && !covered.subarray(gap.last, at).includes(1)) {
      gap.last = at;
    } else {
      if (gap) gaps.push(spanOf(points, gap));
      gap = { first: at, last: at };
    }
  }
  if (gap) gaps.push(spanOf(points, gap));
  return { ratio: counted === 0 ? 1 : within / counted, gaps };
}

function spanOf(points: string[], { first, last }: { first: number; last: number }) {
  return { start: first, end: last + 1, exact: points.slice(first, last + 1).join('') };
}
