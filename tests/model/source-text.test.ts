import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../src/model/coverage.ts';
import {
  contextOf,
  nearestTo,
  placesOf,
  positionOf,
  sentencesOf,
  sourceText,
} from '../../src/model/source-text.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const parameters = { seed, numRuns: 500, verbose: true };

/** Text with everything that makes counting hard: pairs, combining marks, line ends, plain letters. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'é', 'e\u0301', '👍🏽', '𝔘', '\n', '\r\n', ' ', '“'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
});

describe(`offsets (fast-check seed ${seed})`, () => {
  it('of any quotation of any text cut out just that quotation, in code points', () => {
    const cuts = anyText.chain((text) => {
      const length = Array.from(text).length;
      return fc.tuple(fc.constant(text), fc.nat(length), fc.nat(length));
    });
    fc.assert(
      fc.property(cuts, ([text, a, b]) => {
        fc.pre(a !== b);
        const points = Array.from(text);
        const quote = points.slice(Math.min(a, b), Math.max(a, b)).join('');
        const source = sourceText(text);
        const found = placesOf(source, { quote });
        expect(found.length).toBeGreaterThan(0);
        for (const place of found) {
          const [start, end] = [source.codePointAt(place.start), source.codePointAt(place.end)];
          expect(points.slice(start, end).join('')).toBe(quote);
          const { prefix, suffix } = contextOf(source, place);
          expect(prefix).toBe(points.slice(Math.max(0, start - 32), start).join(''));
          expect(suffix).toBe(points.slice(end, end + 32).join(''));
        }
        expect(source.lengthCodePoints).toBe(points.length);
      }),
      parameters,
    );
  });

  it('of coverage: the gaps and the spans together hold every letter and digit, once', () => {
    const spans = fc.array(fc.tuple(fc.nat(60), fc.nat(10)), { maxLength: 5 });
    fc.assert(
      fc.property(anyText, spans, (text, pairs) => {
        const points = Array.from(text);
        const covered = pairs
          .map(([start, length]) => ({ start, end: Math.min(start + length, points.length) }))
          .filter(({ start, end }) => start < end);
        const { ratio, gaps } = coverageOf(sourceText(text), covered);
        const letters = points.flatMap((point, at) => (/[\p{L}\p{N}]/u.test(point) ? [at] : []));
        const within = (at: number, all: { start: number; end: number }[]) =>
          all.some(({ start, end }) => start <= at && at < end);
        for (const at of letters) expect(within(at, covered)).toBe(!within(at, gaps));
        const share = letters.filter((at) => within(at, covered)).length / letters.length;
        expect(ratio).toBeCloseTo(letters.length === 0 ? 1 : share);
        for (const { start, end, exact } of gaps) expect(points.slice(start, end).join('')).toBe(exact);
      }),
      parameters,
    );
  });
});

/** The same question asked of every place in the text. */
function placesByLooking(text: string, quote: string, before: string, after: string) {
  const [words, tail] = [before.trimEnd(), after.trimStart()];
  return Array.from({ length: text.length + 1 }, (_, start) => start).flatMap((start) => {
    const end = start + quote.length;
    if (text.slice(start, end) !== quote) return [];
    const ends = words === '' || text.slice(0, start).trimEnd().endsWith(words);
    const begins = tail === '' || text.slice(end).trimStart().startsWith(tail);
    return ends && begins ? [{ start, end }] : [];
  });
}

describe('placesOf', () => {
  it(`finds what looking at every place finds (fast-check seed ${seed})`, () => {
    const piece = fc.constantFrom('a', 'ab', 'abcabc', ' ', '\n ', 'so it was said', 'é', '👍', 'said');
    const pieces = (maxLength: number) => fc.array(piece, { maxLength }).map((all) => all.join(''));
    const quotes = fc.array(piece, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
    fc.assert(
      fc.property(pieces(30), quotes, pieces(4), pieces(4), (text, quote, prefix, suffix) => {
        expect(placesOf(sourceText(text), { quote, prefix, suffix })).toEqual(
          placesByLooking(text, quote, prefix, suffix),
        );
      }),
      { ...parameters, numRuns: 3_000 },
    );
  });

  const source = sourceText('no no no, 👍 no');

  it('finds overlapping places', () => {
    expect(placesOf(sourceText('aaa'), { quote: 'aa' })).toHaveLength(2);
  });

  it('lets prefix and suffix settle it, with or without the white space between', () => {
    for (const prefix of ['👍 ', '👍']) {
      expect(placesOf(source, { quote: 'no', prefix })).toEqual([{ start: 13, end: 15 }]);
    }
    expect(placesOf(source, { quote: 'no', suffix: ',' })).toEqual([{ start: 6, end: 8 }]);
    expect(placesOf(source, { quote: 'no', prefix: 'yes' })).toEqual([]);
  });
});

describe('positionOf', () => {
  it('counts lines and columns from 1, columns in code points', () => {
    const text = 'one\ntwo 👍 three\r\nfour';
    const at = (words: string) => positionOf(sourceText(text), text.indexOf(words));
    expect(at('one')).toEqual({ line: 1, column: 1 });
    expect(at('three')).toEqual({ line: 2, column: 7 });
    expect(at('four')).toEqual({ line: 3, column: 1 });
  });
});

describe('sentencesOf', () => {
  it('takes headings and sentences, and leaves out what holds no letter or digit', () => {
    const text = 'A heading\nOne sentence. Another one!\n\n* * *\n"Quoted," he said.';
    const sentences = sentencesOf(sourceText(text), 'en').map(({ start, end }) => text.slice(start, end));
    expect(sentences).toEqual(['A heading', 'One sentence.', 'Another one!', '"Quoted," he said.']);
  });
});

describe('nearestTo', () => {
  const text = 'Leaders warned against any escalation. “We will not back down,” they said.';
  const nearest = (quote: string) => {
    const found = nearestTo(sourceText(text), quote);
    return found && text.slice(found.start, found.end);
  };

  it.each([
    ['other quotation marks', '"We will not back down,"', '“We will not back down,”'],
    ['a slip of the pen', 'any escalaton', 'any escalation'],
    ['other case', 'leaders warned', 'Leaders warned'],
  ])('sees through %s', (_, quote, found) => {
    expect(nearest(quote)).toBe(found);
  });

  it('finds nothing where nothing is alike', () => {
    expect(nearest('zzzzzzzzzz 12345')).toBeNull();
  });
});
