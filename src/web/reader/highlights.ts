/** How the spans of facts lie over a line: cut where any of them begins or ends, each type on a track of its own below the words. */
import type { Span } from '../../model/coverage.ts';

/** Words that carry a fact. */
export interface Mark extends Span {
  type: string;
  /** The number of the fact on the page. */
  fact: number;
}

/** Words that carry the same facts all along. */
export interface Segment extends Span {
  facts: number[];
  /** The types that lie over it, nearest to the words first; null where a track runs on empty. */
  tracks: (string | null)[];
  /** Whether no fact is drawn from it. */
  gap: boolean;
  /** Whether it is a part of the passage in view. */
  lit: boolean;
}

/** What lies over one line. */
export interface MarkedLine {
  segments: Segment[];
  /** How many tracks there are below the words. */
  depth: number;
}

interface Bar extends Span {
  type: string;
  track: number;
}

/** `line` cut into segments; `lit` are the stretches in view. */
export function markLine(line: Span, marks: Mark[], gaps: Span[], lit: Span[]): MarkedLine {
  const own = clipped(marks, line).sort((a, b) => a.start - b.start);
  const bars = barsOf(own).sort((a, b) => a.start - b.start);
  const [unused, inView] = [clipped(gaps, line), clipped(lit, line)];
  const cuts = [line, ...own, ...unused, ...inView].flatMap(({ start, end }) => [start, end]);
  const points = [...new Set(cuts)].sort((a, b) => a - b);
  const [marksOver, barsOver] = [sweep(own), sweep(bars)];
  const segments = points.slice(0, -1).map((start, at): Segment => {
    const end = points[at + 1] as number;
    const over = (span: Span) => span.start <= start && span.end >= end;
    const facts = [...new Set(marksOver(start).map(({ fact }) => fact))].sort((a, b) => a - b);
    return {
      start,
      end,
      facts,
      tracks: tracksOver(barsOver(start)),
      gap: unused.some(over),
      lit: inView.some(over),
    };
  });
  return { segments, depth: bars.reduce((most, { track }) => Math.max(most, track + 1), 0) };
}

/** The spans over a place, to be asked for place after place; they come by their starts. */
function sweep<T extends Span>(spans: T[]): (at: number) => T[] {
  let next = 0;
  let over: T[] = [];
  return (at) => {
    over = over.filter(({ end }) => end > at);
    for (let span = spans[next]; span && span.start <= at; span = spans[next]) {
      over.push(span);
      next += 1;
    }
    return over;
  };
}

const clipped = <T extends Span>(spans: T[], { start, end }: Span): T[] =>
  spans
    .filter((span) => span.start < end && span.end > start)
    .map((span) => ({ ...span, start: Math.max(span.start, start), end: Math.min(span.end, end) }));

/** One bar for what spans of a type cover together; short ones lie nearest to the words. */
function barsOf(marks: Mark[]): Bar[] {
  const bars: Bar[] = [];
  for (const [type, spans] of Map.groupBy(marks, (mark) => mark.type)) {
    for (const span of spans.toSorted((a, b) => a.start - b.start)) {
      const last = bars.at(-1);
      if (last?.type === type && span.start <= last.end) last.end = Math.max(last.end, span.end);
      else bars.push({ type, start: span.start, end: span.end, track: 0 });
    }
  }
  bars.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  for (const [at, bar] of bars.entries()) {
    const meeting = bars.slice(0, at).filter((other) => other.start < bar.end && other.end > bar.start);
    while (meeting.some(({ track }) => track === bar.track)) bar.track += 1;
  }
  return bars;
}

function tracksOver(bars: Bar[]): (string | null)[] {
  const tracks: (string | null)[] = [];
  for (const { track, type } of bars) tracks[track] = type;
  return Array.from(tracks, (type) => type ?? null);
}
