import * as fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { createClient, highlight, type Segment, type Span } from '../dist/index.js';

const shown = (segments: Segment<Span & { name?: string }>[]) =>
  segments.map(({ text, start, end, evidence }) => [
    text,
    start,
    end,
    evidence.map(({ name }) => name).join(''),
  ]);

test('splits a text into segments with and without evidence', () => {
  expect(shown(highlight('They met in Riga.', [{ name: 'a', start: 5, end: 8, exact: 'met' }]))).toEqual([
    ['They ', 0, 5, ''],
    ['met', 5, 8, 'a'],
    [' in Riga.', 8, 17, ''],
  ]);
  expect(shown(highlight('Riga', []))).toEqual([['Riga', 0, 4, '']]);
  expect(highlight('', [])).toEqual([]);
  expect(shown(highlight('Riga', [{ name: 'a', start: 0, end: 4 }]))).toEqual([['Riga', 0, 4, 'a']]);
});

test('counts code points, as evidence does', () => {
  // A flag of two code points, emoji of two UTF-16 units each, and a letter with a combining accent.
  const text = '🇱🇻🎉 e\u0301 👍!';
  expect([...text]).toHaveLength(9);
  const spans = [
    { name: 'a', start: 2, end: 3, exact: '🎉' },
    { name: 'b', start: 4, end: 8, exact: 'e\u0301 👍' },
  ];
  expect(shown(highlight(text, spans))).toEqual([
    ['🇱🇻', 0, 2, ''],
    ['🎉', 2, 3, 'a'],
    [' ', 3, 4, ''],
    ['e\u0301 👍', 4, 8, 'b'],
    ['!', 8, 9, ''],
  ]);
});

test('spans may overlap, nest, touch, be equal, and come in any order', () => {
  const spans = [
    { name: 'd', start: 6, end: 8 },
    { name: 'c', start: 2, end: 3 },
    { name: 'b', start: 1, end: 6 },
    { name: 'a', start: 0, end: 4 },
    { name: 'e', start: 2, end: 3 },
  ];
  expect(shown(highlight('abcdefghij', spans))).toEqual([
    ['a', 0, 1, 'a'],
    ['b', 1, 2, 'ba'],
    ['c', 2, 3, 'cbae'],
    ['d', 3, 4, 'ba'],
    ['ef', 4, 6, 'b'],
    ['gh', 6, 8, 'd'],
    ['ij', 8, 10, ''],
  ]);
});

test('an empty span is ignored', () => {
  expect(shown(highlight('Riga', [{ start: 2, end: 2 }]))).toEqual([['Riga', 0, 4, '']]);
});

test.each<[string, Span]>([
  ['ends after the text', { start: 0, end: 5 }],
  ['begins after the text', { start: 5, end: 6 }],
  ['begins before the text', { start: -1, end: 2 }],
  ['ends before it begins', { start: 3, end: 1 }],
  ['has a fractional offset', { start: 0.5, end: 2 }],
  ['has NaN as an offset', { start: 0, end: Number.NaN }],
  ['has other words', { start: 0, end: 4, exact: 'Rome' }],
])('rejects evidence that %s', (_, span) => {
  expect(() => highlight('Riga', [{ start: 1, end: 2 }, span])).toThrow(RangeError);
});

test('segments add up to the text, each with exactly the spans that cover it', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', 'e\u0301', '🎉', '🇱', '\n', ' ', '<'),
    maxLength: 40,
  });
  const fitting = text.chain((text) => {
    const length = [...text].length;
    const edge = fc.integer({ min: 0, max: length });
    const span = fc.tuple(edge, edge).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
    return fc.record({ text: fc.constant(text), spans: fc.array(span, { maxLength: 12 }) });
  });
  fc.assert(
    fc.property(fitting, ({ text, spans }) => {
      const points = [...text];
      const exact = spans.map((span) => ({ ...span, exact: points.slice(span.start, span.end).join('') }));
      const segments = highlight(text, exact);
      expect(segments.map((segment) => segment.text).join('')).toBe(text);
      let end = 0;
      for (const segment of segments) {
        expect(segment.start).toBe(end);
        expect(segment.end).toBeGreaterThan(segment.start);
        end = segment.end;
        expect(segment.text).toBe(points.slice(segment.start, segment.end).join(''));
        for (let point = segment.start; point < segment.end; point += 1) {
          const covering = exact.filter((span) => span.start <= point && point < span.end);
          expect(segment.evidence).toEqual(covering);
        }
      }
      // Adjacent segments have different evidence.
      segments.slice(1).forEach((segment, before) => {
        expect(segment.evidence).not.toEqual(segments[before]?.evidence);
      });
      expect(end).toBe(points.length);
    }),
    { seed: Number(process.env['FC_SEED'] ?? Date.now()) },
  );
});

test('highlights the evidence and the parts of every statement in a text of the server', async () => {
  const client = createClient({ baseUrl: inject('url') });
  const text = await client.text('brussels-2022-03-24');
  const statements = await client.list('statements', { document: 'brussels-2022-03-24' }).all();
  const evidence = statements.flatMap((statement) => statement.evidence);
  const segments = highlight(text, evidence);
  expect(segments.map((segment) => segment.text).join('')).toBe(text);
  expect(new Set(segments.flatMap((segment) => segment.evidence)).size).toBe(evidence.length);
  for (const { parts } of statements) {
    const marked = highlight(text, parts).filter((segment) => segment.evidence.length > 0);
    expect(marked.map((segment) => segment.text)).toEqual(parts.map(({ exact }) => exact));
  }
});
