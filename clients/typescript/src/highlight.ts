/** Marking in a text the words that facts point at. */

/** Where something stands in a text: evidence, or a part of a statement. */
export interface Span {
  /** Where it begins, in Unicode code points from the start of the text. */
  start: number;
  /** Where it ends, exclusive, in Unicode code points. */
  end: number;
  /** The words that stand there, if they are known: they are then held against the text. */
  exact?: string;
}

/** A stretch of the text, throughout which the same evidence holds. */
export interface Segment<S extends Span> {
  text: string;
  /** Where it begins, in Unicode code points. */
  start: number;
  /** Where it ends, exclusive, in Unicode code points. */
  end: number;
  /** What covers it, in the order in which it was given; empty where nothing is to be marked. */
  evidence: S[];
}

/**
 * Cuts a text into segments, in order and without gaps: joined, they are the text. Evidence may come in any order,
 * overlap and nest; empty spans mark nothing. Throws a `RangeError` for evidence that does not fit the text: of another
 * document, or of another version of it.
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
 * Offsets in code points, in order → the same in UTF-16 units, which JavaScript counts. What lies outside of the text is
 * left out; its end is added.
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
  throw new RangeError(`The span from ${start} to ${end}${words} does not fit this text`);
}
