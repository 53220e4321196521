import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureCoverage } from '../../src/model/coverage.ts';
import {
  createSourceText,
  findNearest,
  findQuotationRanges,
  getContext,
  splitSentences,
  toLineAndColumn,
} from '../../src/model/source-text.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const parameters = { seed, numRuns: 500, verbose: true };

/** Texts with everything that makes counting hard: surrogate pairs, combining marks and line ends. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'é', 'e\u0301', '👍🏽', '𝔘', '\n', '\r\n', ' ', '“'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
});

describe(`offsets (fast-check seed ${seed})`, () => {
  it('of any quotation of any text select exactly that quotation, in code points', () => {
    const cuts = anyText.chain((text) => {
      const length = Array.from(text).length;
      return fc.tuple(fc.constant(text), fc.nat(length), fc.nat(length));
    });
    fc.assert(
      fc.property(cuts, ([text, a, b]) => {
        fc.pre(a !== b);
        const points = Array.from(text);
        const quote = points.slice(Math.min(a, b), Math.max(a, b)).join('');
        const source = createSourceText(text);
        const ranges = findQuotationRanges(source, { quote });
        expect(ranges.length).toBeGreaterThan(0);
        for (const range of ranges) {
          const [start, end] = [source.toCodePointOffset(range.start), source.toCodePointOffset(range.end)];
          expect(points.slice(start, end).join('')).toBe(quote);
          const { prefix, suffix } = getContext(source, range);
          expect(
            points
              .slice(Math.max(0, start - 32), start)
              .join('')
              .endsWith(prefix),
          ).toBe(true);
          expect(
            points
              .slice(end, end + 32)
              .join('')
              .startsWith(suffix),
          ).toBe(true);
        }
        expect(source.lengthCodePoints).toBe(points.length);
      }),
      parameters,
    );
  });

  it('of contexts leave out a grapheme rather than cut it', () => {
    const graphemes = ['a', ' ', '👨‍👩‍👧', '🇪🇪', 'e\u0301', '각'.normalize('NFD'), '👍🏽', 'नि'];
    const someGraphemes = fc.array(fc.constantFrom(...graphemes), { maxLength: 60 });
    fc.assert(
      fc.property(someGraphemes, someGraphemes, (before, after) => {
        const text = `${before.join('')} x ${after.join('')}`;
        const start = before.join('').length + 1;
        const { prefix, suffix } = getContext(createSourceText(text), { start, end: start + 1 });
        const takeFitting = (all: string[]) => {
          const taken: string[] = [];
          for (const grapheme of all) {
            if (Array.from(taken.join('') + grapheme).length > 32) break;
            taken.push(grapheme);
          }
          return taken;
        };
        expect(prefix).toBe(
          takeFitting([...before, ' '].reverse())
            .reverse()
            .join(''),
        );
        expect(suffix).toBe(takeFitting([' ', ...after]).join(''));
      }),
      parameters,
    );
  });

  it('of coverage gaps and spans include every letter and digit exactly once', () => {
    const spans = fc.array(fc.tuple(fc.nat(60), fc.nat(10)), { maxLength: 5 });
    fc.assert(
      fc.property(anyText, spans, (text, pairs) => {
        const points = Array.from(text);
        const coveredRanges = pairs
          .map(([start, length]) => ({ start, end: Math.min(start + length, points.length) }))
          .filter(({ start, end }) => start < end);
        const { ratio, gaps } = measureCoverage(createSourceText(text), coveredRanges);
        const letters = points.flatMap((point, index) => (/[\p{L}\p{N}]/u.test(point) ? [index] : []));
        const isWithin = (index: number, all: { start: number; end: number }[]) =>
          all.some(({ start, end }) => start <= index && index < end);
        for (const index of letters) expect(isWithin(index, coveredRanges)).toBe(!isWithin(index, gaps));
        const share = letters.filter((index) => isWithin(index, coveredRanges)).length / letters.length;
        expect(ratio).toBeCloseTo(letters.length === 0 ? 1 : share);
        for (const { start, end, exact } of gaps) expect(points.slice(start, end).join('')).toBe(exact);
      }),
      parameters,
    );
  });
});

/** Reference implementation that tries every position in the text. */
function findRangesByScanning(text: string, quote: string, before: string, after: string) {
  const [words, tail] = [before.trimEnd(), after.trimStart()];
  return Array.from({ length: text.length + 1 }, (_, start) => start).flatMap((start) => {
    const end = start + quote.length;
    if (text.slice(start, end) !== quote) return [];
    const ends = words === '' || text.slice(0, start).trimEnd().endsWith(words);
    const begins = tail === '' || text.slice(end).trimStart().startsWith(tail);
    return ends && begins ? [{ start, end }] : [];
  });
}

describe('findQuotationRanges', () => {
  it(`finds the same ranges as a scan of every position (fast-check seed ${seed})`, () => {
    const piece = fc.constantFrom('a', 'ab', 'abcabc', ' ', '\n ', 'so it was said', 'é', '👍', 'said');
    const pieces = (maxLength: number) => fc.array(piece, { maxLength }).map((all) => all.join(''));
    const quotes = fc.array(piece, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
    fc.assert(
      fc.property(pieces(30), quotes, pieces(4), pieces(4), (text, quote, prefix, suffix) => {
        expect(findQuotationRanges(createSourceText(text), { quote, prefix, suffix })).toEqual(
          findRangesByScanning(text, quote, prefix, suffix),
        );
      }),
      { ...parameters, numRuns: 3_000 },
    );
  });

  const source = createSourceText('no no no, 👍 no');

  it('finds overlapping occurrences', () => {
    expect(findQuotationRanges(createSourceText('aaa'), { quote: 'aa' })).toHaveLength(2);
  });

  it('selects an occurrence by prefix and suffix, with or without the whitespace in between', () => {
    for (const prefix of ['👍 ', '👍']) {
      expect(findQuotationRanges(source, { quote: 'no', prefix })).toEqual([{ start: 13, end: 15 }]);
    }
    expect(findQuotationRanges(source, { quote: 'no', suffix: ',' })).toEqual([{ start: 6, end: 8 }]);
    expect(findQuotationRanges(source, { quote: 'no', prefix: 'yes' })).toEqual([]);
  });
});

describe('toLineAndColumn', () => {
  it('counts lines and columns from 1, columns in code points', () => {
    const text = 'one\ntwo 👍 three\r\nfour';
    const getPosition = (words: string) => toLineAndColumn(createSourceText(text), text.indexOf(words));
    expect(getPosition('one')).toEqual({ line: 1, column: 1 });
    expect(getPosition('three')).toEqual({ line: 2, column: 7 });
    expect(getPosition('four')).toEqual({ line: 3, column: 1 });
  });
});

describe('splitSentences', () => {
  it('returns headings and sentences, and skips lines without letters or digits', () => {
    const text = 'A heading\nOne sentence. Another one!\n\n* * *\n"Quoted," he said.';
    const sentences = splitSentences(createSourceText(text), 'en').map(({ start, end }) =>
      text.slice(start, end),
    );
    expect(sentences).toEqual(['A heading', 'One sentence.', 'Another one!', '"Quoted," he said.']);
  });
});

it('gaps in the coverage keep the marks of their last letter', () => {
  const [first, rest] = ['Vakar cafe\u0301', ', Rīga.'];
  const covered = [{ start: first.length, end: first.length + rest.length }];
  expect(measureCoverage(createSourceText(first + rest), covered).gaps).toEqual([
    { start: 0, end: first.length, exact: first },
  ]);
});

describe('findNearest', () => {
  const text = 'Leaders warned against any escalation. “We will not back down,” they said.';
  const nearest = (quote: string) => {
    const nearest = findNearest(createSourceText(text), quote);
    return nearest && text.slice(nearest.start, nearest.end);
  };

  it.each([
    ['other quotation marks', '"We will not back down,"', '“We will not back down,”'],
    ['a typo', 'any escalaton', 'any escalation'],
    ['other case', 'leaders warned', 'Leaders warned'],
  ])('tolerates %s', (_, quote, expectedQuote) => {
    expect(nearest(quote)).toBe(expectedQuote);
  });

  it.each([
    ['NFC against NFD', 'Mārtiņš Bērziņš spoke'.normalize('NFD'), 'Bērziņš', 'Bērziņš'.normalize('NFD')],
    ['NFD against NFC', 'Mārtiņš Bērziņš spoke', 'Bērziņš'.normalize('NFD'), 'Bērziņš'],
    ['Hangul jamo', '대한 한국'.normalize('NFD'), '한국', '한국'.normalize('NFD')],
    ['a soft hyphen at the end', 'the sanc\u00adtion\u00ads', 'sanctions', 'sanc\u00adtion\u00ads'],
    ['flags', 'from 🇪🇪🇱🇻 to 🇱🇹', 'from 🇪🇪', 'from 🇪🇪'],
    ['a script without spaces', '東京で会議が開かれた。大臣は合意した。', '会議か開かれた', '会議が開かれた'],
    ['Cyrillic letters', 'the cоuncil met', 'the council', 'the cоuncil'],
  ])('finds whole words for %s', (_, source, quote, expected) => {
    const range = findNearest(createSourceText(source), quote);
    expect(range && source.slice(range.start, range.end)).toBe(expected);
  });

  it('finds the end of a long quotation in another normalization form', () => {
    const long = 'Mārtiņš Bērziņš un Ilze Ābele '.repeat(12).trim();
    const source = `Vakar ${long}, un citi.`.normalize('NFD');
    const range = findNearest(createSourceText(source), long);
    expect(range && source.slice(range.start, range.end)).toBe(long.normalize('NFD'));
  });

  it('returns null if nothing is similar', () => {
    expect(nearest('zzzzzzzzzz 12345')).toBeNull();
  });
});
