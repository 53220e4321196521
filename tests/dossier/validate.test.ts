import { describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { type DossierFiles, validateDossier } from '../../src/dossier/validate.ts';
import { buildDossier } from '../support/dossier-builder.ts';

const SOURCE = [
  'Latvia 👍 and NATO',
  'Ministers of the alliance met in Riga on Friday. “We agreed,” said Mārtiņš Bērziņš of Latvia.',
].join('\n');

const latvia = {
  type: 'country',
  id: 'latvia',
  name: 'Latvia',
  alpha2: 'LV',
  alpha3: 'LVA',
  evidence: [{ quote: 'Latvia', suffix: '👍', supports: ['name'] }],
  inferences: [{ fields: ['alpha2', 'alpha3'], kind: 'reference', note: 'ISO 3166-1' }],
};
const person = {
  type: 'person',
  id: 'martins-berzins',
  name: 'Mārtiņš Bērziņš',
  posts: [{ title: 'Minister', of: 'country/latvia' }],
  evidence: [{ quote: '“We agreed,” said Mārtiņš Bērziņš of Latvia', supports: ['name', 'posts'] }],
};
const meeting = {
  type: 'event',
  id: 'riga-meeting',
  name: 'Meeting in Riga',
  kind: 'meeting',
  status: 'held',
  startDate: '2031-05-02',
  datePrecision: 'day',
  evidence: [
    {
      quote: 'Ministers of the alliance met in Riga on Friday',
      supports: ['name', 'kind', 'status', 'startDate'],
    },
  ],
};
const validDossier = buildDossier({ source: SOURCE, facts: [latvia, person, meeting] });

const validate = (files: DossierFiles, knownReferences: string[] = []) =>
  validateDossier(files, async () => new Set(knownReferences));

/** Validates a dossier with these facts instead of the valid ones; returns its problems. */
async function findProblems(facts: unknown[], dossierInput: { source?: string; uncovered?: unknown[] } = {}) {
  const { dossier, problems } = await validate(buildDossier({ source: SOURCE, facts, ...dossierInput }));
  expect(dossier === null).toBe(problems.length > 0);
  return problems.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`);
}

describe('a valid dossier', () => {
  it('passes, and has offsets in code points', async () => {
    const { dossier, problems } = await validate(validDossier);
    expect(problems).toEqual([]);
    expect(dossier?.facts.map(({ id }) => id)).toEqual([
      'riga-2031-05-02',
      'latvia',
      'martins-berzins',
      'riga-meeting',
    ]);
    const [, , berzins] = dossier?.facts ?? [];
    const span = berzins?.body.evidence?.[0];
    const points = Array.from(SOURCE);
    expect(points.slice(span?.start, span?.end).join('')).toBe('“We agreed,” said Mārtiņš Bērziņš of Latvia');
    expect(span).toMatchObject({ prefix: 'alliance met in Riga on Friday. ', suffix: '.' });
  });

  it('includes the one in db/dossiers', async () => {
    const { problems, dossier } = await validate(readDossier('db/dossiers/brussels-2022-03-24'));
    expect(problems).toEqual([]);
    expect(dossier?.sha256).toBe('5976af336a3f34cc7c4d094338845b4c427f8176513bb546eca807d7a6fec97f');
  });

  it('computes the sha256 and the length of its text', async () => {
    const { dossier } = await validate(validDossier);
    expect(dossier?.facts[0]?.body).toMatchObject({ lengthCodePoints: Array.from(SOURCE).length });
  });
});

describe('quotations', () => {
  const quoting = (quotation: object) => [
    { ...latvia, evidence: [{ supports: ['name'], ...quotation }] },
    person,
    meeting,
  ];

  it.each([
    [
      'that are missing: the closest match is shown with its position',
      { quote: 'Latvia and NATO' },
      'quotation-missing /facts/0/evidence/0/quote "Latvia and NATO" not found in the source; ' +
        'the closest match is at line 1, column 1: "Latvia 👍 and NATO"',
    ],
    [
      'with other quotation marks',
      { quote: '"We agreed,"' },
      'quotation-missing /facts/0/evidence/0/quote "\\"We agreed,\\"" not found in the source; ' +
        'the closest match is at line 2, column 50: "“We agreed,”"; they look alike, but ' +
        'the source has U+201C LEFT DOUBLE QUOTATION MARK where the quotation has U+0022 QUOTATION MARK; ' +
        'the source has U+201D RIGHT DOUBLE QUOTATION MARK where the quotation has U+0022 QUOTATION MARK',
      'uncovered-sentence  no evidence touches "Latvia 👍 and NATO": ' +
        'draw a fact from it, or list it under uncovered with a reason',
    ],
    [
      'that resemble no text of the source',
      { quote: 'xyzzy 12345' },
      'quotation-missing /facts/0/evidence/0/quote "xyzzy 12345" not found in the source, ' +
        'nor any similar text',
      'uncovered-sentence  no evidence touches "Latvia 👍 and NATO": ' +
        'draw a fact from it, or list it under uncovered with a reason',
    ],
    [
      'that occur more than once',
      { quote: 'Latvia' },
      'quotation-ambiguous /facts/0/evidence/0/quote "Latvia" occurs 2 times in the source, ' +
        'at line 1, column 1; line 2, column 87: add a prefix or suffix to make it unique',
    ],
    [
      'that occur elsewhere',
      { quote: '👍', prefix: 'Lettland' },
      'quotation-missing /facts/0/evidence/0/quote "👍" occurs at line 1, column 8, but not after "Lettland"',
    ],
    [
      'that cross a line with a space instead of the line break',
      { quote: 'NATO Ministers' },
      'quotation-missing /facts/0/evidence/0/quote "NATO Ministers" not found in the source; ' +
        'the closest match is at line 1, column 14: "NATO\\nMinisters"',
    ],
  ])('%s', async (_, quotation, ...problems) => {
    expect(await findProblems(quoting(quotation))).toEqual(problems);
  });

  it.each([
    [
      'a no-break space',
      'The\u00a0council met',
      { quote: 'The council met' },
      /"The\u00a0council met"; .*the source has U\+00A0 NO-BREAK SPACE where the quotation has U\+0020 SPACE$/,
    ],
    [
      'a soft hyphen',
      'The coun\u00adcil met',
      { quote: 'The council met' },
      /the source has U\+00AD SOFT HYPHEN where the quotation has nothing$/,
    ],
    [
      'an invisible character in the quotation',
      'The council met',
      { quote: 'The coun\u200bcil met' },
      /the source has nothing where the quotation has U\+200B ZERO WIDTH SPACE$/,
    ],
    [
      'normalization forms',
      'Mārtiņš Bērziņš met'.normalize('NFD'),
      { quote: 'Mārtiņš Bērziņš' },
      /U\+0101 Latin letter ā \(both are “ā”, in NFD and NFC\), and the like in 3 more places$/,
    ],
    [
      'a Cyrillic letter',
      'The cоuncil met',
      { quote: 'The council met' },
      /has U\+043E CYRILLIC SMALL LETTER O where the quotation has U\+006F LATIN SMALL LETTER O$/,
    ],
    [
      'dashes',
      'The 10–20 met',
      { quote: 'The 10-20 met' },
      /has U\+2013 EN DASH where the quotation has U\+002D HYPHEN-MINUS$/,
    ],
    [
      'a prefix',
      'The\u00a0council met. A council met.',
      { quote: 'met', prefix: 'The council' },
      /occurs 2 times in the source, at line 1, column 13; line 1, column 28, but not after "The council"; they look alike, but the source has U\+00A0 NO-BREAK SPACE where the prefix has U\+0020 SPACE$/,
    ],
    [
      'a suffix',
      'It met “in Riga”.',
      { quote: 'met', suffix: '"in' },
      /but not before ".*the source has U\+201C LEFT DOUBLE QUOTATION MARK where the suffix has U\+0022/,
    ],
    [
      'the end of a long quotation, which stays in view',
      `${'They met again and again. '.repeat(12)}Then\u00a0not.`,
      { quote: `${'They met again and again. '.repeat(12)}Then not.` },
      /^"\.\.\.[^"]* Then not\." not found .*: "\.\.\.[^"]* Then\u00a0not\."; they look alike/,
    ],
  ])('that differ only by %s: the characters are named', async (_, source, quotation, expected) => {
    const { problems } = await validate(
      buildDossier({ source, facts: [{ ...latvia, evidence: [{ supports: ['name'], ...quotation }] }] }),
    );
    expect(problems.map(({ message }) => message)).toContainEqual(expect.stringMatching(expected));
  });

  it('that occur without their prefix are compared with contexts that look alike for the first 20 only', async () => {
    const source = 'The\u00a0council met. '.repeat(30).trim();
    const quotation = { quote: 'met', prefix: 'The council', supports: ['name'] };
    const { problems } = await validate(
      buildDossier({ source, facts: [{ ...latvia, evidence: Array(25).fill(quotation) }] }),
    );
    const messages = problems
      .map(({ message }) => message)
      .filter((message) => message.includes('not after'));
    expect(messages.map((message) => message.includes('look alike'))).toEqual([
      ...Array(20).fill(true),
      ...Array(5).fill(false),
    ]);
  });

  it('are shortened in messages without cutting a grapheme', async () => {
    const family = '👨‍👩‍👧';
    const { problems } = await validate(
      buildDossier({
        source: `${'Ā'.normalize('NFD').repeat(200)}.`,
        facts: [{ ...latvia, evidence: [{ supports: ['name'], quote: `${'x'.repeat(117)}${family}` }] }],
      }),
    );
    const messages = problems.map(({ message }) => message);
    expect(messages[0]).toContain(`"${'x'.repeat(117)}..." not found`);
    expect(messages[1]).toContain(`no evidence touches "${'Ā'.normalize('NFD').repeat(60)}..."`);
  });

  it('may contain a line break', async () => {
    expect(await findProblems(quoting({ quote: 'NATO\nMinisters' }))).toEqual([]);
  });
});

describe('rejects', () => {
  const { evidence: _, ...unproved } = latvia;
  it.each<[string, unknown[], string[]]>([
    [
      'a fact without evidence',
      [unproved, person, meeting],
      [
        'invalid-field /facts/0/evidence evidence is missing (Quotations from the source text that support the fact); write a list, such as evidence: [{quote: some text, supports: [name]}]',
        expect.stringContaining('uncovered-sentence'),
      ],
    ],
    [
      'a fact with an empty list of evidence',
      [{ ...latvia, evidence: [] }, person, meeting],
      [
        'invalid-field /facts/0/evidence evidence: needs at least one quotation from the source',
        expect.stringContaining('uncovered-sentence'),
      ],
    ],
    [
      'a field that nothing supports',
      [{ ...latvia, aliases: ['Latvija'] }, person, meeting],
      [
        'unsupported-field /facts/0/aliases no evidence or inference supports aliases: name it in supports of a quotation or in fields of an inference',
      ],
    ],
    [
      'support for an empty field',
      [
        latvia,
        { ...person, evidence: [{ ...person.evidence[0], supports: ['name', 'posts', 'aliases'] }] },
        meeting,
      ],
      [
        'empty-field /facts/1/evidence/0/supports/2 aliases is empty, so nothing can support it: fill it, or remove it from this list',
      ],
    ],
    [
      'support for a field that the type does not have',
      [
        latvia,
        { ...person, evidence: [{ ...person.evidence[0], supports: ['name', 'posts', 'age'] }] },
        meeting,
      ],
      [
        expect.stringMatching(
          /^invalid-field \/facts\/1\/evidence\/0\/supports\/2 supports, entry 3: must be one of name, aliases, posts, not "age"$/,
        ),
      ],
    ],
    [
      'a reference to a fact that does not exist',
      [latvia, { ...person, posts: [{ title: 'Minister', of: 'country/atlantis' }] }, meeting],
      [
        'unknown-reference /facts/1/posts/0/of country/atlantis not found: define it in this dossier, or first import the dossier that defines it',
      ],
    ],
    [
      'a reference of the wrong type',
      [latvia, { ...person, posts: [{ title: 'Minister', of: 'person/martins-berzins' }] }, meeting],
      [
        'invalid-field /facts/1/posts/0/of of: must refer to a fact of type organization or country, not person',
      ],
    ],
    [
      'a reference without a type',
      [latvia, { ...person, posts: [{ title: 'Minister', of: 'latvia' }] }, meeting],
      ['invalid-field /facts/1/posts/0/of of: must be written type/id, such as organization/some-id'],
    ],
    [
      'an id twice',
      [latvia, person, meeting, latvia],
      ['duplicate-id /facts/3/id country/latvia is already defined, as fact 1'],
    ],
    [
      'a reserved id',
      [{ ...latvia, id: 'facets' }, { ...person, posts: [] }, meeting],
      [
        expect.stringContaining('invalid-field /facts/0/id id: must not be facets or none'),
        expect.stringContaining('empty-field'),
      ],
    ],
    [
      'a fact that refers to itself',
      [
        latvia,
        person,
        {
          ...meeting,
          partOf: 'event/riga-meeting',
          evidence: [
            {
              quote: 'Ministers of the alliance met in Riga on Friday',
              supports: ['name', 'kind', 'status', 'startDate', 'partOf'],
            },
          ],
        },
      ],
      ['self-reference /facts/2/partOf event/riga-meeting refers to itself'],
    ],
    [
      'a duplicate in a list',
      [latvia, { ...person, posts: [...person.posts, ...person.posts] }, meeting],
      ['invalid-field /facts/1/posts/1 posts, entry 2: is already in the list'],
    ],
    [
      'a quotation of punctuation only',
      [latvia, { ...person, evidence: [...person.evidence, { quote: ',”', supports: ['name'] }] }, meeting],
      ['invalid-field /facts/1/evidence/1/quote quote: must contain a letter, a digit or a symbol'],
    ],
    [
      "the centre of a country with another country's code",
      [
        latvia,
        person,
        {
          ...meeting,
          place: { name: 'Latvia', countryCode: 'EE', latitude: 57, longitude: 25, precision: 'country' },
          inferences: [{ fields: ['place'], kind: 'reference', note: 'x' }],
        },
      ],
      [
        'invalid-field /facts/2/place/countryCode countryCode: this is the center of Latvia, whose code is LV in world-countries 5.1.0',
      ],
    ],
    [
      'a day that does not exist',
      [latvia, person, { ...meeting, startDate: '2031-02-30' }],
      ['invalid-field /facts/2/startDate startDate: must be an existing day, written YYYY-MM-DD'],
    ],
    [
      'a date without its precision',
      [latvia, person, { ...meeting, datePrecision: null }],
      ['invalid-field /facts/2/datePrecision must be day, month or year, because the event has a date'],
    ],
    [
      'an end date before the start date',
      [
        latvia,
        person,
        {
          ...meeting,
          endDate: '2031-05-01',
          inferences: [{ fields: ['endDate'], kind: 'derived', note: 'x' }],
        },
      ],
      ['invalid-field /facts/2/endDate 2031-05-01 is before the startDate, 2031-05-02'],
    ],
    [
      'an unknown field',
      [latvia, person, { ...meeting, colour: 'blue' }],
      [
        expect.stringMatching(
          /^unknown-field \/facts\/2\/colour there is no field colour; allowed fields: type, id, name/,
        ),
      ],
    ],
    [
      'a value outside its vocabulary',
      [latvia, person, { ...meeting, status: 'over' }],
      [
        expect.stringMatching(
          /^invalid-field \/facts\/2\/status status: must be one of scheduled, ongoing, .*, not "over"$/,
        ),
      ],
    ],
    [
      'an unknown type',
      [latvia, person, meeting, { type: 'planet', id: 'mars' }],
      [expect.stringMatching(/^invalid-field \/facts\/3\/type type "planet" is not one of event, person/)],
    ],
    [
      'a code of another country',
      [{ ...latvia, alpha2: 'LT', alpha3: 'LTU' }, person, meeting],
      ['invalid-field /facts/0/alpha2 LT is the wrong code; Latvia is LV and LVA in world-countries 5.1.0'],
    ],
    [
      'the centre of a country as the position of a town',
      [
        latvia,
        person,
        {
          ...meeting,
          place: { name: 'Riga', countryCode: 'LV', latitude: 57, longitude: 25, precision: 'city' },
          inferences: [{ fields: ['place'], kind: 'reference', note: 'x' }],
        },
      ],
      [
        'invalid-field /facts/2/place/precision precision: must be country; the point is the center of Latvia in world-countries 5.1.0',
      ],
    ],
    [
      'a sentence that no evidence touches',
      [latvia, person],
      [
        'uncovered-sentence  no evidence touches "Ministers of the alliance met in Riga on Friday.": ' +
          'draw a fact from it, or list it under uncovered with a reason',
      ],
    ],
  ])('%s', async (_, facts, problems) => {
    expect(await findProblems(facts)).toEqual(problems);
  });

  it('no sentence that is listed under uncovered with a reason', async () => {
    const uncovered = [{ quote: 'Ministers of the alliance', reason: 'Told elsewhere' }];
    expect(await findProblems([latvia, person], { uncovered })).toEqual([]);
  });

  it.each([
    'ftp://a.example/',
    ' https://a.example/',
    'https://a.example/\n',
    'https://a.example/<b>',
    'https://a.example/\0',
    'https://',
    `https://a.example/${'b'.repeat(2_000)}`,
  ])('a document with the URL %j', async (url) => {
    const { problems } = await validate(
      buildDossier({ source: SOURCE, document: { url }, facts: [latvia, person, meeting] }),
    );
    expect(new Set(problems.map(({ pointer }) => pointer))).toEqual(new Set(['/document/url']));
  });

  it('a number with more digits than can be stored', async () => {
    const figure = {
      type: 'figure',
      id: 'n',
      subject: 'country/latvia',
      measure: 'm',
      value: '@',
      unit: 'u',
      qualifier: 'exact',
      statedAs: 'Riga',
      evidence: [
        { quote: 'Riga', supports: ['subject', 'measure', 'value', 'unit', 'qualifier', 'statedAs'] },
      ],
    };
    for (const value of [
      '9007199254740993',
      '123456789012345678901234567890',
      '1e-400',
      '0.10000000000000000001',
      '.inf',
      '.nan',
    ]) {
      const files = buildDossier({ source: SOURCE, facts: [latvia, person, meeting, figure] });
      const { problems } = await validate({ ...files, facts: files.facts.replace('"@"', value) });
      const pointer = value.startsWith('.') ? '/facts/3/value' : '';
      expect(problems, value).toMatchObject([
        { pointer, line: files.facts.split('\n').findIndex((line) => line.includes('"@"')) + 1 },
      ]);
    }
  });

  it('a dossier whose folder has another name', async () => {
    const { problems } = await validate({ ...validDossier, id: 'elsewhere' });
    expect(problems).toMatchObject([{ code: 'invalid-field', pointer: '/document/id' }]);
  });

  it('all problems at once, each with its position', async () => {
    const facts = validDossier.facts
      .replace('alpha2: LV', 'alpha2: XX')
      .replace('name: Mārtiņš', 'nom: Mārtiņš')
      .replace('startDate: 2031-05-02', 'startDate: soon')
      .replace('met in Riga', 'met in Rīga');
    const { problems } = await validate({ ...validDossier, facts });
    const lines = facts.split('\n');
    const positions = problems.map(({ code, line, column }) => [code, lines[line - 1]?.slice(column - 1)]);
    expect(positions).toEqual([
      ['invalid-field', 'XX'],
      ['invalid-field', expect.stringContaining('type: person')],
      ['unknown-field', 'Mārtiņš Bērziņš'],
      ['invalid-field', 'soon'],
      ['quotation-missing', expect.stringContaining('met in Rīga')],
    ]);
  });
});

describe('YAML and texts', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    .concat(
      'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`)}]`),
    )
    .join('\n');

  it.each([
    ['broken YAML', 'document: {id: x\nfacts: [', 'invalid-yaml', 2],
    ['a key twice', 'document: 1\ndocument: 2', 'invalid-yaml', 2],
    ['an alias bomb', bomb, 'invalid-yaml', 1],
    ['an alias without an anchor', 'document: *nowhere', 'invalid-yaml', 1],
    ['an alias before its anchor', 'document: *later\nfacts: &later []', 'invalid-yaml', 1],
    ['an alias of what contains it', 'facts:\n  - &fact {type: *fact, id: x}', 'invalid-yaml', 2],
    ['an empty file', '', 'invalid-field', 1],
    ['a list', '[]', 'invalid-field', 1],
    ['facts that are not a list', 'facts: {a: 1}', 'invalid-field', 1],
    ['a key __proto__', '__proto__: {a: 1}\nfacts: []', 'unknown-field', 1],
    ['NUL', 'document: "a\0b"', 'invalid-text', 1],
  ])('reports %s with its line', async (_, facts, code, line) => {
    const { dossier, problems } = await validate({ ...validDossier, facts });
    expect(dossier).toBeNull();
    expect(problems).toContainEqual(expect.objectContaining({ code, line }));
  });

  it('reports values that a database cannot store', async () => {
    const facts = validDossier.facts.replace('name: Latvia', 'name: "\\uD800"');
    const { problems } = await validate({ ...validDossier, facts });
    expect(problems.map(({ code, pointer }) => `${code} ${pointer}`)).toContain(
      'invalid-field /facts/0/name',
    );
  });

  it('rejects a source with NUL or half of a surrogate pair, and an empty one', async () => {
    for (const source of ['a\0b', 'a\ud800b', '']) {
      const { problems } = await validate({ ...validDossier, source });
      expect(problems[0]).toMatchObject({ file: 'source.txt', code: 'invalid-text' });
    }
    const { problems } = await validate({ ...validDossier, source: 'a\n\0b\0\0' });
    expect(problems).toMatchObject([
      { line: 2, column: 1, message: 'contains a NUL character here and in 2 more places' },
    ]);
  });

  it('rejects a type that is not a string, and an invalid language', async () => {
    const odd = { type: { toString: 1, valueOf: 2 }, id: 'x' };
    expect(await findProblems([latvia, person, meeting, odd])).toEqual([
      expect.stringContaining('invalid-field /facts/3/type type {"toString":1,"valueOf":2} is not one of'),
    ]);
    for (const language of ['en-us-gb', 'xxx-12', 'x'.repeat(20_000)]) {
      const { problems } = await validate(
        buildDossier({ source: SOURCE, document: { language }, facts: [latvia, person, meeting] }),
      );
      expect(problems[0]).toMatchObject({ pointer: '/document/language' });
    }
  });

  it('rejects a quotation with half of a surrogate pair, and one that occurs everywhere', async () => {
    const half = { ...latvia, evidence: [{ quote: '\ud83d', supports: ['name'] }] };
    expect(await findProblems([half, person, meeting])).toContainEqual(
      'invalid-field /facts/0/evidence/0/quote quote: must not contain NUL or half of a surrogate pair',
    );
    const source = `${'e'.repeat(200_000)}`;
    const everywhere = { ...latvia, evidence: [{ quote: 'e', supports: ['name'] }] };
    const { problems } = await validate(buildDossier({ source, facts: [everywhere] }));
    expect(problems).toMatchObject([{ code: 'quotation-ambiguous' }]);
  });

  it('checks a source of one long line in linear time', async () => {
    const source = 'Nobody said anything of note. '.repeat(30_000);
    const { problems } = await validate(buildDossier({ source, facts: [] }));
    expect(problems).toHaveLength(30_000);
    expect(problems.at(-1)).toMatchObject({ line: 1, column: source.length - 29 });
  });

  it('checks a source of 10 MB', async () => {
    const line = 'Nobody said anything of note on that day, and so it went on.\n';
    const source = line.repeat(Math.ceil(10_000_000 / line.length)) + SOURCE;
    const { dossier, problems } = await validate({
      ...validDossier,
      source,
      facts: validDossier.facts.replace('met in Riga', 'met in Rigga'),
    });
    expect(dossier).toBeNull();
    expect(problems.find(({ code }) => code === 'quotation-missing')?.message).toContain(
      'met in Riga on Friday',
    );
    expect(problems.filter(({ code }) => code === 'uncovered-sentence').length).toBeGreaterThan(100_000);
  });
});
