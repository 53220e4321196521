import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../src/facts/coverage.ts';
import {
  contextOf,
  nearestTo,
  placesOf,
  positionOf,
  sentencesOf,
  sourceText,
} from '../../src/facts/source-text.ts';

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

describe('placesOf', () => {
  it(`finds in a long text what a walk through it finds (fast-check seed ${seed})`, () => {
    const pieces = ['naïve', '👍', 'co-op', ', ', 'n\u0303o', '  ', 'x', '\n'];
    const long = Array.from(
      { length: 8_000 },
      (_, n) => `${pieces[(n * n) % 8]}${pieces[n % 7]}${n % 97}`,
    ).join('');
    expect(long.length).toBeGreaterThan(20_000);
    const source = sourceText(long);
    const cut = fc.tuple(fc.nat(long.length - 1), fc.integer({ min: 1, max: 30 }));
    const context = fc.tuple(fc.nat(12), fc.nat(12));
    fc.assert(
      fc.property(cut, context, ([start, length], [before, after]) => {
        const end = start + length;
        const quote = long.slice(start, end);
        const [prefix, suffix] = [
          long.slice(Math.max(0, start - before), start),
          long.slice(end, end + after),
        ];
        const walked: number[] = [];
        for (let at = long.indexOf(quote); at >= 0; at = long.indexOf(quote, at + 1)) walked.push(at);
        expect(placesOf(source, { quote }).map((place) => place.start)).toEqual(walked);
        const settled = walked.filter(
          (at) =>
            long.slice(0, at).trimEnd().endsWith(prefix.trimEnd()) &&
            long
              .slice(at + quote.length)
              .trimStart()
              .startsWith(suffix.trimStart()),
        );
        const found = placesOf(source, { quote, prefix, suffix }).map((place) => place.start);
        // Without context to trim, white space beside the quotation is nobody's.
        if (prefix.trim() !== '' && suffix.trim() !== '') expect(found).toEqual(settled);
        expect(found).toContain(start);
      }),
      { ...parameters, numRuns: 200 },
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
