/** Names beside marks: none lies upon another, upon a mark, or beyond the edge. Whatever comes first has the choice. */
import type { Frame } from './map-projection.ts';

export interface MapMark {
  x: number;
  y: number;
  /** How far the mark itself reaches. */
  radius: number;
  /** What should stand beside it; the first for which there is room is taken. */
  texts: readonly string[];
}

export interface MapLabel {
  /** Where its base line begins. */
  x: number;
  y: number;
  text: string;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Of the size of the letters. */
const LINE_HEIGHT = 1.25;
const ASCENT = 0.95;
const GAP = 4;

/** One label a mark, or null where there is room for none. `taken` are boxes that something else stands in. */
export function placeLabels(
  marks: readonly MapMark[],
  frame: Frame,
  fontSize: number,
  occupied: readonly Box[] = [],
): (MapLabel | null)[] {
  const boxes: Box[] = [...occupied, ...marks.map(toBox)];
  return marks.map((mark) => {
    for (const text of mark.texts) {
      const box = listCandidateBoxes(mark, estimateWidth(text, fontSize), fontSize * LINE_HEIGHT).find(
        (candidate) => isWithin(candidate, frame) && !boxes.some((other) => overlaps(candidate, other)),
      );
      if (box) {
        boxes.push(box);
        return { x: box.left, y: box.top + fontSize * ASCENT, text };
      }
    }
    return null;
  });
}

const toBox = ({ x, y, radius }: MapMark): Box => ({
  left: x - radius,
  top: y - radius,
  right: x + radius,
  bottom: y + radius,
});

/** To the right first, where people look for it; then left, below, above, and the corners. */
function listCandidateBoxes({ x, y, radius }: MapMark, width: number, height: number): Box[] {
  const [right, left] = [x + radius + GAP, x - radius - GAP - width];
  const [below, above] = [y + radius + 1, y - radius - 1 - height];
  const [centeredLeft, centeredTop] = [x - width / 2, y - height / 2];
  const corners: [number, number][] = [
    [right, centeredTop],
    [left, centeredTop],
    [centeredLeft, below],
    [centeredLeft, above],
    [x, below],
    [x, above],
    [x - width, below],
    [x - width, above],
  ];
  return corners.map(([from, top]) => ({ left: from, top, right: from + width, bottom: top + height }));
}

const isWithin = (box: Box, { width, height }: Frame): boolean =>
  box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** At least as wide as any usual letter type makes it: the server has none to measure with. */
export function estimateWidth(text: string, fontSize: number): number {
  const widths = Array.from(text, (character) => {
    if ((character.codePointAt(0) ?? 0) >= 0x1100) return 1.2;
    return /[\p{Lu}mw@%]/u.test(character) ? 0.8 : 0.6;
  });
  return fontSize * widths.reduce((sum, width) => sum + width, 0);
}
