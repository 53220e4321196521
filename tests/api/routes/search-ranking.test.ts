/** Search results and their order, with difficult names and queries; the same on every database. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp, createStore, getIds, importInto } from '../../support/app.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

const LONG_WORD = 'x'.repeat(300);

/** Documents with their publication dates; `facts` maps ids to names and aliases. */
const documents: { id: string; publishedOn: string | null; facts: Record<string, string[]> }[] = [
  {
    id: 'older',
    publishedOn: '2031-05-02',
    facts: {
      lukasz: ['Łukasz Żółtowski'],
      siobhan: ["Siobhán O'Brien"],
      strauss: ['Jörg Strauß'],
      ipek: ['İpek Işık'],
      lefevre: ['Jean-Luc Lefèvre', 'J.-L. Lefevre'],
      zelenka: ['Jana Zelenka'],
      zelensky: ['Volodymyr Zelensky'],
      wang: ['王毅', 'Wang Yi'],
      abe: ['安倍晋三', 'Abe Shinzō'],
      kim: ['김정은', 'Kim Jong-un'],
      modi: ['नरेन्द्र मोदी', 'Narendra Modi'],
      salman: ['محمد بن سلمان', 'Mohammed bin Salman'],
      mitsotakis: ['Κυριάκος Μητσοτάκης'],
      lavrov: ['Сергей Лавров', 'Sergey Lavrov'],
      'ann-thumb': ['Ann 👍 Lee'],
      reka: ['Re\u0301ka Na\u0301dor'],
      long: [LONG_WORD, 'The long one'],
    },
  },
  {
    id: 'newer',
    publishedOn: '2031-05-03',
    facts: {
      'a-ann': ['Ann Lee'],
      conor: ['Conor O’Brien'],
      'the-the': ['The The'],
      'near-east': ['Near East and Far East Office'],
      'not-or': ['Not Or Never'],
      'north-group': ['Battle Group North'],
      'south-group': ['South', 'the battlegroups'],
      'fifth-round': ['Fifth Round'],
      'package-deal': ['Package Deal'],
      ivoire: ["Côte d'Ivoire"],
      divoire: ['Cote dIvoire'],
      'at-t': ['AT&T'],
      half: ['½ Year Review'],
      'full-width': ['ＡＢＣ　Ｎｅｗｓ'],
      'nato-50': ['50% of NATO'],
      g7: ['G7'],
      'g-7': ['G-7'],
      ligature: ['Oﬃce Æsir'],
    },
  },
  {
    id: 'undated',
    publishedOn: null,
    facts: {
      zee: ['Volodymyr Zelenskyy'],
      'b-ann': ['Lee', 'Ann'],
      'c-ann': ['Ann Lee'],
      tokyo: ['東京サミット'],
      'tokyo-kana': ['とうきょう'],
      thai: ['กรุงเทพ'],
      eszett: ['STRASSE'],
      cafe: ['Café No. 5', 'cafe'],
      family: ['👨‍👩‍👧 Family'],
      flag: ['🇺🇦'],
    },
  },
];

const rowNumbers = new Map(
  documents.flatMap(({ facts }) => Object.keys(facts)).map((id, n) => [id, n + 1000]),
);

/** Queries with the expected ids, in order. */
const EXPECTED_HITS: [q: string, ids: string[]][] = [
  // Accents in the query or in the name.
  ['Łukasz', ['lukasz']],
  ['lukasz zoltowski', ['lukasz']],
  ['ŻÓŁTOWSKI', ['lukasz']],
  ['siobhan', ['siobhan']],
  ['Jorg Strauss', ['strauss']],
  ['JÖRG STRAUẞ', ['strauss']],
  ['straße', ['eszett']],
  ['strasse', ['eszett']],
  ['ipek isik', ['ipek']],
  ['İPEK IŞIK', ['ipek']],
  ['lefevre', ['lefevre']],
  ['Le\u0301fe\u0300vre', ['lefevre']],
  ['réka nádor', ['reka']],
  ['reka nador', ['reka']],
  ['Café', ['cafe']],
  ['ofﬁce', ['ligature', 'near-east']],
  ['aesir', ['ligature']],
  // Case in several scripts.
  ['VOLODYMYR', ['zelensky', 'zee']],
  ['сергей', ['lavrov']],
  ['ЛАВРОВ', ['lavrov']],
  ['κυριακος', ['mitsotakis']],
  ['ΜΗΤΣΟΤΑΚΗΣ', ['mitsotakis']],
  ['Μητσοτάκης', ['mitsotakis']],
  ['nato', ['nato-50']],
  // Apostrophes.
  ["o'brien", ['conor', 'siobhan']],
  ['O’Brien', ['conor', 'siobhan']],
  ['o brien', ['conor', 'siobhan']],
  ['obrien', []],
  ["Siobhán O'Brien's", ['siobhan']],
  ["cote d'ivoire", ['ivoire']],
  ['cote divoire', ['divoire']],
  ["d'ivoire", ['ivoire']],
  // Hyphens and other characters between words.
  ['jean luc', ['lefevre']],
  ['Jean-Luc', ['lefevre']],
  ['jean—luc', ['lefevre']],
  ['luc jean', ['lefevre']],
  ['jeanluc', []],
  ['jong un', ['kim']],
  ['g7', ['g7']],
  ['g-7', ['g-7']],
  ['at&t', ['at-t']],
  ['AT T', ['at-t']],
  ['no 5', ['cafe']],
  // No stop words.
  ['the', ['the-the', 'south-group', 'long']],
  ['The The', ['the-the', 'south-group', 'long']],
  ['and', ['near-east']],
  ['of nato', ['nato-50']],
  ['not or', ['not-or']],
  ['a', []],
  // Scripts without spaces.
  ['王毅', ['wang']],
  ['毅王', ['wang']],
  ['王', ['wang']],
  ['東京', ['tokyo']],
  ['サミット', ['tokyo']],
  ['とうきょう', ['tokyo-kana']],
  ['安倍', ['abe']],
  ['Abe Shinzo', ['abe']],
  ['김정은', ['kim']],
  ['กรุงเทพ', ['thai']],
  ['नरेन्द्र', ['modi']],
  ['سلمان', ['salman']],
  // Emoji are ignored.
  ['Ann 👍 Lee', ['a-ann', 'ann-thumb', 'c-ann', 'b-ann']],
  ['👍 Ann', ['a-ann', 'ann-thumb', 'c-ann', 'b-ann']],
  ['family 👨‍👩‍👧', ['family']],
  // Aliases and synonyms.
  ['Wang Yi', ['wang']],
  ['Mohammed Salman', ['salman']],
  ['Sergey', ['lavrov']],
  ['Zelenskiy', ['zelensky', 'zee']],
  ['Зеленський', ['zelensky', 'zee']],
  ['Zelenka', ['zelenka']],
  ['battlegroup', ['north-group', 'south-group']],
  ['battle groups', ['north-group', 'south-group']],
  ['group battle', ['north-group']],
  ['package', ['fifth-round', 'package-deal']],
  ['fifth package', ['fifth-round']],
  ['rounds deal', ['package-deal']],
  ['North Atlantic Treaty Organization', ['nato-50']],
  // Compatibility forms.
  ['ABC news', ['full-width']],
  ['ｎａｔｏ', ['nato-50']],
  ['1 2 year', ['half']],
  ['½', ['half']],
  // Operators, quotes, wildcards and long words.
  ['near east', ['near-east']],
  ['NEAR(east far)', ['near-east']],
  ['east AND NOT far', []],
  ['label:south', []],
  ['"South"', ['south-group']],
  ['sou*', []],
  ['^South', ['south-group']],
  ["South'); drop table fact;--", []],
  ['South | North', []],
  ['South & !North', []],
  ['South <-> group:*', []],
  ['\\South', ['south-group']],
  ['{South}', ['south-group']],
  ['South\u200b', ['south-group']],
  ['x'.repeat(200), ['long']],
  ['x'.repeat(199), []],
  ['entry 1003', ['ipek']],
];

let app: FastifyInstance;
beforeAll(async () => {
  const store = await createStore();
  app = await createApp(store);
  for (const { id, publishedOn, facts } of documents) {
    await importInto(
      store,
      buildDossier({
        id,
        document: { publishedOn, rights: { statement: 'Invented', display: 'full' } },
        source: Object.keys(facts)
          .map((fact) => `Entry ${rowNumbers.get(fact)}.`)
          .join('\n'),
        facts: Object.entries(facts).map(([fact, [name, ...aliases]]) => ({
          type: 'person',
          id: fact,
          name,
          aliases,
          evidence: [
            {
              quote: `Entry ${rowNumbers.get(fact)}`,
              supports: ['name', ...(aliases.length ? ['aliases'] : [])],
            },
          ],
        })),
      }),
    );
  }
});

describe('the golden set', () => {
  it('has at least 60 different queries', () => {
    expect(EXPECTED_HITS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(EXPECTED_HITS.map(([q]) => q)).size).toBe(EXPECTED_HITS.length);
  });

  it.each(EXPECTED_HITS)('finds the expected facts for %s', async (q, ids) => {
    const query = encodeURIComponent(q);
    expect(await getIds(app, `/v1/search?q=${query}&limit=200`)).toEqual(ids);
    // A list finds the same facts, sorted by id.
    expect(await getIds(app, `/v1/people?q=${query}&limit=200`)).toEqual([...ids].sort());
  });
});
