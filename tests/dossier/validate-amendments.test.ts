/** Rules for amendments that can be checked without the amended facts. */
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
  it('are valid if evidence, an inference or (for an emptied field) a reason supports each field', async () => {
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
      'a development of a field that cannot change',
      { develops: [{ fact: 'event/fair', fields: { kind: 'market' }, evidence: createEvidence('kind') }] },
      /^unknown-field \/develops\/0\/fields\/kind kind does not change over time: if the record was wrong, use corrects; allowed fields: /,
    ],
    [
      'a development of a statement',
      {
        develops: [
          { fact: 'statement/vow', fields: { saidOn: '2031-05-02' }, evidence: createEvidence('saidOn') },
        ],
      },
      /^invalid-field \/develops\/0\/fact statement: facts of this type do not change over time/,
    ],
    [
      'another text for a statement',
      {
        corrects: [
          { fact: 'statement/vow', fields: { text: 'x' }, evidence: createEvidence('text'), reason: 'x' },
        ],
      },
      /^unknown-field \/corrects\/0\/fields\/text text cannot be corrected; allowed fields: speakers, mode, modality/,
    ],
    [
      'a document of another dossier',
      { adds: [{ fact: 'document/old', evidence: createEvidence('title') }] },
      /^invalid-field \/adds\/0\/fact document: facts of this type have no evidence to add to/,
    ],
    [
      'a correction without a reason',
      { corrects: [{ fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts') }] },
      /^invalid-field \/corrects\/0\/reason reason is missing \(/,
    ],
    [
      'a reason for a development',
      {
        develops: [
          { fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts'), reason: 'x' },
        ],
      },
      /^unknown-field \/develops\/0\/reason there is no field reason; allowed fields: fact, fields, evidence, inferences/,
    ],
    [
      'no field at all',
      { develops: [{ fact: 'person/ilze', fields: {}, evidence: createEvidence('posts') }] },
      'invalid-field /develops/0/fields fields: must set at least one field',
    ],
    [
      'a value that nothing supports',
      { develops: [{ fact: 'person/ilze', fields: { posts } }] },
      'unsupported-field /develops/0/posts no evidence or inference supports posts: name it in supports of a quotation or in fields of an inference',
    ],
    [
      'evidence for a field that the entry does not set',
      { develops: [{ fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts', 'name') }] },
      'unknown-field /develops/0/evidence/0/supports/1 there is no field name here; allowed fields: posts',
    ],
    [
      'a value of the wrong form',
      { develops: [{ fact: 'event/fair', fields: { status: 'over' }, evidence: createEvidence('status') }] },
      /^invalid-field \/develops\/0\/fields\/status status: /,
    ],
    [
      'a quotation that is not in the source',
      { adds: [{ fact: 'person/ilze', evidence: [{ quote: 'Ilze was mayor', supports: ['name'] }] }] },
      /^quotation-missing \/adds\/0\/evidence\/0\/quote "Ilze was mayor" not found in the source; the closest match is/,
    ],
    [
      'a reference to a fact that does not exist',
      {
        develops: [
          {
            fact: 'person/ilze',
            fields: { posts: [{ title: 'mayor', of: 'country/nowhere' }] },
            evidence: createEvidence('posts'),
          },
        ],
      },
      'unknown-reference /develops/0/fields/posts/0/of country/nowhere not found: define it in this dossier, or first import the dossier that defines it',
    ],
    [
      'an amendment of a fact that does not exist',
      { adds: [{ fact: 'person/ghost', evidence: createEvidence('name') }] },
      'unknown-reference /adds/0/fact person/ghost not found: define it in this dossier, or first import the dossier that defines it',
    ],
    [
      'an amendment of a fact of the same dossier',
      { facts: [ilze], adds: [{ fact: 'person/ilze', evidence: createEvidence('name') }] },
      'home-here /adds/0/fact person/ilze is a fact of this dossier: change it under facts',
    ],
    [
      'a fact of an unknown type',
      { adds: [{ fact: 'constructor/x', evidence: createEvidence('name') }] },
      /^invalid-field \/adds\/0\/fact type "constructor" is not one of document, event/,
    ],
    [
      'a field named constructor',
      JSON.parse('{"develops":[{"fact":"person/ilze","fields":{"constructor":1,"posts":[]},"evidence":[]}]}'),
      /^unknown-field \/develops\/0\/fields\/constructor constructor does not change over time/,
    ],
    [
      'a field named __proto__',
      {
        corrects: JSON.parse(
          '[{"fact":"person/ilze","fields":{"__proto__":1,"name":"Ilze"},"reason":"x","evidence":[{"quote":"Ilze is mayor","supports":["name"]}]}]',
        ),
      },
      'unknown-field /corrects/0/fields/__proto__ there is no field __proto__',
    ],
    [
      'a field named toString',
      {
        corrects: [
          { fact: 'person/ilze', fields: { toString: 1 }, evidence: createEvidence('toString'), reason: 'x' },
        ],
      },
      /^unknown-field \/corrects\/0\/fields\/toString toString cannot be corrected/,
    ],
    [
      'two values for one field',
      {
        corrects: [
          { fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts'), reason: 'x' },
        ],
        develops: [{ fact: 'person/ilze', fields: { posts }, evidence: createEvidence('posts') }],
      },
      'duplicate-id /develops/0/fields/posts posts of person/ilze is already set, in corrects/0',
    ],
  ])('are rejected: %s', async (_, more, problem) => {
    const problems = await findProblems(more);
    expect(problems).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });
});

describe('retractions and renames', () => {
  it.each<[string, object, string]>([
    [
      'retracting a fact that is still defined',
      { facts: [ilze], retractions: [{ fact: 'person/ilze', reason: 'x' }] },
      'duplicate-id /retractions/0/fact person/ilze is also defined under facts',
    ],
    [
      'retracting twice',
      {
        retractions: [
          { fact: 'person/ilze', reason: 'x' },
          { fact: 'person/ilze', reason: 'y' },
        ],
      },
      'duplicate-id /retractions/1/fact person/ilze is already retracted',
    ],
    [
      'retracting without a reason',
      { retractions: [{ fact: 'person/ilze' }] },
      expect.stringMatching(/^invalid-field \/retractions\/0\/reason reason is missing \(/),
    ],
    [
      'retracting the document',
      { retractions: [{ fact: 'document/riga-2031-05-02', reason: 'x' }] },
      'invalid-field /retractions/0/fact a document cannot be retracted: delete the dossier instead',
    ],
    [
      'renaming to an id that is not defined',
      { renames: [{ from: 'person/ilze', to: 'i' }] },
      'unknown-reference /renames/0/to person/ilze is renamed to person/i, which is not defined under facts',
    ],
    [
      'renaming to itself',
      { renames: [{ from: 'person/ilze', to: 'ilze' }] },
      'unknown-reference /renames/0/to person/ilze is renamed to person/ilze, which is not defined under facts',
    ],
    [
      'renaming a fact that is still defined',
      { facts: [ilze, { ...ilze, id: 'i' }], renames: [{ from: 'person/ilze', to: 'i' }] },
      'duplicate-id /renames/0/from person/ilze is still defined under facts',
    ],
    [
      'a reserved id',
      { facts: [{ ...ilze, id: 'i' }], renames: [{ from: 'person/ilze', to: 'none' }] },
      'invalid-field /renames/0/to to: must not be facets or none, which have another meaning in URLs',
    ],
  ])('are rejected: %s', async (_, more, problem) => {
    expect(await findProblems(more)).toEqual([problem]);
  });
});
