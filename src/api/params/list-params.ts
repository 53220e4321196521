/** Query parameters of lists, and their conversion to store filters. */
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
import type { ListQuery, Sort } from '../../store/queries/list.ts';
import type { ListPosition } from '../service/facts.ts';
import { pageParameters } from './page-params.ts';
import { parseSearchWords, searchParam } from './search-params.ts';

const ID_SOURCE = ID_PATTERN.source.slice(1, -1);

const Include = closedVocabulary('Include', ['retracted'], 'Facts to include in addition to current ones.');

export const includeParam = singleValue(Include)
  .optional()
  .describe(
    '`retracted` adds retracted facts, each with its revision and reason. Default: current facts only.',
  );

/** Returns the filter parameters that the lists, facets and exports of a fact type share. */
export function buildFilterParameters(factType: FactType) {
  const fieldParameters = [...factType.filterFields].map(
    ([name, field]) => [name, buildFieldParameter(field)] as const,
  );
  return z.strictObject({
    q: searchParam.optional(),
    ids: commaSeparated(FactId).optional().describe('Only facts with these ids.'),
    include: includeParam,
    ...(factType.hasEvidence === false && {
      document: commaSeparated(FactId).optional().describe('Only documents with these ids; same as `ids`.'),
    }),
    ...(factType.getPeriod && {
      from: singleValue(day())
        .optional()
        .describe(
          'Only facts whose period includes this day or a later one. Facts without a day do not match.',
        ),
      to: singleValue(day())
        .optional()
        .describe(
          'Only facts whose period includes this day or an earlier one. Facts without a day do not match.',
        ),
    }),
    ...Object.fromEntries(fieldParameters),
  });
}

/** Returns the list parameters without pagination. */
export function buildExportParameters(factType: FactType, defaultSort = 'id') {
  return z.strictObject({
    ...buildFilterParameters(factType).shape,
    sort: singleValue(factType.sortSchema)
      .default(defaultSort)
      .describe(
        `Field to sort by; a leading - sorts in descending order. Default ${defaultSort}. Nulls come last, and id ` +
          'breaks ties. Texts are compared by their first 200 characters.',
      ),
  });
}

/** Returns all parameters of a list. */
export function buildListParameters(factType: FactType) {
  return z.strictObject({
    ...buildExportParameters(factType).shape,
    count: singleValue(flag)
      .optional()
      .describe('`true` adds `meta.total`, the number of facts on all pages. Default false.'),
    ...pageParameters,
  });
}

const FilterText = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_URL_LENGTH)
  .meta({ id: 'FilterText', description: 'Text exactly as in the facts.' });

function buildFieldParameter(field: Field): z.ZodType {
  const commaNote = field.kind === 'text' ? ' Encode a comma within a value as %2C.' : '';
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

/** Returns the schema for `id`, `type/id` or `none`, shared by all filters by references to these types. */
function buildReferenceSchema(allowedTypes: readonly string[]): z.ZodString {
  // Fields name the same types in different orders; the shared schema must not depend on which comes first.
  const types = [...factTypesByName.keys()].filter((type) => allowedTypes.includes(type));
  const schemaId = `${toTypesName(types)}Filter`;
  const cached = referenceSchemas.get(schemaId);
  if (cached) return cached;
  const typePattern = types.length > 0 ? types.join('|') : ID_SOURCE;
  const pattern = new RegExp(`^((${typePattern})/)?${ID_SOURCE}$`);
  const allowedForms = types.length > 0 ? types.map((each) => `${each}/id`).join(', ') : 'type/id';
  const schema = z
    .string()
    .max(250)
    .regex(pattern, `must be an id, ${allowedForms} or none`)
    .meta({ id: schemaId, description: `Id, or ${allowedForms}; none matches facts without a value.` });
  referenceSchemas.set(schemaId, schema);
  return schema;
}

function toTypesName(types: readonly string[]): string {
  if (types.length === 0) return 'Fact';
  const isAnyActor = types.length === ACTOR_TYPES.length && ACTOR_TYPES.every((type) => types.includes(type));
  return isAnyActor ? 'Actor' : [...types].sort().map(pascalCase).join('Or');
}

export type ListParameters = z.output<ReturnType<typeof buildListParameters>> & Record<string, unknown>;

export const ListPositionSchema: z.ZodType<ListPosition> = z.tuple([z.string().nullable(), z.string()]);

/** Converts the parameters of a list to a query without pagination. */
export const parseListQuery = (
  factType: FactType,
  parameters: Record<string, unknown> & { sort: string },
  synonyms: Synonyms,
): FilterParameters & Pick<ListQuery, 'sort'> => ({
  ...parseFilterQuery(factType, parameters, synonyms),
  sort: parseSort(parameters.sort),
});

type FilterParameters = Pick<ListQuery, 'type' | 'filters' | 'includeRetracted'>;

/** Converts the parameters that select facts. */
export const parseFilterQuery = (
  factType: FactType,
  parameters: object,
  synonyms: Synonyms,
): FilterParameters => ({
  type: factType.type,
  filters: parseFilters(factType, parameters as Record<string, unknown>, synonyms),
  includeRetracted: 'include' in parameters && parameters.include !== undefined,
});

/** Converts the filters among `parameters`; throws a 400 if `to` is before `from` or `q` has no words. */
function parseFilters(factType: FactType, parameters: Record<string, unknown>, synonyms: Synonyms): Filter[] {
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

/** Converts reference filter values; an id without a type matches every type that the field allows. */
function toReferenceTerms(field: string, types: readonly string[], values: string[]): Term[] {
  return values.flatMap((value): Term[] => {
    if (value === 'none') return [{ field: toMissingField(field), value: '', refType: null }];
    const [first = '', second] = value.split('/');
    if (second !== undefined) return [{ field, value: second, refType: first }];
    const candidateTypes = types.length > 0 ? types : [...factTypesByName.keys()];
    return candidateTypes.map((refType) => ({ field, value: first, refType }));
  });
}

function parseSort(text: string): Sort {
  return text.startsWith('-')
    ? { field: text.slice(1), descending: true }
    : { field: text, descending: false };
}
