/** Facets: the values of each field with their numbers of facts, as links. */

import type { Facet, FacetValue } from '../../api/service/facets.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import { formatNumber, pluralize } from '../../lib/numbers.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Field } from '../../model/schema-fields.ts';
import { formatFilterValue, toHeading } from './display-names.ts';
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

/** Number of values that are shown initially. */
const MAX_VISIBLE_VALUES = 8;
/** Number of facets that are open initially. */
const MAX_OPEN_FACETS = 4;
const MAX_LABEL_LENGTH = 80;

/** Renders the facets; `total` is the number of facts in the view, or null if it is not known. */
export function renderFacets(state: ExploreState, facets: Facet[] | null, total: number | null): Html | null {
  if (facets === null) {
    return html`<aside class="facets"><p class="small">Filter counts are not available, because the server is busy. The list itself is complete; try again in a few seconds.</p></aside>`;
  }
  const activeCount = facets.filter(({ field }) => Object.hasOwn(state.values, field)).length;
  const selectable = facets.filter((facet) => hasChoice(state, facet, total));
  if (selectable.length === 0) return null;
  return html`<aside class="facets" aria-label="Filters">
<details class="facets-disclosure"><summary>Filters${activeCount > 0 ? html` <span class="count">${activeCount} active</span>` : null}</summary>
${selectable.map((facet, index) => renderFacet(state, facet, index < MAX_OPEN_FACETS))}
</details>
</aside>`;
}

/** True unless all facts have the same values; filtered fields can always be changed. */
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
  // Selected values come first, so that they are visible even if they are rare.
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
    ? html`<p class="small">${formatNumber(distinct - values.length)} more ${pluralize(distinct - values.length, 'is', 'are')} not shown. See <a href="${toAllCountsUrl(state, name)}">all counts as CSV</a></p>\n`
    : null
}</details>
`;
}

/** Returns the filter value that selects `value`, if any; an id without a type may select several. */
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
  const countHtml = html` <span class="count">${formatNumber(count)}</span>`;
  if (selectedValue !== undefined) {
    const href = toHref(state, removeValue(state.values, name, selectedValue));
    return html`<li class="selected"><a href="${href}" rel="nofollow" aria-current="true"><span class="visually-hidden">Remove </span>${text}</a>${countHtml}</li>\n`;
  }
  const href = nullIfTooLong(toHref(state, addValue(state.values, name, toParameter(value))));
  return html`<li>${href === null ? html`<span>${text}</span>` : html`<a href="${href}" rel="nofollow">${text}</a>`}${countHtml}</li>\n`;
}

const toAllCountsUrl = (state: ExploreState, name: string): string =>
  toFacetsCsvUrl(state.factType, { ...omitParameters(pickFilters(state), [name]), by: [name] });

/** Path-absolute URL of the counts of all values as a CSV table. */
export const toFacetsCsvUrl = ({ collection }: FactType, values: Record<string, string[]>): string =>
  `/v1/${collection}/facets.csv${formatCanonicalQuery(values)}`;
