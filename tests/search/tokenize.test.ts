import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSynonyms } from '../../src/search/synonyms.ts';
import { tokenize, tokenizeWithOffsets } from '../../src/search/tokenize.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

describe('tokenize', () => {
  it.each([
    ['accents', 'Café Zürich', ['cafe', 'zurich']],
    ['letters that Unicode does not decompose', 'Straße Łódź Ærø Đà', ['strasse', 'lodz', 'aero', 'da']],
    ['case in other scripts', 'ЗЕЛЕНСЬКИЙ ΑΘΉΝΑ', ['зеленськии', 'αθηνα']],
    ['possessives, straight and curly', "Russia's EU’s", ['russia', 'eu']],
    ['apostrophes inside', "O'Brien l’Europe", ['o', 'brien', 'l', 'europe']],
    ['hyphens', 'no-fly zone', ['no', 'fly', 'zone']],
    ['numbers', '4 battle groups, 2022-03-24', ['4', 'battle', 'groups', '2022', '03', '24']],
    ['Han, one word per character', '北京峰会', ['北', '京', '峰', '会']],
    ['mixed scripts', 'G7峰会 in 東京', ['g7', '峰', '会', 'in', '東', '京']],
    ['composed and decomposed', 'e\u0301te\u0301 été', ['ete', 'ete']],
    ['full width and fractions', 'ＮＡＴＯ ½', ['nato', '1', '2']],
    ['marks that are part of a letter', 'हिन्दी', ['हिन्दी']],
    ['emoji and symbols alone', '👍 — "*" OR', ['or']],
    ['an empty text', '', []],
  ])('%s', (_, text, expectedWords) => {
    expect(tokenize(text)).toEqual(expectedWords);
  });

  it('truncates words to 200 code points', () => {
    const long = 'x'.repeat(300);
    expect(tokenizeWithOffsets(`${long} ${'😀é'.repeat(2)} ${'e\u0301'.repeat(250)}`)).toEqual([
      { word: 'x'.repeat(200), start: 0, end: 300 },
      { word: 'e', start: 303, end: 304 },
      { word: 'e', start: 306, end: 307 },
      { word: 'e'.repeat(200), start: 308, end: 808 },
    ]);
  });

  it.each([
    ['soft hyphen', '\u00ad'],
    ['zero-width space', '\u200b'],
    ['zero-width non-joiner', '\u200c'],
    ['zero-width joiner', '\u200d'],
    ['left-to-right mark', '\u200e'],
    ['right-to-left mark', '\u200f'],
    ['right-to-left override', '\u202e'],
    ['word joiner', '\u2060'],
    ['first strong isolate', '\u2068'],
    ['byte-order mark', '\ufeff'],
    ['variation selector', '\ufe0f'],
    ['variation selector outside the BMP', '\u{e0101}'],
    ['Arabic letter mark', '\u061c'],
    ['Mongolian vowel separator', '\u180e'],
    ['several in a row', '\u200b\u00ad\u2060'],
  ])('ignores a %s within a word and beside it', (_, invisible) => {
    const text = `${invisible}Bat${invisible}talion 🗳${invisible}️ e${invisible}\u0301te${invisible}, ${invisible} NATO${invisible}'s`;
    const tokens = tokenizeWithOffsets(text);
    expect(tokens.map(({ word }) => word)).toEqual(['battalion', 'ete', 'nato']);
    // The range of a word begins and ends with a visible character.
    expect(tokens.map(({ start, end }) => text.slice(start, end))).toEqual([
      `Bat${invisible}talion`,
      `e${invisible}\u0301te`,
      'NATO',
    ]);
  });

  it.each([
    ['Thai', 'ประชุม\u200bสุดยอด', 'ประชุมสุดยอด'],
    ['Khmer', 'កិច្ច\u200bប្រជុំ', 'កិច្ចប្រជុំ'],
    ['Lao', 'ກອງ\u200bປະຊຸມ', 'ກອງປະຊຸມ'],
    ['Myanmar', 'ထိပ်သီး\u200bအစည်းအဝေး', 'ထိပ်သီးအစည်းအဝေး'],
  ])('takes a zero-width space in %s for the boundary that it is', (_, text, withoutSpace) => {
    const tokens = tokenizeWithOffsets(text);
    const boundary = text.indexOf('\u200b');
    expect(tokens.every(({ start, end }) => end <= boundary || start > boundary)).toBe(true);
    expect(tokens.map(({ word }) => word)).toEqual(tokenize(withoutSpace));
    expect(tokenize(`NATO\u200b${text}\u200bEU`)).toEqual(['nato', ...tokenize(text), 'eu']);
  });

  it('finds no word in invisible characters alone', () => {
    expect(tokenize('\u00ad \u200b\u200d \ufe0f \u3164')).toEqual([]);
  });

  it('returns the position of each word', () => {
    const text = 'A déjà-vu in 北京, Russia’s 👍 war';
    for (const { word, start, end } of tokenizeWithOffsets(text))
      expect(tokenize(text.slice(start, end))).toEqual([word]);
  });
});

/** Replaces ASCII letters and digits by their full-width forms. */
const toFullWidth = (text: string) =>
  text.replace(/[A-Za-z0-9]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

describe(`words (fast-check seed ${seed})`, () => {
  it('of ASCII text are those of its full-width form', () => {
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

  it('find a text by every word on a line', () => {
    expect(synonyms.tokenizeText('a fifth package')).toContain('round');
    expect(synonyms.tokenizeQuery('package')).toEqual(['round']);
    expect(synonyms.tokenizeQuery('round')).toEqual(['round']);
  });

  it('treat a phrase as one word, and still find its single words', () => {
    const words = synonyms.tokenizeText('four new battle groups');
    expect(words).toEqual(expect.arrayContaining(['battle', 'groups', 'battlegroup']));
    expect(synonyms.tokenizeQuery('battle group Romania')).toEqual(['battlegroup', 'romania']);
    expect(synonyms.tokenizeQuery('group battle')).toEqual(['group', 'battle']);
  });

  it('change the fingerprint when a line changes', () => {
    expect(createSynonyms([['round', 'package']]).fingerprint).not.toBe(synonyms.fingerprint);
  });
});

describe(`invisible characters (fast-check seed ${seed})`, () => {
  it('anywhere in a text change neither its words nor what their positions show', () => {
    const unit = fc.constantFrom('a', 'B', '7', 'é', 'e\u0301', '北', 'ก', '🗳', '-', ' ', "'", 's');
    const invisible = fc.constantFrom('\u00ad', '\u200c', '\u200d', '\u2060', '\ufeff', '\u202a', '\ufe00');
    const pairs = fc.array(fc.tuple(unit, fc.option(invisible, { nil: '' })), { maxLength: 60 });
    fc.assert(
      fc.property(pairs, (units) => {
        const plain = units.map(([visible]) => visible).join('');
        const text = units.map(([visible, hidden]) => visible + hidden).join('');
        expect(tokenize(text)).toEqual(tokenize(plain));
        for (const { word, start, end } of tokenizeWithOffsets(text))
          expect(tokenize(text.slice(start, end))).toContain(word);
      }),
      { seed, verbose: true },
    );
  });
});
