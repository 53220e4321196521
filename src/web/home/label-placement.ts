/**
 * Places labels next to marks: no label overlaps another label, a mark or the edge of the frame. Earlier
 * marks take precedence.
 */
import type { Frame } from './map-projection.ts';

export interface MapMark {
  x: number;
  y: number;
  /** Radius of the mark itself. */
  radius: number;
  /** Candidates for the label; the first one that fits is used. */
  texts: readonly string[];
}

export interface MapLabel {
  /** Start of the baseline. */
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

/** Line height and ascent, relative to the font size. */
const LINE_HEIGHT = 1.25;
const ASCENT = 0.95;
const GAP = 4;

/** Returns a label for each mark, or null if none fits. Labels do not overlap the boxes in `occupied`. */
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

/** Right first, where readers look for a label; then left, below, above and the corners. */
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

/** Upper estimate for common fonts, because the server has no font to measure with. */
export function estimateWidth(text: string, fontSize: number): number {
  const widths = Array.from(text, (character) => {
    if ((character.codePointAt(0) ?? 0) >= 0x1100) return 1.2;
    return /[\p{Lu}mw@%]/u.test(character) ? 0.8 : 0.6;
  });
  return fontSize * widths.reduce((sum, width) => sum + width, 0);
}
