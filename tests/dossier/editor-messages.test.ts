/** Messages for editors: no text of the YAML parser or of zod, what is expected, and an example. */
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/dossier/parse-json.ts';
import { parseYaml } from '../../src/dossier/parse-yaml.ts';
import { validateDossier } from '../../src/dossier/validate.ts';
import { findSimilar } from '../../src/lib/suggest.ts';
import { validateAgainstStore } from '../../src/store/import/import-dossier.ts';
import { createStore, importInto } from '../support/app.ts';
import { buildDossier } from '../support/dossier-builder.ts';

const LIBRARY_TEXTS =
  /Invalid (?:input|option|string)|expected (?:string|number|object|array)|received|implicit keys|Nested mappings|Block collections|Map keys|at node end|Plain value|parseAllDocuments|symbol/i;

describe('YAML that cannot be parsed', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'an unquoted colon',
      'document:\n  title: Biden: the story\n',
      '2:10',
      /needs quotation marks: title: "Biden: the story"$/,
    ],
    [
      'one within braces',
      'a:\n  - {quote: He said: no, supports: [name]}\n',
      '2:13',
      /needs quotation marks: quote: "He said: no"$/,
    ],
    ['a colon without a space', 'document:\n  id:x\n  title: y\n', '2:3', /needs a space after it: id: x$/],
    [
      'a dash without a space',
      'facts:\n -type: event\n  id: x\n',
      '2:9',
      /dash needs a space after it: - type: event$/,
    ],
    ['a tab', 'document:\n\tid: x\n', '2:1', /use spaces/],
    ['a tab in a later line', 'document:\n  id: x\n\ttitle: y\n', '3:1', /use spaces/],
    ['a duplicate key', 'title: 1\nb: 2\ntitle: 3\n', '3:1', /^duplicate key "title"/],
    [
      'indentation that is too deep',
      'document:\n  id: x\n    title: y\n',
      '2:7',
      /must not be indented more/,
    ],
    ['indentation that is too shallow', 'document:\n    id: x\n  title: y\n', '3:1', /not indented like/],
    [
      'text after a closing quotation mark',
      'a: "We agreed," he said\n',
      '1:17',
      /: a: '"We agreed," he said'$/,
    ],
    ['text after a bracket', 'a: [sic] he said\n', '1:10', /closing \].*: a: "\[sic\] he said"$/],
    ['an open quotation mark', 'a: "open\nb: 1\n', '3:1', /without a closing one, probably in line 1$/],
    ['a reserved character', 'name: @nato\n', '1:7', /starts with @ needs quotation marks: name: "@nato"$/],
    ['an asterisk', 'name: *nato\n', '1:7', /starts with \* needs quotation marks: name: "\*nato"$/],
    ['an exclamation mark', 'name: !nato x\n', '1:7', /starts with ! needs quotation marks/],
    ['a line without a colon', 'document\nfacts: []\n', '1:1', /no colon/],
    ['a second document', 'a: 1\n---\nb: 2\n', '2:1', /one dossier/],
    ['an escape', 'a: "\\d"\n', '1:5', /backslash/],
  ])('with %s', (_, text, position, message) => {
    const [error] = parseYaml(text).errors;
    expect(`${error?.position.line}:${error?.position.column}`).toBe(position);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toMatch(LIBRARY_TEXTS);
  });

  it('reports every place, and counts those beyond the limit', () => {
    const text = Array.from({ length: 25 }, (_, index) => `k${index}:\n  title: a: b\n`).join('');
    const { errors } = parseYaml(text);
    expect(errors.map(({ position }) => position.line)).toEqual(
      Array.from({ length: 20 }, (_, index) => 2 * index + 2),
    );
    expect(errors.at(-1)?.message).toMatch(/\(and 5 more errors after it\)$/);
  });
});

it.each([
  ['{"a": 1,}', /field name in double quotation marks/],
  ["{'a': 1}", /double quotation marks/],
  ['{"a": True}', /lower-case/],
  ['{"a" 1}', /colon/],
  ['{"a": 1 "b": 2}', /comma/],
  ['{"a": "b}', /closing quotation mark/],
  ['{"a": 1', /closing }/],
  ['{"a": "\\d"}', /backslash/],
])('JSON that cannot be parsed: %s', (text, message) => {
  const messages = parseJson(text).errors.map((error) => error.message);
  expect(messages.join('\n')).toMatch(message);
  expect(messages.join('\n')).not.toMatch(LIBRARY_TEXTS);
});

describe('values that the schema rejects', () => {
  const SOURCE = 'Latvia met.';
  const event = {
    type: 'event',
    id: 'met',
    name: 'Meeting',
    kind: 'meeting',
    status: 'held',
    evidence: [{ quote: 'Latvia met', supports: ['name', 'kind', 'status'] }],
  };
  const findMessages = async (facts: unknown[], document = {}) => {
    const files = buildDossier({ source: SOURCE, document, facts });
    const { problems } = await validateDossier(
      files,
      async () => new Set(['country/latvia', 'organization/nato']),
    );
    for (const { message } of problems) expect(message).not.toMatch(LIBRARY_TEXTS);
    return problems.map(({ pointer, message }) => `${pointer} ${message}`);
  };
  const without = (name: string) => Object.fromEntries(Object.entries(event).filter(([key]) => key !== name));

  it.each<[string, object, RegExp]>([
    [
      'a missing vocabulary',
      without('status'),
      /^\/facts\/0\/status status is missing \(.*\); write one of scheduled, ongoing, held, postponed, cancelled, such as status: scheduled$/,
    ],
    [
      'a missing text',
      without('name'),
      /^\/facts\/0\/name name is missing \(Name of the event\); write text, such as name: some text$/,
    ],
    ['a missing type', without('type'), /^\/facts\/0\/type type is missing; write one of event, person/],
    [
      'a misspelled field',
      { ...event, nmae: 'x' },
      /there is no field nmae; did you mean name\?; allowed fields: /,
    ],
    [
      'a field in another notation',
      { ...event, start_date: '2031-05-02' },
      /start_date; did you mean startDate\?/,
    ],
    [
      'words after a comma in braces',
      { ...event, saw: null },
      /no field saw; if these words belong to the text before/,
    ],
    [
      'a misspelled type',
      { ...event, type: 'evnet' },
      /type "evnet" is not one of .*; did you mean event\?$/,
    ],
    [
      'a misspelled value',
      { ...event, status: 'schedulled' },
      /status: must be one of .*, not "schedulled"; did you mean scheduled\?$/,
    ],
    [
      'a misspelled field in supports',
      { ...event, evidence: [{ quote: 'Latvia met', supports: ['nam'] }] },
      /supports, entry 1: must be one of name, .*; did you mean name\?$/,
    ],
    [
      'a number as a text',
      { ...event, name: 2022 },
      /name: must be text, not the number 2022; put it in quotation marks: name: "2022"$/,
    ],
    [
      'a boolean as a text',
      { ...event, name: true },
      /not the value true; put it in quotation marks: name: "true"$/,
    ],
    ['an empty value', { ...event, name: null }, /name: is empty; write text, such as name: some text/],
    [
      'a text as a list',
      { ...event, agenda: 'energy' },
      /agenda: must be a list, not "energy"; write a list even for one entry: agenda: \[/,
    ],
    [
      'a text as a mapping',
      { ...event, place: 'Riga' },
      /place: must be a mapping with the fields name, countryCode, .*, not "Riga"$/,
    ],
    ['a mapping as a text', { ...event, name: { en: 'x' } }, /name: must be text, not a mapping$/],
    [
      'a number beyond its limit',
      { ...event, place: { name: 'Riga', latitude: 95, longitude: -200 } },
      /^\/facts\/0\/place\/latitude latitude: must be at most 90, not the number 95$/,
    ],
    [
      'a number below its limit',
      { ...event, place: { name: 'Riga', latitude: 95, longitude: -200 } },
      /longitude: must be at least -180, not the number -200$/,
    ],
    [
      'a text that is too long',
      { ...event, kind: 'x'.repeat(101) },
      /kind: must have at most 100 characters$/,
    ],
    [
      'a list that is too long',
      { ...event, agenda: Array.from({ length: 1_001 }, (_, index) => `topic ${index}`) },
      /agenda: must have at most 1,000 entries$/,
    ],
    [
      'a number as a reference',
      { ...event, organizer: 5 },
      /must be a reference, type\/id, not the number 5$/,
    ],
    [
      'a day without zeros',
      { ...event, startDate: '2031-5-2' },
      /startDate: must be an existing day, written YYYY-MM-DD$/,
    ],
  ])('%s', async (_, fact, message) => {
    expect(await findMessages([fact])).toContainEqual(expect.stringMatching(message));
  });

  it.each<[string, object, RegExp]>([
    [
      'yes instead of true',
      { andOthers: 'yes' },
      /andOthers: must be true or false, not "yes"; write andOthers: true$/,
    ],
    ['no instead of false', { andOthers: 'no' }, /; write andOthers: false$/],
  ])('%s', async (_, fields, message) => {
    const stance = {
      type: 'stance',
      id: 's',
      actor: 'country/latvia',
      subject: 'proposal/p',
      position: 'supports',
      evidence: [{ quote: 'met', supports: ['actor'] }],
      ...fields,
    };
    expect(await findMessages([event, stance])).toContainEqual(expect.stringMatching(message));
  });

  it.each([
    ['url', 'facts.example.org', 'must be an http or https URL, percent-encoded'],
    ['url', 'https://example.org/{a}', 'must be an http or https URL, percent-encoded'],
    ['publishedOn', '0000', 'must be an existing day, written YYYY-MM-DD'],
    ['publishedOn', '0000-01-01', 'must be an existing day, written YYYY-MM-DD'],
  ])('%s: %s, once', async (field, value, message) => {
    expect(await findMessages([event], { [field]: value })).toEqual([
      `/document/${field} ${field}: ${message}`,
    ]);
  });

  it('numbers in quotation marks, and titles without', async () => {
    const figure = {
      type: 'figure',
      id: 'f',
      subject: 'event/met',
      measure: 'm',
      value: '4',
      unit: 'days',
      qualifier: 'exact',
      statedAs: 'met',
      evidence: [{ quote: 'met', supports: ['value'] }],
    };
    expect(await findMessages([event, figure])).toContainEqual(
      expect.stringMatching(/value: must be a number, not "4"; write it without quotation marks: value: 4$/),
    );
    expect(await findMessages([event], { title: 2022 })).toContainEqual(
      '/document/title title: must be text, not the number 2022; put it in quotation marks: title: "2022"',
    );
  });

  it('the quotations of a fact of unknown type are checked too', async () => {
    const evidence = [{ quote: 'Latvija met', supports: ['name'] }];
    expect(await findMessages([{ ...event, type: 'evnet', evidence }])).toEqual([
      expect.stringMatching(/^\/facts\/0\/type /),
      expect.stringMatching(/^\/facts\/0\/evidence\/0\/quote .* not found in the source/),
    ]);
  });

  it('a fact that is no mapping, and a dossier without a document', async () => {
    expect(await findMessages(['met'])).toContainEqual(
      expect.stringMatching(/^\/facts\/0\/type a fact must be a mapping/),
    );
    const { problems } = await validateDossier(
      { id: 'x', source: SOURCE, facts: 'facts: []\n' },
      async () => new Set(),
    );
    expect(problems[0]?.message).toMatch(
      /^document is missing \(.*write a mapping with the fields id, title/,
    );
  });

  it('unknown fields and references at all places, also in facts with other problems', async () => {
    const messages = await findMessages([
      { ...event, nmae: 'x', stauts: 'y', organizer: 'country/latvija' },
      {
        ...event,
        id: 'other',
        partOf: 'event/mett',
        organizer: 'organisation/nato',
        participants: [{ actor: 'country/nato', attendance: 'unspecified' }],
      },
    ]);
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^\/facts\/0\/nmae /),
        expect.stringMatching(/^\/facts\/0\/stauts .*did you mean status\?/),
        expect.stringMatching(
          /^\/facts\/0\/organizer country\/latvija not found \(did you mean country\/latvia\?\)/,
        ),
        expect.stringMatching(/^\/facts\/1\/partOf event\/mett not found \(did you mean event\/met\?\)/),
        expect.stringMatching(
          /^\/facts\/1\/participants\/0\/actor country\/nato not found \(did you mean organization\/nato\?\)/,
        ),
        expect.stringMatching(/^\/facts\/1\/organizer organizer: must refer to a fact of type/),
      ]),
    );
  });

  it('suggest facts for the first few unknown ones, however often each is referred to', async () => {
    const ids = Array.from(
      { length: 30 },
      (_, index) => `meeting-${'abcdefghij'[index % 10]}${'xyz'[index % 3]}`,
    );
    const facts = ids.map((id) => ({ ...event, id, partOf: `event/${id.replace('meeting', 'meetign')}` }));
    const unknown = (await findMessages([...facts, { ...event, partOf: 'event/meetign-ax' }])).filter(
      (message) => message.includes('not found'),
    );
    const suggested = unknown.map((message) => /did you mean event\/([a-z-]+)/.exec(message)?.[1] ?? null);
    expect(suggested).toEqual([...ids.slice(0, 20), ...Array(10).fill(null), ids[0]]);
  });

  it('suggest facts of the store', async () => {
    const store = await createStore();
    await importInto(
      store,
      buildDossier({
        id: 'first',
        source: SOURCE,
        facts: [
          {
            type: 'organization',
            id: 'council',
            name: 'Latvia',
            kind: 'group',
            evidence: [{ quote: 'Latvia met', supports: ['name', 'kind'] }],
          },
        ],
      }),
    );
    const files = buildDossier({
      id: 'second',
      source: SOURCE,
      facts: [{ ...event, organizer: 'organization/cuoncil' }],
    });
    const { problems } = await validateAgainstStore(store, files);
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('(did you mean organization/council?)'),
    );
  });
});

it('suggestions are close, whatever the notation', () => {
  const names = ['startDate', 'endDate', 'status', 'name'];
  expect(
    ['start_date', 'enddate', 'stauts', 'Name', 'colour', 'x'].map((word) => findSimilar(word, names)),
  ).toEqual(['startDate', 'endDate', 'status', 'name', null, null]);
});
