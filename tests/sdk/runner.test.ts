/** Tests of the checks themselves: they must accept good clients and reject bad ones. */
import { describe, expect, test } from 'vitest';
import { EXPECTED, journeyDifferences } from './journey.ts';
import { countNames, nameFailures, type Source } from './names.ts';
import { CHECKS, type Check, notRun, type Outcome, table, tally } from './outcome.ts';
import type { Sdk } from './sdk.ts';
import { chosen } from './sdks.ts';
import { TYPESCRIPT_UGLY } from './typescript.ts';

const sdk = (more: Partial<Sdk> = {}): Sdk => ({
  name: 'some-generator',
  language: 'TypeScript',
  document: 'openapi.yaml',
  toolchain: [],
  steps: [],
  journey: [],
  generated: ['generated'],
  extension: '.ts',
  ugly: [
    { what: 'a number instead of a name', pattern: /\b[A-Z]\w*\d\b/g },
    { what: 'a type that says nothing', pattern: /\bunknown\b/g },
  ],
  allowed: {},
  ...more,
});

const source = (text: string): Source => ({ path: 'generated/types.ts', text });
const failuresOf = (text: string, more: Partial<Sdk> = {}) =>
  nameFailures(countNames([source(text)], sdk(more)));

describe('names', () => {
  test('clean sources pass', () => {
    expect(failuresOf('type Person = { name: string };\n')).toEqual([]);
  });

  test('an ugly name fails, with the number of occurrences and the first one', () => {
    expect(failuresOf('\ntype Status2 = string;\ntype Event = { status: Status2 };\n')).toEqual([
      'a number instead of a name: "Status2", 2 times, first in generated/types.ts:2',
    ]);
  });

  test('each distinct name fails separately, the most frequent first', () => {
    expect(failuresOf('Kind2 Status2 Status2')).toEqual([
      expect.stringContaining('"Status2", 2 times'),
      expect.stringContaining('"Kind2", 1 times'),
    ]);
  });

  test('a match of two patterns at the same position counts once', () => {
    const ugly = [
      { what: 'first', pattern: /\bunknown\b/g },
      { what: 'second', pattern: /\bunk\w+/g },
    ];
    expect(failuresOf('unknown', { ugly })).toEqual([expect.stringContaining('first: "unknown", 1 times')]);
  });

  test('only an allowed name passes', () => {
    const allowed = { unknown: 'a value of any form' };
    expect(failuresOf('x: unknown', { allowed })).toEqual([]);
    expect(failuresOf('x: unknown; y: Status2', { allowed })).toHaveLength(1);
  });

  test('a property that every object inherits is not an allowed name', () => {
    const ugly = [{ what: 'a word', pattern: /\bconstructor\b/g }];
    expect(failuresOf('constructor', { ugly })).toHaveLength(1);
  });

  test('an allowed name that no longer occurs fails', () => {
    expect(failuresOf('type Person = {}', { allowed: { Status2: 'it was there once' } })).toEqual([
      '"Status2" is allowed but no longer occurs: remove it from the list',
    ]);
  });

  test('an empty list of sources fails', () => {
    expect(nameFailures(countNames([], sdk()))).toEqual(['no generated files found']);
  });

  test('a pattern without the g flag is rejected, because it would find only the first match', () => {
    expect(() => failuresOf('unknown', { ugly: [{ what: 'once', pattern: /unknown/ }] })).toThrow('g flag');
  });
});

describe('the patterns of ugly names in TypeScript', () => {
  const found = (text: string) =>
    countNames([source(text)], { ugly: TYPESCRIPT_UGLY, allowed: {} }).ugly.map(({ match }) => match);

  test.each([
    ['  before: unknown;', 'before: unknown'],
    ["  'after'?: any[];", "'after'?: any[]"],
    ['  [key: string]: unknown;', '[key: string]: unknown'],
    ['export type Fact = unknown;', 'type Fact = unknown'],
    ['  facts: Array<unknown>;', 'Array<unknown'],
    ['  facts: Record<string, any>;', 'Record<string, any'],
    ['export type Status2 = string;', 'Status2'],
    ['export type ListEvents200One = {};', 'ListEvents200One'],
    ['export type ListEvents200Response = {};', 'ListEvents200Response'],
    ['export type EventAnyOf = {};', 'EventAnyOf'],
    ['export type InlineObject = {};', 'InlineObject'],
    ['export type StatementModalityItem = {};', 'StatementModalityItem'],
    ['export type SortParameterParameter = string;', 'SortParameterParameter'],
    ['  type_: string;', 'type_'],
    ['  200: EventPage | string;', 'EventPage | string'],
  ])('%s', (line, match) => {
    expect(found(`type Person = {};\n${line}\n`)).toEqual([match]);
  });

  test('good names and words in comments are not found', () => {
    const good = [
      '/** Subject of the number: any fact. Sha256, Status2. */',
      '   * before: unknown',
      '// x: any',
      "export type EventStatus = 'held' | string;",
      'export type listEventsResponse200 = { alpha2: string; lengthCodePoints: number | null };',
    ];
    expect(found(good.join('\n'))).toEqual([]);
  });
});

describe('journey', () => {
  const printed = (change: (journey: typeof EXPECTED) => void) => {
    const journey = structuredClone(EXPECTED);
    change(journey);
    return journeyDifferences(JSON.stringify(journey));
  };

  test('the expected one passes, in any order', () => {
    const reversed = Object.fromEntries(Object.entries(EXPECTED).reverse());
    expect(journeyDifferences(JSON.stringify(reversed))).toEqual([]);
  });

  test('a wrong value fails', () => {
    const change = (journey: typeof EXPECTED) => {
      journey.deployment.hostCountry = 'Hungary';
    };
    expect(printed(change)).toEqual(['deployment.hostCountry: expected "Bulgaria", got "Hungary"']);
  });

  test('a wrong order, a missing entry and an additional one fail', () => {
    expect(printed(({ statements }) => statements.reverse())).toHaveLength(2);
    expect(printed(({ search }) => search.pop())).toEqual([
      'search.2: expected "battle-group-deployment/nato-romania", got nothing',
    ]);
    expect(printed(({ search }) => search.push('person/x'))).toEqual([
      'search.3: expected nothing, got "person/x"',
    ]);
  });

  test('a missing or unknown key, null, and another type fail', () => {
    expect(journeyDifferences('{}')).toHaveLength(Object.keys(EXPECTED).length);
    expect(journeyDifferences('[]')).toHaveLength(1);
    expect(journeyDifferences('null')).toHaveLength(1);
    expect(printed((journey) => Object.assign(journey, { more: 1 }))).toHaveLength(1);
    expect(printed((journey) => Object.assign(journey, { pages: '2' }))).toHaveLength(1);
    expect(printed((journey) => Object.assign(journey, { past: null }))).toHaveLength(1);
  });

  test('output that is not JSON fails', () => {
    expect(journeyDifferences('')).toHaveLength(1);
    expect(journeyDifferences(`hello\n${JSON.stringify(EXPECTED)}`)).toHaveLength(1);
  });
});

describe('outcome', () => {
  const outcome = (passed: Check[], missing: string[] = []): Outcome => ({
    sdk: sdk(),
    missing,
    passed: new Set(passed),
    seconds: new Map([['generate', 1.234]]),
    names: undefined,
  });

  test('a check that did not pass has failed, even if it was not reached', () => {
    expect(tally([outcome([...CHECKS]), outcome(['generate'])], true)).toEqual({ passed: 5, failed: 3 });
  });

  test('a client that was not run is reported, and fails in strict mode', () => {
    const outcomes = [outcome([], ['cargo --version'])];
    expect(tally(outcomes, false)).toEqual({ passed: 0, failed: 0 });
    expect(tally(outcomes, true)).toEqual({ passed: 0, failed: 4 });
    expect(notRun(outcomes)).toEqual([
      'NOT RUN: some-generator, because this machine has no cargo --version',
    ]);
  });

  test('the table has one line per client', () => {
    expect(table([outcome(['generate', 'journey'])]).split('\n')[1]).toMatch(
      /^some-generator +TypeScript +ok +FAILED +ok +FAILED +- +- +generate 1\.2$/,
    );
  });
});

describe('choosing', () => {
  const all = ['a', 'b'].map((name) => sdk({ name }));

  test('by name, or all', () => {
    expect(chosen(['b'], all)).toEqual([all[1]]);
    expect(chosen([], all)).toBe(all);
  });

  test('an unknown name is rejected with the known ones', () => {
    expect(() => chosen(['c'], all)).toThrow('Unknown client c; known clients are a, b');
  });
});
