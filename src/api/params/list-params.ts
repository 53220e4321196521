/** The parameters of a list: how they are written, and what they ask of the store. */
import * as z from 'zod';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { flag, many, manyTexts, single } from '../../http/params.ts';
import { pascal } from '../../lib/case.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import type { Resource } from '../../model/fact-type.ts';
import { ACTOR_TYPES, day, FactId, ID_PATTERN, vocabulary } from '../../model/fields.ts';
import { absent, type Term, termValue } from '../../model/index-terms.ts';
import type { Field } from '../../model/schema-fields.ts';
import { resourceByType } from '../../model/types/index.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import type { Condition } from '../../store/queries/filters.ts';
import type { Sort } from '../../store/queries/list.ts';
import { pageParameters } from '../respond/respond.ts';

export const MAX_QUERY_LENGTH = 200;
export const MAX_QUERY_WORDS = 20;

const SearchWords = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_QUERY_LENGTH)
  .meta({ id: 'SearchWords', description: 'Words to look for.' });

/** Words to look for. */
export const query = single(SearchWords).describe(
  'Words that must all stand in the fact; accents and case do not matter.',
);

const ID = ID_PATTERN.source.slice(1, -1);

const Include = vocabulary('Include', ['retracted'], 'What a list has beside what is current.');

/** The parameters that ask which facts: what lists, facets and exports of a resource share. */
export function filterParameters(resource: Resource) {
  const filters = [...resource.filterFields].map(([name, field]) => [name, filterParameter(field)] as const);
  return z.strictObject({
    q: query.optional(),
    ids: many(FactId).optional().describe('Only these ids.'),
    include: single(Include)
      .optional()
      .describe('retracted: facts that were withdrawn too, each with when and why.'),
    ...(resource.sourced === false && {
      document: many(FactId).optional().describe('Only these documents: the same as ids.'),
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

const FilterText = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_URL_LENGTH)
  .meta({ id: 'FilterText', description: 'A text, just as the facts have it.' });

function filterParameter(field: Field): z.ZodType {
  const comma = field.kind === 'text' ? ' A comma within a value is written %2C.' : '';
  const described = `Only facts with one of these values.${comma} ${field.description}`.trim();
  const values = (() => {
    switch (field.kind) {
      case 'reference':
        return referenceFilter(field.types);
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
        return field.examples.length > 0 ? FilterText.meta({ examples: [...field.examples] }) : FilterText;
    }
  })();
  const list = field.kind === 'text' ? manyTexts : many;
  return list(values as z.ZodType<unknown, string>)
    .optional()
    .describe(described);
}

const referenceFilters = new Map<string, z.ZodString>();

/** `id`, `type/id`, or `none`: one schema for all filters by references to these types. */
function referenceFilter(types: readonly string[]): z.ZodString {
  const id = `${nameOf(types)}Filter`;
  const known = referenceFilters.get(id);
  if (known) return known;
  const type = types.length > 0 ? types.join('|') : ID;
  const pattern = new RegExp(`^((${type})/)?${ID}$`);
  const allowed = types.length > 0 ? types.map((each) => `${each}/id`).join(', ') : 'type/id';
  const filter = z
    .string()
    .max(250)
    .regex(pattern, `must be an id or ${allowed}, or none`)
    .meta({ id, description: `An id or ${allowed}; none: facts that have none.` });
  referenceFilters.set(id, filter);
  return filter;
}

function nameOf(types: readonly string[]): string {
  if (types.length === 0) return 'Fact';
  const actors = types.length === ACTOR_TYPES.length && ACTOR_TYPES.every((type) => types.includes(type));
  return actors ? 'Actor' : [...types].sort().map(pascal).join('Or');
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
