/** State of the explore page, parsed from its URL, and the URLs of related views. */
import { buildFilterParameters } from '../../api/params/list-params.ts';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { ENCODED_COMMA, type QueryValues } from '../../http/query-string.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { toExploreUrl } from '../format-values.ts';

export interface ExploreState {
  factType: FactType;
  /** Parameters of the list with their separate values; in a value, ENCODED_COMMA stands for a comma. */
  values: QueryValues;
  /** Cursor and count, which related views do not inherit. */
  page: QueryValues;
}

/** Form fields that browsers submit even if they are empty. */
const OPTIONAL_INPUTS = new Set(['q', 'from', 'to', 'on']);

export const DEFAULT_SORT = 'id';

export function parseExploreState(
  factType: FactType,
  query: QueryValues,
  { latestRevision }: Pick<Snapshot, 'latestRevision'>,
): ExploreState {
  const { collection: _, cursor, count, ...listParameters } = query;
  const entries = Object.entries(listParameters)
    .filter(([name, values]) => !isDefaultValue(name, values))
    // The link to a later page has `asOf`, although the reader did not select a revision. It is redundant
    // until there is a newer revision.
    .filter(([name, [value]]) => !(name === 'asOf' && cursor && value === String(latestRevision)))
    .map(([name, values]) => [name, normalizeValues(factType, name, values)] as const);
  // `Object.fromEntries` also sets names such as `__proto__`, which an assignment would not.
  return {
    factType,
    values: Object.fromEntries(entries),
    page: { ...(cursor && { cursor }), ...(count && { count }) },
  };
}

function isDefaultValue(name: string, values: string[]): boolean {
  if (OPTIONAL_INPUTS.has(name)) return values.every((value) => value.trim() === '');
  return name === 'sort' && values.length === 1 && values[0] === DEFAULT_SORT;
}

/** Returns distinct values in the form that facets use; the list validates parameters with a single value. */
function normalizeValues(factType: FactType, name: string, values: string[]): string[] {
  const field = factType.filterFields.get(name);
  if (!field && name !== 'ids' && name !== 'document' && name !== 'exclude') return values;
  if (field?.kind === 'text' || name === 'exclude')
    return removeDuplicates(values.flatMap((value) => value.split(',')));
  const singleValues = values.flatMap((value) => value.replaceAll(ENCODED_COMMA, ',').split(','));
  const [type, ...others] = field?.kind === 'reference' ? field.allowedTypes : ['document'];
  if (type === undefined || others.length > 0) return removeDuplicates(singleValues);
  return removeDuplicates(
    singleValues.map((value) => (value.startsWith(`${type}/`) ? value.slice(type.length + 1) : value)),
  );
}

const removeDuplicates = (values: string[]): string[] => [...new Set(values)];

/** Returns only the filters, which the counts of a list accept as well. */
export function pickFilters({ factType, values }: ExploreState): QueryValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => getFilterNames(factType).has(name)));
}

function getFilterNames(factType: FactType): Set<string> {
  const cached = filterNamesCache.get(factType);
  if (cached) return cached;
  const names = new Set(Object.keys(buildFilterParameters(factType).shape));
  filterNamesCache.set(factType, names);
  return names;
}

const filterNamesCache = new Map<FactType, Set<string>>();

/** Returns the URL of the view with other values, at its first page. */
export const toHref = ({ factType }: ExploreState, values: QueryValues): string =>
  toExploreUrl(factType.collection, values);

/** Returns null for a URL that exceeds the maximum length. */
export const nullIfTooLong = (url: string): string | null => (url.length > MAX_URL_LENGTH ? null : url);

/** Sorts the values, so that the order in which they are selected does not affect the URL. */
export function addValue(values: QueryValues, name: string, value: string): QueryValues {
  return { ...values, [name]: [...(values[name] ?? []), value].sort() };
}

export function removeValue(values: QueryValues, name: string, value: string): QueryValues {
  const remaining = (values[name] ?? []).filter((each) => each !== value);
  return remaining.length > 0 ? { ...values, [name]: remaining } : omitParameters(values, [name]);
}

export function omitParameters<T>(values: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** Converts a value between its form in a parameter and its readable form. */
export const toParameter = (value: string): string => value.replaceAll(',', ENCODED_COMMA);
export const fromParameter = (value: string): string => value.replaceAll(ENCODED_COMMA, ',');
