/** Values of parameters, right and wrong, made from what the document says of each. */
import fc, { type GeneratorValue } from 'fast-check';
import type { Json } from '../app.ts';
import type { Known, KnownFact } from '../expected-facts.ts';

/** Where a request is about: what its parameters must fit. */
export interface Setting {
  g: GeneratorValue;
  known: Known;
  path: string;
  /** Empty where the path has none. */
  collection: string;
  /** The fact that the filters are to find, if they can. */
  subject: KnownFact | undefined;
  /** The id in the path. */
  id: string | undefined;
}

/** One of `values`, each with the same chance; the first is what a failure is shrunk to. */
export const pick = <T>(g: GeneratorValue, values: readonly T[]): T =>
  values[g(fc.nat, { max: values.length - 1 })] as T;

/** Any text that can be sent; a comma may separate values. */
const anyText = (g: GeneratorValue): string =>
  g(fc.string, { unit: 'binary', maxLength: 30 }).replaceAll(/[\0,]/g, '');

/** One value as it stands in a query, with whatever a URL might be taken apart at encoded. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');

const NASTY = [
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
/** What cannot be decoded: a lone byte, a cut pair, NUL, half of a surrogate pair, an overlong slash. */
export const UNDECODABLE = ['%FF', '%E2%82', '%00', '%ED%A0%80', '%C0%AF', '%', '%zz', 'a%'];

/** A right value of a parameter, encoded; null if there is none that could be known to be right. */
export function rightValue(setting: Setting, { name, schema, in: place }: Json): string | null {
  const { g, known, path, collection, subject } = setting;
  switch (name) {
    case 'cursor':
      // It comes with the page before: pages are followed.
      return null;
    case 'asOf':
      return encoded(pick(g, [...known.instants.slice(0, 2), ...revisions(known)]));
    case 'revision':
      return pick(g, revisions(known));
    case 'after':
      // Of changes it is a number of a revision, of events a reference.
      if (schema.type === 'integer') return pick(g, ['0', '1']);
      break;
    case 'from':
      return pick(g, ['1000-01-01', '2022-03-01', '2022-03-24']);
    case 'to':
      return pick(g, ['2022-03-24', '2022-03-31', '9999-12-31']);
    case 'start':
      return pick(g, ['0', '1', '20']);
    case 'end':
      return String(g(fc.integer, { min: 21, max: lengthOf(setting) }));
    case 'q':
      return pick(g, known.words.slice(0, 40).map(encoded));
    case 'url':
      return encoded(
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
      return encoded(pick(g, ['A test', 'Ā, ß & "ž"', '1=1']));
    case 'id':
      if (place === 'path') return setting.id ?? 'nobody';
  }
  const items = schema.type === 'array' ? schema.items : schema;
  const own = subject?.filters.get(name) ?? (name === 'ids' && subject ? [subject.id] : []);
  const one = () =>
    own.length > 0 && g(fc.integer, { min: 0, max: 3 }) > 0
      ? pick(g, own)
      : fitting(setting, items, path, collection);
  if (schema.type !== 'array') return encoded(one());
  return Array.from({ length: g(fc.integer, { min: 1, max: 3 }) }, () => encoded(one())).join(',');
}

const revisions = ({ revisions }: Known) => Array.from({ length: revisions }, (_, n) => String(n + 1));

const lengthOf = ({ known, id }: Setting): number =>
  known.documents.find((document) => document.id === id)?.length ?? 2_000;

/** Any value that the schema lets through, of those that the store has where it has any. */
function fitting({ g, known }: Setting, schema: Json, path: string, collection: string): string {
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
    const ids = (known.facts.get(collection) ?? []).map(({ id }) => id);
    const candidates = [
      ...known.names,
      ...known.names.map((name) => name.split('/')[1] ?? ''),
      ...ids,
      'none',
      'nobody',
    ];
    const fits = candidates.filter((each) => pattern.test(each));
    if (fits.length === 0) throw new Error(`${path}: nothing known fits ${schema.pattern}`);
    return pick(g, fits);
  }
  return pick(g, [...(schema.examples ?? []), 'Riga, Latvia', 'ß', '%', 'a b', '😀', '*', anyText(g) || 'a']);
}

export interface Wrong {
  /** As it stands in the query, after the name; more than one where the name is repeated. */
  values: string[];
  /** How far the server looks before it finds it: what is found earlier is told alone. */
  level: 'encoding' | 'form' | 'meaning';
}

/** Every wrong way to give a parameter, from what its schema rules out. */
export function wrongValues(setting: Setting, parameter: Json, cursors: string[]): Wrong[] {
  const { name, schema, in: place } = parameter;
  const right = rightValue(setting, parameter);
  const form = (...values: string[]): Wrong => ({ values, level: 'form' });
  const meaning = (value: string): Wrong => ({ values: [encoded(value)], level: 'meaning' });
  const wrong: Wrong[] = [];
  const list = schema.type === 'array';
  const items = list ? schema.items : schema;
  const outside = [...NASTY, anyText(setting.g)].filter((text) => !lets(items, text));
  for (const text of outside) {
    // A path that ends in nothing is another path, and dots change where it leads.
    if (place === 'path' && /^$|[./]/.test(text)) continue;
    wrong.push(form(encoded(text)));
    if (list && right !== null) wrong.push(form(`${right},${encoded(text)}`), form(right, encoded(text)));
  }
  if (place === 'path') return wrong;
  for (const text of UNDECODABLE) wrong.push({ values: [text], level: 'encoding' });
  if (!list) wrong.push(form('1', '1'));
  if (!list && right !== null) wrong.push(form(right, right));
  if (list)
    wrong.push(
      form(
        Array.from({ length: 101 }, () =>
          items.enum ? items.enum[0] : items.type === 'boolean' ? 'true' : '1',
        ).join(','),
      ),
    );
  if (items.enum) wrong.push(form(encoded(`${items.enum[0]} `)), form(encoded(`x${items.enum[0]}`)));
  if (items.minimum !== undefined) wrong.push(form(String(items.minimum - 1)));
  if (items.maximum !== undefined) wrong.push(form(String(items.maximum + 1)));
  if (items.maxLength < 3_500) wrong.push(form('a'.repeat(items.maxLength + 1)));
  return [...wrong, ...(WRONG_MEANINGS[name]?.(setting, parameter, cursors) ?? []).map(meaning)];
}

/** What no schema can tell to be wrong. */
const WRONG_MEANINGS: Record<string, (setting: Setting, parameter: Json, cursors: string[]) => string[]> = {
  asOf: () => ['999999999', '1999-01-01T00:00:00Z', '2999-01-01T00:00:00Z', '2022-02-30T00:00:00Z'],
  after: (_, { schema }) => (schema.type === 'integer' ? ['999999999'] : []),
  cursor: (_, __, cursors) => [
    'abc',
    ...cursors.flatMap((cursor) => [cursor, cursor.slice(0, -3), `${cursor}A`]),
  ],
  q: () => ['%', '... !', Array.from({ length: 21 }, (_, n) => `a${n}`).join(' ')],
  // Of what there is not, no passage is looked at.
  start: ({ id }) => (id === 'nobody' ? [] : ['33554432']),
  end: ({ id }) => (id === 'nobody' ? [] : ['33554432']),
};

/** Whether a schema of a text or a number lets `text` through. */
function lets(schema: Json, text: string): boolean {
  if (schema.enum) return schema.enum.map(String).includes(text);
  if (schema.type === 'boolean') return ['true', 'false'].includes(text);
  if (schema.type === 'integer') {
    const plain = /^(0|[1-9]\d{0,14})$/.test(text);
    return plain && Number(text) >= (schema.minimum ?? 0) && Number(text) <= (schema.maximum ?? Infinity);
  }
  if (schema.type === 'number') return /^-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/.test(text);
  if (schema.format === 'date') return false;
  if (text.length < (schema.minLength ?? 0) || text.length > (schema.maxLength ?? Infinity)) return false;
  return !schema.pattern || new RegExp(schema.pattern, 'u').test(text);
}
