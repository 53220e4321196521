/** The parameters of a list: how they are written, and what they ask of the store. */
import * as z from 'zod';
import { day, ID_PATTERN, id, vocabulary } from '../facts/fields.ts';
import { absent, type Term, termValue } from '../facts/index-entries.ts';
import type { Resource } from '../facts/resource.ts';
import type { Field } from '../facts/schema-walk.ts';
import { MAX_URL_LENGTH } from '../http/limits.ts';
import { flag, many, manyTexts, single } from '../http/parameters.ts';
import { invalidParameters } from '../problem.ts';
import { resourceByType } from '../resources/index.ts';
import type { Synonyms } from '../search/synonyms.ts';
import type { Condition, Sort } from '../store/list.ts';
import { pageParameters } from './answer.ts';

export const MAX_QUERY_LENGTH = 200;
export const MAX_QUERY_WORDS = 20;

/** Words to look for. */
export const query = single(z.string().min(1, 'must not be empty').max(MAX_QUERY_LENGTH)).describe(
  'Words that must all stand in the fact; accents and case do not matter.',
);

const ID = ID_PATTERN.source.slice(1, -1);

const Include = vocabulary('Include', ['retracted'], 'What a list has beside what is current.');

/** The parameters that ask which facts: what lists, facets and exports of a resource share. */
export function filterParameters(resource: Resource) {
  const filters = [...resource.filterFields].map(([name, field]) => [name, filterParameter(field)] as const);
  return z.strictObject({
    q: query.optional(),
    ids: many(id).optional().describe('Only these ids.'),
    include: single(Include)
      .optional()
      .describe('retracted: facts that were withdrawn too, each with when and why.'),
    ...(resource.sourced === false && {
      document: many(id).optional().describe('Only these documents: the same as ids.'),
    }),
    ...(resource.period && {
      from: single(day()).optional().describe('Only facts whose period touches this day or a later one.'),
      to: single(day()).optional().describe('Only facts whose period touches this day or an earlier one.'),
    }),
    ...Object.fromEntries(filters),
  });
}

/** What a list may be asked for, its pages aside; without `sort` it is sorted by `defaultSort`. */
export function exportParameters(resource: Resource, defaultSort = 'id') {
  return z.strictObject({
    ...filterParameters(resource).shape,
    sort: single(resource.sort)
      .default(defaultSort)
      .describe(
        'The field to sort by; a leading - turns it round. Nulls come last, and ids break ties. Texts count up to their 200th character.',
      ),
  });
}

/** All parameters of a list. */
export function listParameters(resource: Resource) {
  return z.strictObject({
    ...exportParameters(resource).shape,
    count: single(flag).optional().describe('true: `meta.total` says how many facts the whole list has.'),
    ...pageParameters,
  });
}

function filterParameter(field: Field): z.ZodType {
  const comma = field.kind === 'text' ? ' A comma within a value is written %2C.' : '';
  const described = `Only facts with one of these values.${comma} ${field.description}`.trim();
  const values = (() => {
    switch (field.kind) {
      case 'reference':
        return referenceValue(field.types, field.nullable);
      case 'enum':
        return field.vocabulary;
      case 'number':
        return z
          .string()
          .regex(
            /^-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/,
            'must be a number, such as 21, -0.5 or 1e+21',
          )
          .transform(Number)
          .pipe(z.number());
      case 'boolean':
        return flag;
      case 'text':
        return z
          .string()
          .min(1, 'must not be empty')
          .max(MAX_URL_LENGTH)
          .meta({ examples: [...field.examples] });
    }
  })();
  const list = field.kind === 'text' ? manyTexts : many;
  return list(values as z.ZodType<unknown, string>)
    .optional()
    .describe(described);
}

/** `id`, `type/id`, or `none` where there may be none. */
function referenceValue(types: readonly string[], nullable: boolean) {
  const type = types.length > 0 ? types.join('|') : ID;
  const pattern = new RegExp(`^((${type})/)?${ID}$`);
  const allowed = types.length > 0 ? types.map((each) => `${each}/id`).join(', ') : 'type/id';
  return z
    .string()
    .max(250)
    .regex(pattern, `must be an id or ${allowed}${nullable ? ', or none' : ''}`);
}

export type ListParameters = z.output<ReturnType<typeof listParameters>> & Record<string, unknown>;

/** What the filters among `parameters` ask for. */
export function conditionsOf(
  resource: Resource,
  parameters: Record<string, unknown>,
  synonyms: Synonyms,
): Condition[] {
  const { q, ids, document, from, to } = parameters as {
    q?: string;
    ids?: string[];
    document?: string[];
    from?: string;
    to?: string;
  };
  const conditions: Condition[] = [];
  if (ids) conditions.push({ kind: 'ids', ids });
  if (document && resource.sourced === false) conditions.push({ kind: 'ids', ids: document });
  if (q !== undefined) conditions.push({ kind: 'words', words: wordsAsked(q, synonyms) });
  if (from !== undefined && to !== undefined && to < from) {
    const detail = `must not be before from, ${from} (given: ${to})`;
    throw invalidParameters([{ parameter: 'to', code: 'out-of-range', detail }]);
  }
  if (from !== undefined || to !== undefined) {
    conditions.push({ kind: 'period', from: from ?? null, to: to ?? null });
  }
  for (const [name, field] of resource.filterFields) {
    const values = parameters[name] as (string | number | boolean)[] | undefined;
    if (values) conditions.push({ kind: 'terms', anyOf: termsAskedBy(field, values) });
  }
  return conditions;
}

function termsAskedBy(field: Field, values: (string | number | boolean)[]): Term[] {
  if (field.kind === 'reference') return referenceTerms(field.path, field.types, values.map(String));
  return values.map((value) => ({ field: field.path, value: termValue(value), refType: null }));
}

/** An id alone may be of any type that the field allows. */
function referenceTerms(field: string, types: readonly string[], values: string[]): Term[] {
  return values.flatMap((value): Term[] => {
    if (value === 'none') return [{ field: absent(field), value: '', refType: null }];
    const [first = '', second] = value.split('/');
    if (second !== undefined) return [{ field, value: second, refType: first }];
    const any = types.length > 0 ? types : [...resourceByType.keys()];
    return any.map((refType) => ({ field, value: first, refType }));
  });
}

/** The words of `q`, or a 400 if there are none or too many. */
export function wordsAsked(q: string, synonyms: Synonyms): string[] {
  const words = synonyms.wordsAskedBy(q);
  if (words.length > 0 && words.length <= MAX_QUERY_WORDS) return words;
  const detail =
    words.length === 0
      ? 'holds no letter or digit to look for'
      : `holds ${words.length} words; at most ${MAX_QUERY_WORDS} are looked for`;
  throw invalidParameters([{ parameter: 'q', code: 'invalid-value', detail }]);
}

export function sortOf(written: string): Sort {
  return written.startsWith('-')
    ? { field: written.slice(1), descending: true }
    : { field: written, descending: false };
}
