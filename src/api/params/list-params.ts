/** The parameters of a list: how they are written, and what they ask of the store. */
import * as z from 'zod';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { commaSeparated, commaSeparatedText, flag, singleValue } from '../../http/params.ts';
import { pascalCase } from '../../lib/case.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import type { FactType } from '../../model/fact-type.ts';
import { ACTOR_TYPES, closedVocabulary, day, FactId, ID_PATTERN } from '../../model/fields.ts';
import { type Term, toMissingField, toTermValue } from '../../model/index-terms.ts';
import type { Field } from '../../model/schema-fields.ts';
import { factTypesByName } from '../../model/types/index.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import type { Filter } from '../../store/queries/filters.ts';
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
export const searchParam = singleValue(SearchWords).describe(
  'Words that must all stand in the fact; accents and case do not matter.',
);

const ID_SOURCE = ID_PATTERN.source.slice(1, -1);

const Include = closedVocabulary('Include', ['retracted'], 'What a list has beside what is current.');

/** The parameters that ask which facts: what lists, facets and exports of a resource share. */
export function buildFilterParameters(factType: FactType) {
  const fieldParameters = [...factType.filterFields].map(
    ([name, field]) => [name, buildFieldParameter(field)] as const,
  );
  return z.strictObject({
    q: searchParam.optional(),
    ids: commaSeparated(FactId).optional().describe('Only these ids.'),
    include: singleValue(Include)
      .optional()
      .describe('retracted: facts that were withdrawn too, each with when and why.'),
    ...(factType.hasEvidence === false && {
      document: commaSeparated(FactId).optional().describe('Only these documents: the same as ids.'),
    }),
    ...(factType.getPeriod && {
      from: singleValue(day())
        .optional()
        .describe('Only facts whose period touches this day or a later one.'),
      to: singleValue(day())
        .optional()
        .describe('Only facts whose period touches this day or an earlier one.'),
    }),
    ...Object.fromEntries(fieldParameters),
  });
}

/** What a list may be asked for, its pages aside; without `sort` it is sorted by `defaultSort`. */
export function buildExportParameters(factType: FactType, defaultSort = 'id') {
  return z.strictObject({
    ...buildFilterParameters(factType).shape,
    sort: singleValue(factType.sortSchema)
      .default(defaultSort)
      .describe(
        'The field to sort by; a leading - turns it round. Nulls come last, and ids break ties. Texts count up to their 200th character.',
      ),
  });
}

/** All parameters of a list. */
export function buildListParameters(factType: FactType) {
  return z.strictObject({
    ...buildExportParameters(factType).shape,
    count: singleValue(flag)
      .optional()
      .describe('true: `meta.total` says how many facts the whole list has.'),
    ...pageParameters,
  });
}

const FilterText = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_URL_LENGTH)
  .meta({ id: 'FilterText', description: 'A text, just as the facts have it.' });

function buildFieldParameter(field: Field): z.ZodType {
  const commaNote = field.kind === 'text' ? ' A comma within a value is written %2C.' : '';
  const description = `Only facts with one of these values.${commaNote} ${field.description}`.trim();
  const valueSchema = (() => {
    switch (field.kind) {
      case 'reference':
        return buildReferenceSchema(field.allowedTypes);
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
  const toList = field.kind === 'text' ? commaSeparatedText : commaSeparated;
  return toList(valueSchema as z.ZodType<unknown, string>)
    .optional()
    .describe(description);
}

const referenceSchemas = new Map<string, z.ZodString>();

/** `id`, `type/id`, or `none`: one schema for all filters by references to these types. */
function buildReferenceSchema(types: readonly string[]): z.ZodString {
  const schemaId = `${toTypesName(types)}Filter`;
  const cached = referenceSchemas.get(schemaId);
  if (cached) return cached;
  const typePattern = types.length > 0 ? types.join('|') : ID_SOURCE;
  const pattern = new RegExp(`^((${typePattern})/)?${ID_SOURCE}$`);
  const allowedForms = types.length > 0 ? types.map((each) => `${each}/id`).join(', ') : 'type/id';
  const schema = z
    .string()
    .max(250)
    .regex(pattern, `must be an id or ${allowedForms}, or none`)
    .meta({ id: schemaId, description: `An id or ${allowedForms}; none: facts that have none.` });
  referenceSchemas.set(schemaId, schema);
  return schema;
}

function toTypesName(types: readonly string[]): string {
  if (types.length === 0) return 'Fact';
  const isAnyActor = types.length === ACTOR_TYPES.length && ACTOR_TYPES.every((type) => types.includes(type));
  return isAnyActor ? 'Actor' : [...types].sort().map(pascalCase).join('Or');
}

export type ListParameters = z.output<ReturnType<typeof buildListParameters>> & Record<string, unknown>;

/** What the filters among `parameters` ask for. */
export function parseFilters(
  factType: FactType,
  parameters: Record<string, unknown>,
  synonyms: Synonyms,
): Filter[] {
  const { q, ids, document, from, to } = parameters as {
    q?: string;
    ids?: string[];
    document?: string[];
    from?: string;
    to?: string;
  };
  const filters: Filter[] = [];
  if (ids) filters.push({ kind: 'ids', ids });
  if (document && factType.hasEvidence === false) filters.push({ kind: 'ids', ids: document });
  if (q !== undefined) filters.push({ kind: 'words', words: parseSearchWords(q, synonyms) });
  if (from !== undefined && to !== undefined && to < from) {
    const detail = `must not be before from, ${from} (given: ${to})`;
    throw invalidParameters([{ parameter: 'to', code: 'out-of-range', detail }]);
  }
  if (from !== undefined || to !== undefined) {
    filters.push({ kind: 'period', from: from ?? null, to: to ?? null });
  }
  for (const [name, field] of factType.filterFields) {
    const values = parameters[name] as (string | number | boolean)[] | undefined;
    if (values) filters.push({ kind: 'terms', anyOf: toFilterTerms(field, values) });
  }
  return filters;
}

function toFilterTerms(field: Field, values: (string | number | boolean)[]): Term[] {
  if (field.kind === 'reference') return toReferenceTerms(field.path, field.allowedTypes, values.map(String));
  return values.map((value) => ({ field: field.path, value: toTermValue(value), refType: null }));
}

/** An id alone may be of any type that the field allows. */
function toReferenceTerms(field: string, types: readonly string[], values: string[]): Term[] {
  return values.flatMap((value): Term[] => {
    if (value === 'none') return [{ field: toMissingField(field), value: '', refType: null }];
    const [first = '', second] = value.split('/');
    if (second !== undefined) return [{ field, value: second, refType: first }];
    const candidateTypes = types.length > 0 ? types : [...factTypesByName.keys()];
    return candidateTypes.map((refType) => ({ field, value: first, refType }));
  });
}

/** The words of `q`, or a 400 if there are none or too many. */
export function parseSearchWords(q: string, synonyms: Synonyms): string[] {
  const words = synonyms.tokenizeQuery(q);
  if (words.length > 0 && words.length <= MAX_QUERY_WORDS) return words;
  const detail =
    words.length === 0
      ? 'holds no letter or digit to look for'
      : `holds ${words.length} words; at most ${MAX_QUERY_WORDS} are looked for`;
  throw invalidParameters([{ parameter: 'q', code: 'invalid-value', detail }]);
}

export function parseSort(text: string): Sort {
  return text.startsWith('-')
    ? { field: text.slice(1), descending: true }
    : { field: text, descending: false };
}
