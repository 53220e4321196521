/** Valid and invalid parameter values, generated from their schemas in the OpenAPI document. */
import fc, { type GeneratorValue } from 'fast-check';
import type { Json } from '../app.ts';
import type { ApiFixture, ExpectedFact } from '../expected-facts.ts';

/** Subject of a request, which its parameters must fit. */
export interface ValueContext {
  g: GeneratorValue;
  fixture: ApiFixture;
  path: string;
  /** Empty if the path has no collection. */
  collection: string;
  /** Fact that the filters should match if possible. */
  subject: ExpectedFact | undefined;
  /** Id in the path. */
  id: string | undefined;
}

/** Picks one of `values` with equal probability; fast-check shrinks failures to the first. */
export const pick = <T>(g: GeneratorValue, values: readonly T[]): T =>
  values[g(fc.nat, { max: values.length - 1 })] as T;

/** Generates a text without NUL and without commas, which separate values. */
const generateText = (g: GeneratorValue): string =>
  g(fc.string, { unit: 'binary', maxLength: 30 }).replaceAll(/[\0,]/g, '');

/** Encodes a value for a query, including all characters with a meaning in URLs. */
const encodeValue = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');

const EDGE_CASE_VALUES = [
  '',
  ' ',
  'A_b',
  'a--b',
  '-a',
  'a-',
  'ä',
  '👍🏽',
  '\u202e\u2067',
  "'; DROP TABLE fact;--",
  '<script>alert(1)</script>',
  '\u0007\u000b\ufffe',
  '../../etc/passwd',
  '{"$gt":""}',
  '{{7*7}}',
  'null',
  'NaN',
  'true ',
  '0x10',
  '1e2',
  '٣',
  '1.5',
  '+1',
  '-1',
  '9'.repeat(40),
  'x'.repeat(3_000),
];
/** Undecodable values: a lone byte, a truncated sequence, NUL, a lone surrogate, an overlong slash. */
export const UNDECODABLE_VALUES = ['%FF', '%E2%82', '%00', '%ED%A0%80', '%C0%AF', '%', '%zz', 'a%'];

/** Generates an encoded valid value of a parameter; returns null if none is known to be valid. */
export function generateValidValue(
  context: ValueContext,
  { name, schema, in: location }: Json,
): string | null {
  const { g, fixture, path, collection, subject } = context;
  switch (name) {
    case 'cursor':
      // Cursors come from the previous page.
      return null;
    case 'asOf':
      return encodeValue(
        pick(g, [
          ...fixture.instants.slice(0, 2),
          ...fixture.instants.slice(0, 1).map((instant) => instant.slice(0, 10)),
          ...listRevisions(fixture),
        ]),
      );
    case 'revision':
      return pick(g, listRevisions(fixture));
    case 'after':
      // For changes a revision or a time, for events a reference.
      if (schema.type === 'integer')
        return pick(g, ['0', '1', '2022-03-24', encodeValue(fixture.instants[0] as string)]);
      break;
    case 'from':
      return pick(g, ['1000-01-01', '2022-03-01', '2022-03-24', '2022-03', '2022']);
    case 'to':
      return pick(g, ['2022-03-24', '2022-03', '2022', '9999-12-31']);
    case 'on':
      return pick(g, ['2022-03-24', '2022-03', '2022']);
    case 'minValue':
    case 'minOrdinal':
      return pick(g, ['-0.5', '1']);
    case 'maxValue':
    case 'maxOrdinal':
      return pick(g, ['1', '21', '1e%2B21']);
    case 'exclude':
      return generateExclusions(context);
    case 'start':
      return pick(g, ['0', '1', '20']);
    case 'end':
      return String(g(fc.integer, { min: 21, max: getDocumentLength(context) }));
    case 'q':
      return pick(g, fixture.words.slice(0, 40).map(encodeValue));
    case 'sep':
      return pick(g, ['%2C', '%3B', 'tab']);
    case 'fields':
      return pick(g, ['id', 'label,links', 'version,revision,label']);
    case 'url':
      return encodeValue(
        pick(g, [
          '/figures/new-battle-groups',
          '/people/ilze?asOf=5',
          'http://localhost/events/war-in-ukraine/',
          '/nothing',
        ]),
      );
    case 'note':
    case 'reason':
    case 'reviewer':
      return encodeValue(pick(g, ['A test', 'Ā, ß & "ž"', '1=1']));
    case 'id':
      if (location === 'path') return context.id ?? 'missing';
  }
  const items = schema.type === 'array' ? schema.items : schema;
  const matchingValues = subject?.filters.get(name) ?? (name === 'ids' && subject ? [subject.id] : []);
  const generateOne = () =>
    matchingValues.length > 0 && g(fc.integer, { min: 0, max: 3 }) > 0
      ? pick(g, matchingValues)
      : generateMatchingValue(context, items, path, collection);
  if (schema.type !== 'array') return encodeValue(generateOne());
  return Array.from({ length: g(fc.integer, { min: 1, max: 3 }) }, () => encodeValue(generateOne())).join(
    ',',
  );
}

/** Generates values that facts must not have: of the subject, or an id. */
function generateExclusions({ g, subject }: ValueContext): string {
  const entries = [...(subject?.filters ?? [])].flatMap(([name, values]) =>
    values.map((value) => encodeValue(`${name}:${value}`)),
  );
  return Array.from({ length: g(fc.integer, { min: 1, max: 2 }) }, () =>
    pick(g, ['ids:missing', ...entries]),
  ).join(',');
}

const listRevisions = ({ revisionCount }: ApiFixture) =>
  Array.from({ length: revisionCount }, (_, n) => String(n + 1));

const getDocumentLength = ({ fixture, id }: ValueContext): number =>
  fixture.documents.find((document) => document.id === id)?.length ?? 2_000;

/** Generates a value that the schema allows, preferably one that occurs in the store. */
function generateMatchingValue(
  { g, fixture }: ValueContext,
  schema: Json,
  path: string,
  collection: string,
): string {
  if (schema.enum) return pick(g, schema.enum.map(String));
  if (schema.type === 'boolean') return pick(g, ['true', 'false']);
  if (schema.type === 'integer') {
    return String(
      g(fc.integer, { min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 1_000_000) }),
    );
  }
  if (schema.type === 'number') return pick(g, ['1', '5', '21', '-0.5', '1e+21', '1000000']);
  if (schema.pattern) {
    const pattern = new RegExp(schema.pattern, 'u');
    const ids = (fixture.facts.get(collection) ?? []).map(({ id }) => id);
    const candidates = [
      ...fixture.references,
      ...fixture.references.map((name) => name.split('/')[1] ?? ''),
      ...ids,
      'none',
      'missing',
    ];
    const matches = candidates.filter((each) => pattern.test(each));
    if (matches.length === 0) throw new Error(`${path}: nothing known fits ${schema.pattern}`);
    return pick(g, matches);
  }
  return pick(g, [
    ...(schema.examples ?? []),
    'Riga, Latvia',
    'ß',
    '%',
    'a b',
    '😀',
    '*',
    generateText(g) || 'a',
  ]);
}

export interface InvalidValue {
  /** Encoded values; several if the parameter is repeated. */
  values: string[];
  /** Validation step that finds the error; the server reports only the errors of the first failing step. */
  level: 'encoding' | 'schema' | 'semantics';
}

/** Creates all kinds of invalid values of a parameter from its schema. */
export function createInvalidValues(
  context: ValueContext,
  parameter: Json,
  cursors: string[],
): InvalidValue[] {
  const { name, schema, in: location } = parameter;
  const validValue = generateValidValue(context, parameter);
  const violateSchema = (...values: string[]): InvalidValue => ({ values, level: 'schema' });
  const violateSemantics = (value: string): InvalidValue => ({
    values: [encodeValue(value)],
    level: 'semantics',
  });
  const invalidValues: InvalidValue[] = [];
  const isList = schema.type === 'array';
  const items = isList ? schema.items : schema;
  const rejectedTexts = [...EDGE_CASE_VALUES, generateText(context.g)].filter(
    (text) => !matchesSchema(items, text),
  );
  for (const text of rejectedTexts) {
    // An empty segment, a dot or a slash would change the path.
    if (location === 'path' && /^$|[./]/.test(text)) continue;
    invalidValues.push(violateSchema(encodeValue(text)));
    if (isList && validValue !== null)
      invalidValues.push(
        violateSchema(`${validValue},${encodeValue(text)}`),
        violateSchema(validValue, encodeValue(text)),
      );
  }
  if (location === 'path') return invalidValues;
  for (const text of UNDECODABLE_VALUES) invalidValues.push({ values: [text], level: 'encoding' });
  if (!isList) invalidValues.push(violateSchema('1', '1'));
  if (!isList && validValue !== null) invalidValues.push(violateSchema(validValue, validValue));
  if (isList)
    invalidValues.push(
      violateSchema(
        Array.from({ length: 101 }, () =>
          items.enum ? items.enum[0] : items.type === 'boolean' ? 'true' : '1',
        ).join(','),
      ),
    );
  if (items.enum)
    invalidValues.push(
      violateSchema(encodeValue(`${items.enum[0]} `)),
      violateSchema(encodeValue(`x${items.enum[0]}`)),
    );
  if (items.minimum !== undefined) invalidValues.push(violateSchema(String(items.minimum - 1)));
  if (items.maximum !== undefined) invalidValues.push(violateSchema(String(items.maximum + 1)));
  if (items.maxLength < 3_500) invalidValues.push(violateSchema('a'.repeat(items.maxLength + 1)));
  return [
    ...invalidValues,
    ...(SEMANTICALLY_INVALID[name]?.(context, parameter, cursors) ?? []).map(violateSemantics),
  ];
}

/** Values that are valid by the schema, but that the server rejects. */
const SEMANTICALLY_INVALID: Record<
  string,
  (setting: ValueContext, parameter: Json, cursors: string[]) => string[]
> = {
  asOf: () => ['999999999', '1999-01-01T00:00:00Z', '2999-01-01T00:00:00Z', '2022-02-30T00:00:00Z'],
  after: (_, { schema }) =>
    schema.type === 'integer' ? ['999999999', '2999-01-01', '2999-01-01T00:00:00Z'] : [],
  from: () => ['2022-13', '2022-02-30', '0000'],
  to: () => ['2022-13', '2022-02-30', '0000'],
  on: () => ['2022-13', '2022-02-30', '0000'],
  exclude: () => ['inference:nonsense', 'ids:A_b'],
  cursor: (_, __, cursors) => [
    'abc',
    ...cursors.flatMap((cursor) => [cursor, cursor.slice(0, -3), `${cursor}A`]),
  ],
  q: () => ['%', '... !', Array.from({ length: 21 }, (_, n) => `a${n}`).join(' ')],
  // For an unknown document, the server returns a 404 before it validates the passage.
  start: ({ id }) => (id === 'missing' ? [] : ['33554432']),
  end: ({ id }) => (id === 'missing' ? [] : ['33554432']),
};

/** True if a schema of a text or a number allows `text`. */
function matchesSchema(schema: Json, text: string): boolean {
  if (schema.enum) return schema.enum.map(String).includes(text);
  if (schema.type === 'boolean') return ['true', 'false'].includes(text);
  if (schema.type === 'integer') {
    const isPlainInteger = /^(0|[1-9]\d{0,14})$/.test(text);
    return (
      isPlainInteger && Number(text) >= (schema.minimum ?? 0) && Number(text) <= (schema.maximum ?? Infinity)
    );
  }
  if (schema.type === 'number') return /^-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/.test(text);
  if (text.length < (schema.minLength ?? 0) || text.length > (schema.maxLength ?? Infinity)) return false;
  return !schema.pattern || new RegExp(schema.pattern, 'u').test(text);
}
