/** Properties of segments: every overlap is a segment, and no type is lost or covers another. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Highlight, segmentLine } from '../../../src/web/reader/highlights.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

const TYPES = ['event', 'person', 'figure', 'statement'];
const span = fc
  .tuple(fc.nat(60), fc.integer({ min: 1, max: 30 }))
  .map(([start, length]) => ({ start, end: start + length }));
const mark = fc
  .record({ span, type: fc.constantFrom(...TYPES), fact: fc.nat(9) })
  .map(({ span, type, fact }): Highlight => ({ ...span, type, factIndex: TYPES.indexOf(type) * 10 + fact }));

describe('segments of a line', () => {
  it(`cover the line, each with exactly the facts that it supports (seed ${seed})`, () => {
    fc.assert(
      fc.property(span, fc.array(mark, { maxLength: 12 }), (line, marks) => {
        const { segments, depth } = segmentLine(line, marks, [], []);
        expect(segments.map(({ start }) => start)).toEqual([
          line.start,
          ...segments.slice(0, -1).map(({ end }) => end),
        ]);
        expect(segments.at(-1)?.end).toBe(line.end);
        for (const { start, end, factIndexes: facts, tracks } of segments) {
          for (let position = start; position < end; position += 1) {
            const over = marks.filter((each) => each.start <= position && position < each.end);
            expect([...facts].sort()).toEqual([...new Set(over.map(({ factIndex: fact }) => fact))].sort());
            expect(tracks.filter((type) => type !== null).sort()).toEqual(
              [...new Set(over.map(({ type }) => type))].sort(),
            );
          }
          expect(tracks.length).toBeLessThanOrEqual(depth);
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it(`keep a type on its track until its span ends (seed ${seed})`, () => {
    fc.assert(
      fc.property(span, fc.array(mark, { maxLength: 12 }), (line, marks) => {
        const { segments } = segmentLine(line, marks, [], []);
        for (const type of TYPES) {
          const typeMarks = marks.filter((each) => each.type === type);
          for (const [at, { start, tracks }] of segments.entries()) {
            const previousSegment = segments[at - 1];
            const continues = typeMarks.some((each) => each.start < start && each.end > start);
            if (previousSegment && continues)
              expect(tracks.indexOf(type)).toBe(previousSegment.tracks.indexOf(type));
          }
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it('place the longest span nearest to the words, and shorter ones below it', () => {
    const { segments, depth } = segmentLine(
      { start: 0, end: 10 },
      [
        { start: 2, end: 4, type: 'person', factIndex: 1 },
        { start: 0, end: 8, type: 'event', factIndex: 0 },
      ],
      [],
      [],
    );
    expect(depth).toBe(2);
    expect(segments.map(({ start, end, tracks, factIndexes: facts }) => [start, end, tracks, facts])).toEqual(
      [
        [0, 2, ['event'], [0]],
        [2, 4, ['event', 'person'], [0, 1]],
        [4, 8, ['event'], [0]],
        [8, 10, [], []],
      ],
    );
  });

  it('mark gaps and the passage in view', () => {
    const { segments } = segmentLine(
      { start: 5, end: 20 },
      [],
      [{ start: 0, end: 10 }],
      [{ start: 8, end: 12 }],
    );
    expect(segments.map(({ start, end, isGap: gap, isSelected: lit }) => [start, end, gap, lit])).toEqual([
      [5, 8, true, false],
      [8, 10, true, true],
      [10, 12, false, true],
      [12, 20, false, false],
    ]);
  });
});
