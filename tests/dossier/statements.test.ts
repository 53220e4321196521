/** Statements have another form in dossiers than in responses: their parts are quotations. */
import { describe, expect, it } from 'vitest';
import { validateDossier } from '../../src/dossier/validate.ts';
import { buildDossier } from '../support/dossier-builder.ts';

const SOURCE = '👍 “We agreed,” she said, adding that it was “hard work” for all.';

const kalna = {
  type: 'person',
  id: 'anna-kalna',
  name: 'Anna Kalna',
  evidence: [{ quote: 'she', supports: ['name'] }],
};
const content = { role: 'content', quoted: true, quote: 'We agreed' };
const cue = { role: 'cue', quote: 'said' };
const source = { role: 'source', quote: 'she' };
const direct = {
  type: 'statement',
  id: 'we-agreed',
  speakers: ['person/anna-kalna'],
  mode: 'direct',
  parts: [source, content, cue],
};

async function validateStatement(statement: object) {
  const files = buildDossier({ source: SOURCE, facts: [kalna, statement] });
  const { dossier, problems } = await validateDossier(files, async () => new Set());
  return {
    body: dossier?.facts.at(-1)?.body,
    problems: problems.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`),
  };
}

describe('a statement', () => {
  it('gets text, cue, parts and evidence from its parts, in the order of the document', async () => {
    const { body, problems } = await validateStatement(direct);
    expect(problems).toEqual([]);
    expect(body).toMatchObject({
      text: 'We agreed',
      cue: 'said',
      parts: [
        { role: 'content', quoted: true, start: 3, end: 12, exact: 'We agreed' },
        { role: 'source', quoted: false, start: 15, end: 18, exact: 'she' },
        { role: 'cue', quoted: false, start: 19, end: 23, exact: 'said' },
      ],
    });
    expect(body?.evidence?.map(({ exact, supports }) => [exact, supports])).toEqual([
      ['We agreed', ['mode', 'text', 'parts']],
      ['she', ['speakers', 'parts']],
      ['said', ['mode', 'cue', 'parts']],
    ]);
  });

  it('joins content parts with a space, and accepts more supported fields and further evidence', async () => {
    const { body, problems } = await validateStatement({
      ...direct,
      mode: 'mixed',
      parts: [
        { role: 'content', quote: 'it was', supports: ['topics'] },
        { role: 'content', quoted: true, quote: 'hard work' },
        { role: 'source', quote: 'she' },
        { role: 'cue', quote: 'adding' },
      ],
      topics: ['work'],
      evidence: [{ quote: 'for all', supports: ['text'] }],
    });
    expect(problems).toEqual([]);
    expect(body).toMatchObject({ text: 'it was hard work', cue: 'adding', topics: ['work'] });
    expect(body?.evidence?.map(({ exact, supports }) => [exact, supports]).slice(2)).toEqual([
      ['it was', ['mode', 'text', 'parts', 'topics']],
      ['hard work', ['mode', 'text', 'parts']],
      ['for all', ['text']],
    ]);
  });

  it.each<[string, object, string]>([
    ['no content', { ...direct, parts: [cue] }, 'must have a content part'],
    ['no parts', { ...direct, parts: [] }, 'must have at least one part, with the words that are said'],
    [
      'a quoted cue',
      { ...direct, parts: [content, { ...cue, quoted: true }] },
      'only content can be quoted: true',
    ],
    [
      'quotation marks',
      { ...direct, parts: [{ ...content, quote: '“We agreed,”' }] },
      'leave out the quotation marks',
    ],
    [
      'overlapping parts',
      { ...direct, parts: [content, { role: 'content', quoted: true, quote: 'agreed' }] },
      'must not overlap; "agreed" overlaps',
    ],
    [
      'unquoted direct speech',
      { ...direct, parts: [{ role: 'content', quote: 'it was' }] },
      'requires quoted: true on all content parts',
    ],
    [
      'mixed speech without a quotation',
      { ...direct, mode: 'mixed', parts: [{ role: 'content', quote: 'it was' }] },
      'requires quoted: true on at least one content part',
    ],
    [
      'a quoted assessment',
      { ...direct, mode: 'narrative', speakers: [], parts: [content] },
      'allows no part with quoted: true',
    ],
    ['a quoted report', { ...direct, mode: 'indirect' }, 'allows no part with quoted: true'],
    [
      'an assessment with a speaker',
      { ...direct, mode: 'narrative', parts: [{ role: 'content', quote: 'it was' }] },
      'allows no speakers and no source part',
    ],
    [
      'a source without a speaker',
      { ...direct, speakers: [] },
      'speakers must name the actor that "she" means',
    ],
  ])('with %s is rejected', async (_, statement, message) => {
    const { body, problems } = await validateStatement(statement);
    expect(body).toBeUndefined();
    expect(problems).toContainEqual(expect.stringMatching(`^invalid-field /facts/1/parts .*${message}`));
  });

  it.each<[string, string, object[], string | null]>([
    ['quoted, in straight marks', 'She said "we agreed" twice.', [{ ...content, quote: 'we agreed' }], null],
    [
      'quoted, in German marks',
      'Sie sagte: „Wir sind einig“, und ging.',
      [{ ...content, quote: 'Wir sind einig' }],
      null,
    ],
    [
      'quoted, in French marks with others inside',
      '« Il a dit “non” hier », dit-elle.',
      [{ ...content, quote: 'Il a dit “non” hier' }],
      null,
    ],
    [
      'quoted, in single marks that may be apostrophes',
      "She said 'we agreed' twice.",
      [{ ...content, quote: 'we agreed' }],
      null,
    ],
    [
      'quoted, where the marks do not pair',
      'She said “we agreed and left.',
      [{ ...content, quote: 'we agreed' }],
      null,
    ],
    [
      'quoted, without any marks',
      "She said Latvia's ministers agreed.",
      [{ ...content, quote: 'ministers agreed' }],
      'is not inside',
    ],
    [
      'quoted, across two quotations',
      '"We agreed," she said, "and left."',
      [{ ...content, quote: 'We agreed," she said, "and left' }],
      'is not inside',
    ],
    [
      'unquoted, inside marks',
      'She said “we agreed” twice.',
      [{ role: 'content', quote: 'we agreed' }],
      'is inside quotation marks',
    ],
    [
      'unquoted, around a name in marks',
      'She said the “Aurora” sailed.',
      [{ role: 'content', quote: 'the “Aurora” sailed' }],
      null,
    ],
  ])('content %s', async (_, source, parts, message) => {
    const mode = parts.every((part) => 'quoted' in part) ? 'direct' : 'indirect';
    const statement = { type: 'statement', id: 's', mode, parts };
    const { problems } = await validateDossier(
      buildDossier({ source, facts: [statement] }),
      async () => new Set(),
    );
    const messages = problems.map(({ pointer, message }) => `${pointer} ${message}`);
    expect(messages).toEqual(
      message === null ? [] : [expect.stringMatching(`^/facts/0/parts/0 .*${message}`)],
    );
  });

  it('with a part that is missing or ambiguous is rejected at the path of that part', async () => {
    const { problems } = await validateStatement({
      ...direct,
      parts: [
        { ...content, quote: 'We agree' },
        { ...cue, quote: 'a' },
      ],
    });
    expect(problems).toEqual([expect.stringMatching(/^quotation-ambiguous \/facts\/1\/parts\/1\/quote/)]);
    const missing = await validateStatement({ ...direct, parts: [{ ...content, quote: 'We disagreed' }] });
    expect(missing.problems).toEqual([
      expect.stringMatching(/^quotation-missing \/facts\/1\/parts\/0\/quote/),
    ]);
  });

  it('with speakers that no source part and no evidence supports is rejected', async () => {
    const { problems } = await validateStatement({ ...direct, parts: [content, cue] });
    expect(problems).toEqual([expect.stringMatching(/^unsupported-field \/facts\/1\/speakers/)]);
  });

  it('with a part that supports an empty field is rejected at the path of that part', async () => {
    const { problems } = await validateStatement({
      ...direct,
      parts: [source, content, { ...cue, supports: ['saidOn'] }],
    });
    expect(problems).toEqual([expect.stringMatching(/^empty-field \/facts\/1\/parts\/2\/supports/)]);
  });
});

describe('other rules between fields', () => {
  const figure = {
    type: 'figure',
    id: 'n',
    subject: 'person/anna-kalna',
    measure: 'Work',
    value: 1,
    unit: 'works',
    qualifier: 'exact',
    evidence: [
      { quote: 'hard work', supports: ['subject', 'measure', 'value', 'unit', 'qualifier', 'statedAs'] },
    ],
  };
  it('requires that statedAs of a figure is in its evidence', async () => {
    expect((await validateStatement({ ...figure, statedAs: 'work' })).problems).toEqual([]);
    expect((await validateStatement({ ...figure, statedAs: 'for all' })).problems).toEqual([
      'invalid-field /facts/1/statedAs "for all" is not in any evidence of the figure',
    ]);
  });

  it('names the characters of statedAs that only look like those of the evidence', async () => {
    expect((await validateStatement({ ...figure, statedAs: 'hard\u00a0work' })).problems).toEqual([
      expect.stringMatching(
        /of the figure; they look alike, but .* where the value has U\+00A0 NO-BREAK SPACE$/,
      ),
    ]);
    expect((await validateStatement({ ...figure, statedAs: 'hard\u00a0works' })).problems).toEqual([
      expect.stringMatching(/is not in any evidence of the figure$/),
    ]);
  });

  it('allows the position divided only for an organization', async () => {
    const stance = {
      type: 'stance',
      id: 's',
      actor: 'person/anna-kalna',
      subject: 'proposal/p',
      position: 'divided',
      evidence: [{ quote: 'hard work', supports: ['actor', 'subject', 'position'] }],
    };
    expect((await validateStatement(stance)).problems).toEqual([
      'invalid-field /facts/1/position only an organization can be divided; the actor is a person',
      'unknown-reference /facts/1/subject proposal/p not found: define it in this dossier, or first import the dossier that defines it',
    ]);
  });
});
