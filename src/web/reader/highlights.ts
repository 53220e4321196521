/** Splits a line where spans begin or end, and assigns each type of fact a separate track below the words. */
import type { CodePointSpan } from '../../model/coverage.ts';

/** Span that supports a fact. */
export interface Highlight extends CodePointSpan {
  type: string;
  /** Index of the fact on the page. */
  factIndex: number;
}

/** Span in which every character supports the same facts. */
export interface Segment extends CodePointSpan {
  factIndexes: number[];
  /** Type on each track, nearest to the words first; null for an empty track. */
  tracks: (string | null)[];
  /** True if no fact is drawn from it. */
  isGap: boolean;
  /** True if it is part of the passage in view. */
  isSelected: boolean;
}

export interface SegmentedLine {
  segments: Segment[];
  /** Number of tracks below the words. */
  depth: number;
}

interface TrackSpan extends CodePointSpan {
  type: string;
  track: number;
}

/** Splits `line` into segments; `selection` has the spans in view. */
export function segmentLine(
  line: CodePointSpan,
  highlights: Highlight[],
  gaps: CodePointSpan[],
  selection: CodePointSpan[],
): SegmentedLine {
  const lineHighlights = clipSpans(highlights, line).sort((a, b) => a.start - b.start);
  const trackSpans = assignTracks(lineHighlights).sort((a, b) => a.start - b.start);
  const [lineGaps, lineSelection] = [clipSpans(gaps, line), clipSpans(selection, line)];
  const boundaries = [line, ...lineHighlights, ...lineGaps, ...lineSelection].flatMap(({ start, end }) => [
    start,
    end,
  ]);
  const offsets = [...new Set(boundaries)].sort((a, b) => a - b);
  const [findHighlights, findTrackSpans] = [createSweep(lineHighlights), createSweep(trackSpans)];
  const segments = offsets.slice(0, -1).map((start, index): Segment => {
    const end = offsets[index + 1] as number;
    const covers = (span: CodePointSpan) => span.start <= start && span.end >= end;
    const factIndexes = [...new Set(findHighlights(start).map(({ factIndex }) => factIndex))].sort(
      (a, b) => a - b,
    );
    return {
      start,
      end,
      factIndexes,
      tracks: listTrackTypes(findTrackSpans(start)),
      isGap: lineGaps.some(covers),
      isSelected: lineSelection.some(covers),
    };
  });
  return { segments, depth: trackSpans.reduce((max, { track }) => Math.max(max, track + 1), 0) };
}

/** Returns a lookup of the spans over an offset. Spans are sorted by start; offsets must not decrease. */
function createSweep<T extends CodePointSpan>(spans: T[]): (offset: number) => T[] {
  let nextIndex = 0;
  let active: T[] = [];
  return (position) => {
    active = active.filter(({ end }) => end > position);
    for (let span = spans[nextIndex]; span && span.start <= position; span = spans[nextIndex]) {
      active.push(span);
      nextIndex += 1;
    }
    return active;
  };
}

const clipSpans = <T extends CodePointSpan>(spans: T[], { start, end }: CodePointSpan): T[] =>
  spans
    .filter((span) => span.start < end && span.end > start)
    .map((span) => ({ ...span, start: Math.max(span.start, start), end: Math.min(span.end, end) }));

/** Merges adjoining spans of a type into one bar, and places longer bars nearer to the words. */
function assignTracks(highlights: Highlight[]): TrackSpan[] {
  const trackSpans: TrackSpan[] = [];
  for (const [type, spans] of Map.groupBy(highlights, (highlight) => highlight.type)) {
    for (const span of spans.toSorted((a, b) => a.start - b.start)) {
      const last = trackSpans.at(-1);
      if (last?.type === type && span.start <= last.end) last.end = Math.max(last.end, span.end);
      else trackSpans.push({ type, start: span.start, end: span.end, track: 0 });
    }
  }
  trackSpans.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  for (const [index, trackSpan] of trackSpans.entries()) {
    const overlapping = trackSpans
      .slice(0, index)
      .filter((other) => other.start < trackSpan.end && other.end > trackSpan.start);
    while (overlapping.some(({ track }) => track === trackSpan.track)) trackSpan.track += 1;
  }
  return trackSpans;
}

function listTrackTypes(trackSpans: TrackSpan[]): (string | null)[] {
  const tracks: (string | null)[] = [];
  for (const { track, type } of trackSpans) tracks[track] = type;
  return Array.from(tracks, (type) => type ?? null);
}
