/** What there is to choose from: the values of each field with how many facts have them, as links. */

import { formatCanonicalQuery } from '../../http/query-string.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Field } from '../../model/schema-fields.ts';
import type { ApiClient } from '../page-route.ts';
import { formatCount, formatFilterValue, toHeading } from './display-names.ts';
import {
  addValue,
  type ExploreState,
  nullIfTooLong,
  omitParameters,
  pickFilters,
  removeValue,
  toHref,
  toParameter,
} from './url-state.ts';

interface FacetValue {
  value: string;
  label: string;
  count: number;
}

export interface Facet {
  field: string;
  /** How many values there are, also beyond those given. */
  distinct: number;
  values: FacetValue[];
}

/** Values that are asked for, and of these what is seen at once. */
const MAX_VALUES = 40;
const MAX_VISIBLE_VALUES = 8;
/** Facets that stand open from the start. */
const MAX_OPEN_FACETS = 4;
const MAX_LABEL_LENGTH = 80;

/**
 * The facets of a view; null where the server is too busy to count. A field that is filtered is counted without its own
 * filter: its other values can still be chosen.
 */
export async function loadFacets(api: ApiClient, state: ExploreState): Promise<Facet[] | null> {
  const { collection, facetNames } = state.factType;
  const filters = pickFilters(state);
  const loadCounts = async (by: string[]): Promise<Facet[]> => {
    if (by.length === 0) return [];
    const query = { ...omitParameters(filters, by), by, limit: String(MAX_VALUES) };
    return (await api.json<{ data: Facet[] }>(`/v1/${collection}/facets`, query)).data;
  };
  const filteredNames = facetNames.filter((name) => Object.hasOwn(filters, name));
  const unfilteredNames = facetNames.filter((name) => !filteredNames.includes(name));
  try {
    const facets = (
      await Promise.all([unfilteredNames, ...filteredNames.map((name) => [name])].map(loadCounts))
    ).flat();
    return facets.sort((a, b) => facetNames.indexOf(a.field) - facetNames.indexOf(b.field));
  } catch (error) {
    if (isBusy(error)) return null;
    throw error;
  }
}

/** Whether all that is wrong is the moment: what a page can do without it leaves out. */
export const isBusy = (error: unknown): boolean => error instanceof Problem && error.status === 503;

/** `total` is how many facts are in view, if that is known. */
export function renderFacets(state: ExploreState, facets: Facet[] | null, total: number | null): Html | null {
  if (facets === null) {
    return html`<aside class="facets"><p class="small">What there is to choose from cannot be counted at this moment, as too many long questions wait. The list itself is whole; try again in a few seconds.</p></aside>`;
  }
  const activeCount = facets.filter(({ field }) => Object.hasOwn(state.values, field)).length;
  const selectable = facets.filter((facet) => hasChoice(state, facet, total));
  if (selectable.length === 0) return null;
  return html`<aside class="facets" aria-label="Filters">
<details class="facets-disclosure"><summary>Filters${activeCount > 0 ? html` <span class="count">${activeCount} in use</span>` : null}</summary>
${selectable.map((facet, index) => renderFacet(state, facet, index < MAX_OPEN_FACETS))}
</details>
</aside>`;
}

/** There is nothing to choose where every value is one that all facts have. */
function hasChoice(
  { values }: ExploreState,
  { field, values: facetValues, distinct }: Facet,
  total: number | null,
): boolean {
  if (Object.hasOwn(values, field)) return true;
  return distinct > facetValues.length || facetValues.some(({ count }) => count !== total);
}

function renderFacet(state: ExploreState, facet: Facet, open: boolean): Html {
  const { field: name, distinct } = facet;
  const field = state.factType.filterFields.get(name) as Field;
  const selectedValues = state.values[name] ?? [];
  const values = facet.values.map((facetValue) => ({
    ...facetValue,
    selectedValue: findSelectedValue(field, selectedValues, facetValue.value),
  }));
  // What is chosen is seen, however rare it is.
  const sorted = [
    ...values.filter(({ selectedValue }) => selectedValue),
    ...values.filter(({ selectedValue }) => !selectedValue),
  ];
  const itemsHtml = sorted.map((each) => renderFacetValue(state, name, field, each));
  const rest = itemsHtml.length > MAX_VISIBLE_VALUES + 2 ? itemsHtml.splice(MAX_VISIBLE_VALUES) : [];
  const title = toHeading(name);
  return html`<details class="facet"${open || selectedValues.length > 0 ? html` open` : null}><summary>${title}</summary>
<ul aria-label="${title}">
${itemsHtml}</ul>
${rest.length > 0 ? html`<details class="more"><summary>${rest.length} more<span class="visually-hidden"> of ${title}</span></summary><ul aria-label="${title}, less frequent">\n${rest}</ul></details>\n` : null}${
  distinct > values.length
    ? html`<p class="small">${formatCount(distinct - values.length)} more have no place here: <a href="${toAllCountsUrl(state, name)}">the counts of all as CSV</a></p>\n`
    : null
}</details>
`;
}

/** The value that a filter has for `value`, if it is chosen: an id alone may stand for references of several types. */
function findSelectedValue(field: Field, selectedValues: string[], value: string): string | undefined {
  const parameter = toParameter(value);
  if (selectedValues.includes(parameter)) return parameter;
  if (field.kind === 'number') return selectedValues.find((each) => Number(each) === Number(value));
  return field.kind === 'reference' ? selectedValues.find((each) => value.endsWith(`/${each}`)) : undefined;
}

function renderFacetValue(
  state: ExploreState,
  name: string,
  field: Field,
  { value, label, count, selectedValue }: FacetValue & { selectedValue: string | undefined },
): Html {
  const text = bdi(truncate(formatFilterValue(field, value, label), MAX_LABEL_LENGTH));
  const countHtml = html` <span class="count">${formatCount(count)}</span>`;
  if (selectedValue !== undefined) {
    const href = toHref(state, removeValue(state.values, name, selectedValue));
    return html`<li class="selected"><a href="${href}" rel="nofollow" aria-current="true"><span class="visually-hidden">Without </span>${text}</a>${countHtml}</li>\n`;
  }
  const href = nullIfTooLong(toHref(state, addValue(state.values, name, toParameter(value))));
  return html`<li>${href === null ? html`<span>${text}</span>` : html`<a href="${href}" rel="nofollow">${text}</a>`}${countHtml}</li>\n`;
}

const toAllCountsUrl = (state: ExploreState, name: string): string =>
  toFacetsCsvUrl(state.factType, { ...omitParameters(pickFilters(state), [name]), by: [name] });

/** The counts of all values as a table, path-absolute. */
export const toFacetsCsvUrl = ({ collection }: FactType, values: Record<string, string[]>): string =>
  `/v1/${collection}/facets.csv${formatCanonicalQuery(values)}`;
