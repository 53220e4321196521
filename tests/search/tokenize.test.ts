import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSynonyms } from '../../src/search/synonyms.ts';
import { tokenize, tokenizeWithOffsets } from '../../src/search/tokenize.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

describe('tokenize', () => {
  it.each([
    ['accents', 'Café Zürich', ['cafe', 'zurich']],
    ['letters that Unicode does not take apart', 'Straße Łódź Ærø Đà', ['strasse', 'lodz', 'aero', 'da']],
    ['case in other scripts', 'ЗЕЛЕНСЬКИЙ ΑΘΉΝΑ', ['зеленськии', 'αθηνα']],
    ['possessives, straight and curly', "Russia's EU’s", ['russia', 'eu']],
    ['apostrophes inside', "O'Brien l’Europe", ['o', 'brien', 'l', 'europe']],
    ['hyphens', 'no-fly zone', ['no', 'fly', 'zone']],
    ['figures', '4 battle groups, 2022-03-24', ['4', 'battle', 'groups', '2022', '03', '24']],
    ['Han, a character a word', '北京峰会', ['北', '京', '峰', '会']],
    ['mixed scripts', 'G7峰会 in 東京', ['g7', '峰', '会', 'in', '東', '京']],
    ['composed and decomposed', 'e\u0301te\u0301 été', ['ete', 'ete']],
    ['full width and fractions', 'ＮＡＴＯ ½', ['nato', '1', '2']],
    ['marks that are part of a letter', 'हिन्दी', ['हिन्दी']],
    ['emoji and signs alone', '👍 — "*" OR', ['or']],
    ['nothing', '', []],
  ])('%s', (_, text, expectedWords) => {
    expect(tokenize(text)).toEqual(expectedWords);
  });

  it('tells longer words apart by their first 200 letters', () => {
    const long = 'x'.repeat(300);
    expect(tokenizeWithOffsets(`${long} ${'😀é'.repeat(2)} ${'e\u0301'.repeat(250)}`)).toEqual([
      { word: 'x'.repeat(200), start: 0, end: 300 },
      { word: 'e', start: 303, end: 304 },
      { word: 'e', start: 306, end: 307 },
      { word: 'e'.repeat(200), start: 308, end: 808 },
    ]);
  });

  it('says where each word stands', () => {
    const text = 'A déjà-vu in 北京, Russia’s 👍 war';
    for (const { word, start, end } of tokenizeWithOffsets(text))
      expect(tokenize(text.slice(start, end))).toEqual([word]);
  });
});

/** The letters and digits of the English alphabet in the forms that have the width of a Han character. */
const toFullWidth = (text: string) =>
  text.replace(/[A-Za-z0-9]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

describe(`words (fast-check seed ${seed})`, () => {
  it('of plain letters are those of any other form of them', () => {
    const plain = fc.string({
      unit: fc.constantFrom('a', 'B', 's', 'Z', '7', '-', ' ', '.', '\n'),
      maxLength: 500,
    });
    fc.assert(
      fc.property(plain, (text) => {
        expect(tokenizeWithOffsets(text)).toEqual(tokenizeWithOffsets(toFullWidth(text)));
      }),
      { seed, verbose: true, examples: [['x'.repeat(201)], ['x'.repeat(200)]] },
    );
  });
});

describe('synonyms', () => {
  const synonyms = createSynonyms([
    ['round', 'package'],
    ['battle group', 'battle groups', 'battlegroup'],
  ]);

  it('finds a text by every word of a line', () => {
    expect(synonyms.tokenizeText('a fifth package')).toContain('round');
    expect(synonyms.tokenizeQuery('package')).toEqual(['round']);
    expect(synonyms.tokenizeQuery('round')).toEqual(['round']);
  });

  it('takes several words as one, and leaves each its own', () => {
    const words = synonyms.tokenizeText('four new battle groups');
    expect(words).toEqual(expect.arrayContaining(['battle', 'groups', 'battlegroup']));
    expect(synonyms.tokenizeQuery('battle group Romania')).toEqual(['battlegroup', 'romania']);
    expect(synonyms.tokenizeQuery('group battle')).toEqual(['group', 'battle']);
  });

  it('changes its fingerprint with its lines', () => {
    expect(createSynonyms([['round', 'package']]).fingerprint).not.toBe(synonyms.fingerprint);
  });
});
