/** What is in view: what is asked of a collection, and the addresses of the views beside it. */
import { filterParameters } from '../../api/params/list-params.ts';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { ENCODED_COMMA, type QueryValues } from '../../http/query-string.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Reading } from '../../store/snapshot.ts';
import { exploreUrl } from '../format-values.ts';

export interface View {
  resource: Resource;
  /** The parameters of the list, each with its values one by one; in a value ENCODED_COMMA stands for a comma. */
  values: QueryValues;
  /** Which page of it, and whether it is counted: what no other view has from this one. */
  page: QueryValues;
}

/** What a form sends for whatever was left as it was. */
const EMPTY_IN_FORMS = new Set(['q', 'from', 'to']);

export const DEFAULT_SORT = 'id';

export function viewOf(resource: Resource, given: QueryValues, { newest }: Pick<Reading, 'newest'>): View {
  const { collection: _, cursor, count, ...asked } = given;
  const kept = Object.entries(asked)
    .filter(([name, values]) => !saysNothing(name, values))
    // A later page is of the revision of the first, though nobody asked for one: until there is a newer one that is no matter.
    .filter(([name, [value]]) => !(name === 'asOf' && cursor && value === String(newest)))
    .map(([name, values]) => [name, oneByOne(resource, name, values)] as const);
  // By entries, as a name may be one that objects have themselves.
  return {
    resource,
    values: Object.fromEntries(kept),
    page: { ...(cursor && { cursor }), ...(count && { count }) },
  };
}

function saysNothing(name: string, values: string[]): boolean {
  if (EMPTY_IN_FORMS.has(name)) return values.every((value) => value.trim() === '');
  return name === 'sort' && values.length === 1 && values[0] === DEFAULT_SORT;
}

/** Values as facets write them, each once; those of parameters that take one are left to the list to judge. */
function oneByOne(resource: Resource, name: string, values: string[]): string[] {
  const field = resource.filterFields.get(name);
  if (!field && name !== 'ids' && name !== 'document') return values;
  if (field?.kind === 'text') return unique(values.flatMap((value) => value.split(',')));
  const separate = values.flatMap((value) => value.replaceAll(ENCODED_COMMA, ',').split(','));
  const [type, ...others] = field?.kind === 'reference' ? field.types : ['document'];
  if (type === undefined || others.length > 0) return unique(separate);
  return unique(
    separate.map((value) => (value.startsWith(`${type}/`) ? value.slice(type.length + 1) : value)),
  );
}

const unique = (values: string[]): string[] => [...new Set(values)];

/** Only what says which facts: what the counts of a list take too. */
export function filtersOf({ resource, values }: View): QueryValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => filterNames(resource).has(name)));
}

function filterNames(resource: Resource): Set<string> {
  const known = filterNamesOf.get(resource);
  if (known) return known;
  const names = new Set(Object.keys(filterParameters(resource).shape));
  filterNamesOf.set(resource, names);
  return names;
}

const filterNamesOf = new Map<Resource, Set<string>>();

/** The view with other values instead; it begins at its first page. */
export const hrefOf = ({ resource }: View, values: QueryValues): string =>
  exploreUrl(resource.collection, values);

/** Null where the address would be longer than a server takes. */
export const ifShort = (url: string): string | null => (url.length > MAX_URL_LENGTH ? null : url);

/** In an order that is always the same: whichever of two values is chosen first, it is one view. */
export function withValue(values: QueryValues, name: string, value: string): QueryValues {
  return { ...values, [name]: [...(values[name] ?? []), value].sort() };
}

export function withoutValue(values: QueryValues, name: string, value: string): QueryValues {
  const left = (values[name] ?? []).filter((each) => each !== value);
  return left.length > 0 ? { ...values, [name]: left } : without(values, [name]);
}

export function without(values: QueryValues, names: readonly string[]): QueryValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** A value as a parameter takes it, and as people read it. */
export const toParameter = (value: string): string => value.replaceAll(',', ENCODED_COMMA);
export const fromParameter = (value: string): string => value.replaceAll(ENCODED_COMMA, ',');
