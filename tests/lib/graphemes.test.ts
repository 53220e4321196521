/** Texts are shortened and split between graphemes only. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ceilToGrapheme,
  floorToGrapheme,
  quoteText,
  shorten,
  splitGraphemes,
  takeGraphemes,
  takeLastGraphemes,
} from '../../src/lib/graphemes.ts';
import { truncate } from '../../src/model/fields.ts';
import { createSourceText, getContext } from '../../src/model/source-text.ts';
import { renderSnippet } from '../../src/search/snippet.ts';
import { tokenizeWithOffsets } from '../../src/search/tokenize.ts';
import { buildExcerpts, createGraphemeSnapper, splitIntoParts } from '../../src/web/reader/text-pages.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const UNITS = [
  'a',
  'é',
  ' ',
  '\r\n',
  'e\u0301',
  '👨‍👩‍👧',
  '🇪🇪',
  '👍🏽',
  '각'.normalize('NFD'),
  'ก็',
  'नि',
  '❤️',
  '1️⃣',
  '𝔘',
];
const anyText = fc.array(fc.constantFrom(...UNITS), { maxLength: 80 }).map((units) => units.join(''));
const listBoundaries = (text: string) =>
  new Set([...Array.from(new Intl.Segmenter('en').segment(text), ({ index }) => index), text.length]);
const countCodePoints = (text: string) => Array.from(text).length;

describe(`graphemes (fast-check seed ${seed})`, () => {
  const check = (predicate: (text: string, size: number) => void) =>
    fc.assert(fc.property(anyText, fc.nat(90), predicate), { seed, numRuns: 1_000, verbose: true });

  it('are the same as those of the whole text, next to any offset', () => {
    check((text, index) => {
      const boundaries = listBoundaries(text);
      const offset = Math.min(index, text.length);
      const [floor, ceil] = [floorToGrapheme(text, offset), ceilToGrapheme(text, offset)];
      expect(boundaries).toContain(floor);
      expect(boundaries).toContain(ceil);
      const inside = [...boundaries].filter((boundary) => boundary > floor && boundary < ceil);
      expect(inside).toEqual([]);
      expect(splitGraphemes(text).join('')).toBe(text);
      expect(splitGraphemes(text).length).toBe(boundaries.size - 1);
    });
  });

  it('stay whole at both ends of a shortened text, within its length', () => {
    check((text, size) => {
      const boundaries = listBoundaries(text);
      const [head, tail] = [takeGraphemes(text, size), takeLastGraphemes(text, size)];
      expect(boundaries).toContain(head.length);
      expect(boundaries).toContain(text.length - tail.length);
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      for (const part of [head, tail]) expect(countCodePoints(part)).toBeLessThanOrEqual(size);
    });
  });

  it('stay whole before an ellipsis', () => {
    check((text, size) => {
      const short = shorten(text, size + 12);
      if (short === text) return;
      expect(countCodePoints(short)).toBeLessThanOrEqual(size + 12);
      const head = short.replace(/\.\.\.$/, '');
      expect(text.startsWith(head)).toBe(true);
      expect(listBoundaries(text)).toContain(head.length);
    });
  });
});

describe('shortened texts', () => {
  it('end at a space if one is near, and otherwise between two graphemes', () => {
    expect(truncate('The council met in Riga', 20)).toBe('The council met...');
    expect(truncate('Ilze: 東京で会議が開かれた大臣は合意した', 16)).toBe('Ilze: 東京で会議が開...');
    expect(truncate('👨‍👩‍👧👨‍👩‍👧', 6)).toBe('👨‍👩‍👧...');
    expect(truncate(`${'🇪🇪'.repeat(10)}`, 10)).toBe(`${'🇪🇪'.repeat(3)}...`);
  });

  it('include those that messages quote, on one line', () => {
    expect(quoteText('a\nb')).toBe('"a\\nb"');
    expect(quoteText('x'.repeat(100))).toBe(`"${'x'.repeat(100)}"`);
    expect(quoteText('x'.repeat(101))).toBe(`"${'x'.repeat(100)}..."`);
    expect(quoteText(`x${'👨‍👩‍👧'.repeat(2)}`, 6)).toBe('"x👨‍👩‍👧..."');
    expect(quoteText(`x${'👨‍👩‍👧'.repeat(2)}`, 10)).toBe('"x👨‍👩‍👧..."');
  });

  it('include snippets of search results', () => {
    const synonyms = { tokenizeWithOffsets } as never;
    for (const unit of ['👨‍👩‍👧', 'e\u0301', '🇪🇪', '각'.normalize('NFD')]) {
      for (const lead of ['', 'x', 'xy', 'xyz']) {
        const text = `${lead}${unit.repeat(120)} needle ${unit.repeat(120)}`;
        const snippet = renderSnippet([text], ['needle'], synonyms);
        const [before, after] = snippet.replaceAll('...', '').trim().split('<mark>needle</mark>');
        expect((before as string).trim().replaceAll(unit, '').replaceAll(/[xyz]/g, '')).toBe('');
        expect((after as string).trim().replaceAll(unit, '')).toBe('');
      }
    }
  });

  it('mark neighboring characters of a script without spaces as one', () => {
    const synonyms = { tokenizeWithOffsets } as never;
    expect(renderSnippet(['在北京峰会'], ['北', '京'], synonyms)).toBe('在<mark>北京</mark>峰会');
  });

  it('include the pages of a long text', () => {
    const codePoints = Array.from('👨‍👩‍👧'.repeat(4_001));
    for (const { start } of splitIntoParts(codePoints)) expect(start % 5).toBe(0);
  });

  it('include excerpts that the end of a page falls into', () => {
    const evidence = [{ start: 9_998, exact: 'e\u0301'.repeat(3), prefix: '', suffix: '' }];
    const offset = 9_999;
    const [first] = buildExcerpts(evidence, { start: 0, end: offset });
    const [second] = buildExcerpts(evidence, { start: offset, end: 20_000 });
    expect([first?.codePoints.join(''), second?.codePoints.join('')]).toEqual(['', 'e\u0301'.repeat(3)]);
  });

  it('include the spans that the reader highlights', () => {
    const line = { start: 100, end: 106, codePoints: Array.from('ae\u0301b🇪🇪') };
    expect(
      createGraphemeSnapper(line)([
        { start: 102, end: 105 },
        { start: 90, end: 101 },
        { start: 103, end: 104 },
      ]),
    ).toEqual([
      { start: 101, end: 106 },
      { start: 90, end: 101 },
      { start: 103, end: 104 },
    ]);
  });
});

describe('long runs of flags, marks and emoji', () => {
  it.each([
    ['flags', '🇩🇪'],
    ['families', '👨‍👩‍👧‍👦'],
    ['letters with many marks', `a${'\u0301'.repeat(300)}`],
    ['syllables', '각'.normalize('NFD')],
  ])('%s are cut between two graphemes, wherever the text is cut', (_, grapheme) => {
    const text = grapheme.repeat(grapheme.length > 100 ? 4 : 200);
    for (const lead of ['', 'N ', 'ä', '\u{1f600}']) {
      for (let index = 1; index < text.length; index += 1) {
        const start = Math.floor(index / grapheme.length) * grapheme.length;
        const end = Math.ceil(index / grapheme.length) * grapheme.length;
        expect([
          floorToGrapheme(lead + text, lead.length + index) - lead.length,
          ceilToGrapheme(lead + text, lead.length + index) - lead.length,
        ]).toEqual([start, end]);
        index += index % 7;
      }
    }
  });

  it('leave whole flags before a quotation', () => {
    for (const count of [15, 16, 17, 40, 41, 200]) {
      const text = `${'🇩🇪'.repeat(count)}. The words`;
      const source = createSourceText(text);
      const { prefix } = getContext(source, { start: text.indexOf('The'), end: text.length });
      expect(prefix).toBe(`${'🇩🇪'.repeat(15)}. `);
    }
  });
});
