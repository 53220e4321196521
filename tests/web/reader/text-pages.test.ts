/** Parts of long texts, lines and excerpts. */
import { describe, expect, it } from 'vitest';
import {
  buildExcerpts,
  findPartIndex,
  splitIntoLines,
  splitIntoParts,
} from '../../../src/web/reader/text-pages.ts';

describe('a long text', () => {
  const lines = Array.from({ length: 900 }, (_, n) => `Line ${n} of a text that is long.`);
  const points = Array.from(lines.join('\n'));
  const parts = splitIntoParts(points);

  it('is split completely, at line breaks', () => {
    expect(parts.length).toBe(3);
    expect(parts.map(({ start, end }) => points.slice(start, end).join('')).join('')).toBe(points.join(''));
    for (const { start } of parts.slice(1)) expect(points[start - 1]).toBe('\n');
  });

  it('has a part for every offset', () => {
    for (const [n, { start, end }] of parts.entries()) {
      expect([start, end - 1].map((index) => findPartIndex(parts, index))).toEqual([n, n]);
    }
  });

  it('is split by length if it has no line breaks', () => {
    const endless = Array.from('x'.repeat(25_000));
    expect(splitIntoParts(endless)).toEqual([
      { start: 0, end: 10_000 },
      { start: 10_000, end: 20_000 },
      { start: 20_000, end: 25_000 },
    ]);
  });

  it('has no empty parts, unless the text itself is empty', () => {
    expect(splitIntoParts(Array.from(`${'x'.repeat(10_900)}\n`))).toEqual([{ start: 0, end: 10_901 }]);
    expect(splitIntoParts([])).toEqual([{ start: 0, end: 0 }]);
  });
});

describe('lines of a text', () => {
  it('have offsets in code points', () => {
    const run = { start: 100, codePoints: Array.from('A 👍 b\n\n  \nc\r\n') };
    expect(
      splitIntoLines(run).map(({ start, end, codePoints: points }) => [start, end, points.join('')]),
    ).toEqual([
      [100, 105, 'A 👍 b'],
      [110, 111, 'c'],
    ]);
  });
});

describe('excerpts', () => {
  it('are merged where they overlap or touch', () => {
    const text = Array.from('0123456789abcdefghij');
    const createPart = (start: number, end: number) => ({
      start,
      exact: text.slice(start, end).join(''),
      prefix: text.slice(Math.max(0, start - 2), start).join(''),
      suffix: text.slice(end, end + 2).join(''),
    });
    const runs = buildExcerpts([createPart(15, 16), createPart(2, 4), createPart(6, 8), createPart(3, 4)], {
      start: 0,
      end: 20,
    });
    expect(runs.map(({ start, codePoints: points }) => [start, points.join('')])).toEqual([
      [0, '0123456789'],
      [13, 'defgh'],
    ]);
    const excerpts = buildExcerpts([createPart(15, 16), createPart(2, 8)], { start: 4, end: 14 });
    expect(excerpts.map(({ start, codePoints: points }) => [start, points.join('')])).toEqual([
      [4, '456789'],
      [13, 'd'],
    ]);
  });
});
