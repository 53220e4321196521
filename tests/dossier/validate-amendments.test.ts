/** What a dossier may say about facts of others, as far as it can be told without them. */
import { describe, expect, it } from 'vitest';
import { validateDossier } from '../../src/dossier/validate.ts';
import { buildDossier } from '../support/dossier-builder.ts';

const KNOWN_REFERENCES = ['person/ilze', 'event/fair', 'statement/vow', 'document/old', 'country/latvia'];
const QUOTE = 'Ilze is mayor';
const createEvidence = (...supports: string[]) => [{ quote: QUOTE, supports }];

async function findProblems(sections: object): Promise<string[]> {
  const files = buildDossier({
    source: `${QUOTE}.`,
    uncovered: [{ quote: QUOTE, reason: 'For the tests' }],
    ...sections,
  });
  const { dossier, problems } = await validateDossier(files, async () => new Set(KNOWN_REFERENCES));
  expect(dossier === null).toBe(problems.length > 0);
  return problems.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`);
}

const ilze = { type: 'person', id: 'ilze', name: 'Ilze', evidence: createEvidence('name') };
const posts = [{ title: 'mayor', of: 'country/latvia' }];

describe('amendments', () => {
  it('are taken, each field carried by words or an inference, an emptied one by the reason', async () => {
    expect(
      await findProblems({
        adds: [{ fact: 'person/ilze', evidence: createEvidence('name') }],
        corrects: [{ fact: 'event/fair', fields: { endDate: null }, reason: 'It had no end' }],
        develops: [
          { fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts') },
          {
            fact: 'event/fair',
            fields: { status: 'held' },
            inferences: [{ fields: ['status'], kind: 'derived', note: 'The fair is over' }],
          },
        ],
      }),
    ).toEqual([]);
  });

  it.each<[string, object, string | RegExp]>([
    [
      'a development of what does not change',
      { develops: [{ fact: 'event/fair', fields: { kind: 'market' }, evidence: createEvidence('kind') }] },
      /^unknown-field \/develops\/0\/fields\/kind kind does not change as the world moves on: correct it/,
    ],
    [
      'a development of a statement',
      {
        develops: [
          { fact: 'statement/vow', fields: { saidOn: '2031-05-02' }, evidence: createEvidence('saidOn') },
        ],
      },
      /^invalid-field \/develops\/0\/fact statement: no field of such a fact changes as the world moves on/,
    ],
    [
      'another text for a statement',
      {
        corrects: [
          { fact: 'statement/vow', fields: { text: 'x' }, evidence: createEvidence('text'), reason: 'x' },
        ],
      },
      /^unknown-field \/corrects\/0\/fields\/text there is no field text that could be corrected; allowed are speakers, mode, modality/,
    ],
    [
      'a document of another dossier',
      { adds: [{ fact: 'document/old', evidence: createEvidence('title') }] },
      /^invalid-field \/adds\/0\/fact document: only a fact that has evidence/,
    ],
    [
      'a correction without a reason',
      { corrects: [{ fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts') }] },
      'invalid-field /corrects/0/reason reason is missing',
    ],
    [
      'a reason for a development',
      {
        develops: [
          { fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts'), reason: 'x' },
        ],
      },
      /^unknown-field \/develops\/0\/reason there is no field reason; allowed are fact, fields, evidence, inferences/,
    ],
    [
      'no field at all',
      { develops: [{ fact: 'person/ilze', fields: {}, evidence: createEvidence('posts') }] },
      'invalid-field /develops/0/fields fields: must set at least one field',
    ],
    [
      'a value that nothing carries',
      { develops: [{ fact: 'person/ilze', fields: { posts } }] },
      'unsupported-field /develops/0/posts posts is carried by no evidence (supports) and no inference (fields)',
    ],
    [
      'words for another field than those that are set',
      { develops: [{ fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts', 'name') }] },
      'unknown-field /develops/0/evidence/0/supports/1 there is no field name here; allowed are posts',
    ],
    [
      'a value of the wrong form',
      { develops: [{ fact: 'event/fair', fields: { status: 'over' }, evidence: createEvidence('status') }] },
      /^invalid-field \/develops\/0\/fields\/status status: /,
    ],
    [
      'words that do not stand in its source',
      { adds: [{ fact: 'person/ilze', evidence: [{ quote: 'Ilze was mayor', supports: ['name'] }] }] },
      /^quotation-missing \/adds\/0\/evidence\/0\/quote "Ilze was mayor" does not stand in the source; the nearest is/,
    ],
    [
      'a reference to nobody',
      {
        develops: [
          {
            fact: 'person/ilze',
            fields: { posts: [{ title: 'mayor', of: 'country/nowhere' }] },
            evidence: createEvidence('posts'),
          },
        ],
      },
      'unknown-reference /develops/0/fields/posts/0/of country/nowhere is neither in this dossier nor in the store',
    ],
    [
      'a fact that there is not',
      { adds: [{ fact: 'person/ghost', evidence: createEvidence('name') }] },
      'unknown-reference /adds/0/fact person/ghost is neither in this dossier nor in the store',
    ],
    [
      'a fact of its own',
      { facts: [ilze], adds: [{ fact: 'person/ilze', evidence: createEvidence('name') }] },
      'home-here /adds/0/fact person/ilze is given here: change it there',
    ],
    [
      'a fact of a type that there is not',
      { adds: [{ fact: 'constructor/x', evidence: createEvidence('name') }] },
      /^invalid-field \/adds\/0\/fact type "constructor" is not one of document, event/,
    ],
    [
      'a field that every object has',
      JSON.parse('{"develops":[{"fact":"person/ilze","fields":{"constructor":1,"posts":[]},"evidence":[]}]}'),
      /^unknown-field \/develops\/0\/fields\/constructor constructor does not change as the world moves on/,
    ],
    [
      'a field that no parser hands on',
      {
        corrects: JSON.parse(
          '[{"fact":"person/ilze","fields":{"__proto__":1,"name":"Ilze"},"reason":"x","evidence":[{"quote":"Ilze is mayor","supports":["name"]}]}]',
        ),
      },
      'unknown-field /corrects/0/fields/__proto__ there is no field __proto__',
    ],
    [
      'a field that objects inherit',
      {
        corrects: [
          { fact: 'person/ilze', fields: { toString: 1 }, evidence: createEvidence('toString'), reason: 'x' },
        ],
      },
      /^unknown-field \/corrects\/0\/fields\/toString there is no field toString that could be corrected/,
    ],
    [
      'two words on one field',
      {
        corrects: [
          { fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts'), reason: 'x' },
        ],
        develops: [{ fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts') }],
      },
      'duplicate-id /develops/0/fields/posts posts of person/ilze is set already, in corrects/0',
    ],
  ])('are refused: %s', async (_, more, problem) => {
    const problems = await findProblems(more);
    expect(problems).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });
});

describe('retractions and renames', () => {
  it.each<[string, object, string]>([
    [
      'retracting what is given',
      { facts: [ilze], retractions: [{ fact: 'person/ilze', reason: 'x' }] },
      'duplicate-id /retractions/0/fact person/ilze is given under facts too',
    ],
    [
      'retracting twice',
      {
        retractions: [
          { fact: 'person/ilze', reason: 'x' },
          { fact: 'person/ilze', reason: 'y' },
        ],
      },
      'duplicate-id /retractions/1/fact person/ilze is retracted already',
    ],
    [
      'retracting without a reason',
      { retractions: [{ fact: 'person/ilze' }] },
      'invalid-field /retractions/0/reason reason is missing',
    ],
    [
      'retracting the document alone',
      { retractions: [{ fact: 'document/riga-2031-05-02', reason: 'x' }] },
      'invalid-field /retractions/0/fact the document goes only with the whole dossier, when that is deleted',
    ],
    [
      'renaming to what is not given',
      { renames: [{ from: 'person/ilze', to: 'i' }] },
      'unknown-reference /renames/0/to person/i is not given under facts, as person/ilze is renamed to',
    ],
    [
      'renaming to itself',
      { renames: [{ from: 'person/ilze', to: 'ilze' }] },
      'unknown-reference /renames/0/to person/ilze is not given under facts, as person/ilze is renamed to',
    ],
    [
      'renaming what is given still',
      { facts: [ilze, { ...ilze, id: 'i' }], renames: [{ from: 'person/ilze', to: 'i' }] },
      'duplicate-id /renames/0/from person/ilze is given under facts too',
    ],
    [
      'a reserved id',
      { facts: [{ ...ilze, id: 'i' }], renames: [{ from: 'person/ilze', to: 'none' }] },
      'invalid-field /renames/0/to to: must not be facets or none, which URLs take for something else',
    ],
  ])('are refused: %s', async (_, more, problem) => {
    expect(await findProblems(more)).toEqual([problem]);
  });
});
