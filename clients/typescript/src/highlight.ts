/** Span of a text: evidence, or a part of a statement. */
export interface Span {
  /** Start of the span, in Unicode code points from 0. */
  start: number;
  /** End of the span, exclusive, in Unicode code points. */
  end: number;
  /** Words of the span, if known: they are compared with the text. */
  exact?: string;
}

/** Part of a text that is covered by the same evidence throughout. */
export interface Segment<S extends Span> {
  text: string;
  /** Start of the segment, in Unicode code points from 0. */
  start: number;
  /** End of the segment, exclusive, in Unicode code points. */
  end: number;
  /** Evidence that covers the segment, in the order of the input; empty if there is none. */
  evidence: S[];
}

/**
 * Splits a text into segments, in order and without gaps: joined, they are the text. Evidence may come in
 * any order, overlap and nest; empty spans are ignored. Throws a `RangeError` for evidence that does not
 * match the text, because it is from another document or another version of it.
 */
export function highlight<S extends Span>(text: string, evidence: readonly S[]): Segment<S>[] {
  const spans = evidence.filter(({ start, end }) => start !== end);
  const edges = new Set([0, ...spans.flatMap(({ start, end }) => [start, end])]);
  const units = unitsAt(
    text,
    [...edges].sort((a, b) => a - b),
  );
  for (const span of spans) requireFit(text, span, units);

  const opening = spans.map((span, order) => ({ span, order })).sort((a, b) => a.span.start - b.span.start);
  let opened = 0;
  let active: typeof opening = [];
  const segments: Segment<S>[] = [];
  const places = [...units];
  for (const [index, [start, unit]] of places.entries()) {
    const next = places[index + 1];
    if (!next) break;
    active = active.filter(({ span }) => span.end > start);
    for (let each = opening[opened]; each?.span.start === start; each = opening[opened]) {
      active.push(each);
      opened += 1;
    }
    active.sort((a, b) => a.order - b.order);
    const [end, endUnit] = next;
    segments.push({ text: text.slice(unit, endUnit), start, end, evidence: active.map(({ span }) => span) });
  }
  return segments;
}

/**
 * Maps sorted offsets in code points to UTF-16 units, which JavaScript counts. Offsets outside the text are
 * left out; the end of the text is added.
 */
function unitsAt(text: string, points: number[]): Map<number, number> {
  const units = new Map<number, number>();
  let point = 0;
  let unit = 0;
  for (const wanted of [...points, Number.POSITIVE_INFINITY]) {
    for (; point < wanted && unit < text.length; point += 1) {
      unit += (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
    }
    if (point === wanted) units.set(point, unit);
  }
  return units.set(point, unit);
}

function requireFit(text: string, { start, end, exact }: Span, units: Map<number, number>): void {
  const [from, to] = [units.get(start), units.get(end)];
  const fits = from !== undefined && to !== undefined && from < to;
  if (fits && (exact === undefined || text.slice(from, to) === exact)) return;
  const words = exact === undefined ? '' : `, "${exact}",`;
  throw new RangeError(`The span from ${start} to ${end}${words} does not match this text`);
}
