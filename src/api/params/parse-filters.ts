/** Conversion of filter parameters to store filters. */
import { invalidParameters, type Problem } from '../../lib/problem-details.ts';
import type { FactType, Period } from '../../model/fact-type.ts';
import { type Term, toMissingField, toTermValue } from '../../model/index-terms.ts';
import { parsePartialDate } from '../../model/partial-date.ts';
import type { Field } from '../../model/schema-fields.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import type { Filter, PositiveFilter } from '../../store/queries/filters.ts';
import { type Exclusion, parseExclusions } from './exclude-param.ts';
import { toMaxName, toMinName } from './field-params.ts';
import { listCandidateRefs } from './reference-values.ts';
import { parseSearchWords } from './search-params.ts';

/** Converts the filters among `parameters`; throws a 400 if `to` is before `from` or `q` has no words. */
export function parseFilters(
  factType: FactType,
  parameters: Record<string, unknown>,
  synonyms: Synonyms,
): Filter[] {
  const { q, ids, document, exclude } = parameters as {
    q?: string;
    ids?: string[];
    document?: string[];
    exclude?: string[];
  };
  const filters: Filter[] = [];
  if (ids) filters.push({ kind: 'ids', ids });
  if (document && factType.hasEvidence === false) filters.push({ kind: 'ids', ids: document });
  if (q !== undefined) filters.push({ kind: 'words', words: parseSearchWords(q, synonyms) });
  filters.push(...parsePeriods(parameters), ...parseRanges(factType, parameters));
  for (const [name, field] of factType.filterFields) {
    const values = parameters[name] as (string | number | boolean)[] | undefined;
    if (values) filters.push({ kind: 'terms', anyOf: toFilterTerms(field, values) });
  }
  for (const exclusion of parseExclusions(factType, exclude ?? []))
    filters.push({ kind: 'not', filter: toExcludedFilter(factType, exclusion) });
  return filters;
}

/** Converts `from` and `to`, and `on`; a month or a year is from its first day to its last. */
function parsePeriods(parameters: { from?: string; to?: string; on?: string }): Filter[] {
  const { from, to, on } = parameters;
  const period: PeriodFilter = {
    kind: 'period',
    from: from === undefined ? null : toPartialDate(from).from,
    to: to === undefined ? null : toPartialDate(to).to,
  };
  if (period.from !== null && period.to !== null && period.to < period.from)
    throw createOrderProblem('to', to, `must not be before from, ${from}`);
  return [
    ...(period.from !== null || period.to !== null ? [period] : []),
    ...(on === undefined ? [] : [{ kind: 'period' as const, ...toPartialDate(on) }]),
  ];
}

type PeriodFilter = Extract<Filter, { kind: 'period' }>;

const toPartialDate = (text: string): Period => parsePartialDate(text) as Period;

/** Converts the limits of numeric filters. */
function parseRanges({ filterFields }: FactType, parameters: Record<string, unknown>): Filter[] {
  return [...filterFields].flatMap(([name, { kind, path }]): Filter[] => {
    const [minName, maxName] = [toMinName(name), toMaxName(name)];
    const [min, max] = [parameters[minName], parameters[maxName]] as (number | undefined)[];
    if (kind !== 'number' || (min === undefined && max === undefined)) return [];
    if (min !== undefined && max !== undefined && max < min)
      throw createOrderProblem(maxName, max, `must not be less than ${minName}, ${min}`);
    const toLimit = (value: number | undefined) => (value === undefined ? null : toTermValue(value));
    return [{ kind: 'range', field: path, min: toLimit(min), max: toLimit(max) }];
  });
}

const createOrderProblem = (parameter: string, value: unknown, rule: string): Problem =>
  invalidParameters([{ parameter, code: 'out-of-range', detail: `${rule} (given: ${value})` }]);

/** Returns the filter that facts must not match. */
function toExcludedFilter(factType: FactType, { name, value }: Exclusion): PositiveFilter {
  const field = factType.filterFields.get(name);
  return field
    ? { kind: 'terms', anyOf: toFilterTerms(field, [value]) }
    : { kind: 'ids', ids: [String(value)] };
}

function toFilterTerms(field: Field, values: (string | number | boolean)[]): Term[] {
  if (field.kind === 'reference') return toReferenceTerms(field.path, field.allowedTypes, values.map(String));
  return values.map((value) => ({ field: field.path, value: toTermValue(value), refType: null }));
}

/** Converts reference filter values. */
function toReferenceTerms(field: string, types: readonly string[], values: string[]): Term[] {
  return values.flatMap((value): Term[] => {
    if (value === 'none') return [{ field: toMissingField(field), value: '', refType: null }];
    return listCandidateRefs(types, value).map(({ type, id }) => ({ field, value: id, refType: type }));
  });
}
