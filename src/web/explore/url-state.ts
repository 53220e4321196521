/** What is in view: what is asked of a collection, and the addresses of the views beside it. */
import { buildFilterParameters } from '../../api/params/list-params.ts';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { ENCODED_COMMA, type QueryValues } from '../../http/query-string.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { toExploreUrl } from '../format-values.ts';

export interface ExploreState {
  factType: FactType;
  /** The parameters of the list, each with its values one by one; in a value ENCODED_COMMA stands for a comma. */
  values: QueryValues;
  /** Which page of it, and whether it is counted: what no other view has from this one. */
  page: QueryValues;
}

/** What a form sends for whatever was left as it was. */
const OPTIONAL_INPUTS = new Set(['q', 'from', 'to']);

export const DEFAULT_SORT = 'id';

export function parseExploreState(
  factType: FactType,
  query: QueryValues,
  { latestRevision }: Pick<Snapshot, 'latestRevision'>,
): ExploreState {
  const { collection: _, cursor, count, ...listParameters } = query;
  const entries = Object.entries(listParameters)
    .filter(([name, values]) => !isDefaultValue(name, values))
    // A later page is of the revision of the first, though nobody asked for one: until there is a newer one that is no matter.
    .filter(([name, [value]]) => !(name === 'asOf' && cursor && value === String(latestRevision)))
    .map(([name, values]) => [name, normalizeValues(factType, name, values)] as const);
  // By entries, as a name may be one that objects have themselves.
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

/** Values as facets write them, each once; those of parameters that take one are left to the list to judge. */
function normalizeValues(factType: FactType, name: string, values: string[]): string[] {
  const field = factType.filterFields.get(name);
  if (!field && name !== 'ids' && name !== 'document') return values;
  if (field?.kind === 'text') return removeDuplicates(values.flatMap((value) => value.split(',')));
  const singleValues = values.flatMap((value) => value.replaceAll(ENCODED_COMMA, ',').split(','));
  const [type, ...others] = field?.kind === 'reference' ? field.allowedTypes : ['document'];
  if (type === undefined || others.length > 0) return removeDuplicates(singleValues);
  return removeDuplicates(
    singleValues.map((value) => (value.startsWith(`${type}/`) ? value.slice(type.length + 1) : value)),
  );
}

const removeDuplicates = (values: string[]): string[] => [...new Set(values)];

/** Only what says which facts: what the counts of a list take too. */
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

/** The view with other values instead; it begins at its first page. */
export const toHref = ({ factType }: ExploreState, values: QueryValues): string =>
  toExploreUrl(factType.collection, values);

/** Null where the address would be longer than a server takes. */
export const nullIfTooLong = (url: string): string | null => (url.length > MAX_URL_LENGTH ? null : url);

/** In an order that is always the same: whichever of two values is chosen first, it is one view. */
export function addValue(values: QueryValues, name: string, value: string): QueryValues {
  return { ...values, [name]: [...(values[name] ?? []), value].sort() };
}

export function removeValue(values: QueryValues, name: string, value: string): QueryValues {
  const remaining = (values[name] ?? []).filter((each) => each !== value);
  return remaining.length > 0 ? { ...values, [name]: remaining } : omitParameters(values, [name]);
}

export function omitParameters(values: QueryValues, names: readonly string[]): QueryValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** A value as a parameter takes it, and as people read it. */
export const toParameter = (value: string): string => value.replaceAll(',', ENCODED_COMMA);
export const fromParameter = (value: string): string => value.replaceAll(ENCODED_COMMA, ',');
