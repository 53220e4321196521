/** What there is to choose from: the values of each field with how many facts have them, as links. */

import { canonicalQuery } from '../../http/query-string.ts';
import { type Html, html, isolated } from '../../lib/html.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Resource } from '../../model/fact-type.ts';
import { shortened } from '../../model/fields.ts';
import type { Field } from '../../model/schema-fields.ts';
import type { Ask } from '../page-route.ts';
import { counted, heading, valueInWords } from './display-names.ts';
import {
  filtersOf,
  hrefOf,
  ifShort,
  toParameter,
  type View,
  without,
  withoutValue,
  withValue,
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
const ASKED = 40;
const SEEN = 8;
/** Facets that stand open from the start. */
const OPEN = 4;
const LONGEST = 80;

/**
 * The facets of a view; null where the server is too busy to count. A field that is filtered is counted without its own
 * filter: its other values can still be chosen.
 */
export async function facetsOf(ask: Ask, view: View): Promise<Facet[] | null> {
  const { collection, facetNames } = view.resource;
  const filters = filtersOf(view);
  const count = async (by: string[]): Promise<Facet[]> => {
    if (by.length === 0) return [];
    const asked = { ...without(filters, by), by, limit: String(ASKED) };
    return (await ask.json<{ data: Facet[] }>(`/v1/${collection}/facets`, asked)).data;
  };
  const filtered = facetNames.filter((name) => Object.hasOwn(filters, name));
  const free = facetNames.filter((name) => !filtered.includes(name));
  try {
    const found = (await Promise.all([free, ...filtered.map((name) => [name])].map(count))).flat();
    return found.sort((a, b) => facetNames.indexOf(a.field) - facetNames.indexOf(b.field));
  } catch (error) {
    if (isBusy(error)) return null;
    throw error;
  }
}

/** Whether all that is wrong is the moment: what a page can do without it leaves out. */
export const isBusy = (error: unknown): boolean => error instanceof Problem && error.status === 503;

/** `total` is how many facts are in view, if that is known. */
export function drawFacets(view: View, facets: Facet[] | null, total: number | null): Html | null {
  if (facets === null) {
    return html`<aside class="facets"><p class="small">What there is to choose from cannot be counted at this moment, as too many long questions wait. The list itself is whole; try again in a few seconds.</p></aside>`;
  }
  const chosen = facets.filter(({ field }) => Object.hasOwn(view.values, field)).length;
  const worth = facets.filter((facet) => canChoose(view, facet, total));
  if (worth.length === 0) return null;
  return html`<aside class="facets" aria-label="Filters">
<details class="fold"><summary>Filters${chosen > 0 ? html` <span class="count">${chosen} in use</span>` : null}</summary>
${worth.map((facet, at) => drawFacet(view, facet, at < OPEN))}
</details>
</aside>`;
}

/** There is nothing to choose where every value is one that all facts have. */
function canChoose(
  { values }: View,
  { field, values: found, distinct }: Facet,
  total: number | null,
): boolean {
  if (Object.hasOwn(values, field)) return true;
  return distinct > found.length || found.some(({ count }) => count !== total);
}

function drawFacet(view: View, facet: Facet, open: boolean): Html {
  const { field: name, distinct } = facet;
  const field = view.resource.filterFields.get(name) as Field;
  const given = view.values[name] ?? [];
  const values = facet.values.map((each) => ({ ...each, given: givenAs(field, given, each.value) }));
  // What is chosen is seen, however rare it is.
  const sorted = [...values.filter(({ given }) => given), ...values.filter(({ given }) => !given)];
  const items = sorted.map((each) => drawValue(view, name, field, each));
  const rest = items.length > SEEN + 2 ? items.splice(SEEN) : [];
  const title = heading(name);
  return html`<details class="facet"${open || given.length > 0 ? html` open` : null}><summary>${title}</summary>
<ul aria-label="${title}">
${items}</ul>
${rest.length > 0 ? html`<details class="more"><summary>${rest.length} more<span class="unseen"> of ${title}</span></summary><ul aria-label="${title}, less frequent">\n${rest}</ul></details>\n` : null}${
  distinct > values.length
    ? html`<p class="small">${counted(distinct - values.length)} more have no place here: <a href="${allValues(view, name)}">the counts of all as CSV</a></p>\n`
    : null
}</details>
`;
}

/** The value that a filter has for `value`, if it is chosen: an id alone may stand for references of several types. */
function givenAs(field: Field, given: string[], value: string): string | undefined {
  const written = toParameter(value);
  if (given.includes(written)) return written;
  if (field.kind === 'number') return given.find((each) => Number(each) === Number(value));
  return field.kind === 'reference' ? given.find((each) => value.endsWith(`/${each}`)) : undefined;
}

function drawValue(
  view: View,
  name: string,
  field: Field,
  { value, label, count, given }: FacetValue & { given: string | undefined },
): Html {
  const text = isolated(shortened(valueInWords(field, value, label), LONGEST));
  const number = html` <span class="count">${counted(count)}</span>`;
  if (given !== undefined) {
    const href = hrefOf(view, withoutValue(view.values, name, given));
    return html`<li class="chosen"><a href="${href}" rel="nofollow" aria-current="true"><span class="unseen">Without </span>${text}</a>${number}</li>\n`;
  }
  const href = ifShort(hrefOf(view, withValue(view.values, name, toParameter(value))));
  return html`<li>${href === null ? html`<span>${text}</span>` : html`<a href="${href}" rel="nofollow">${text}</a>`}${number}</li>\n`;
}

const allValues = (view: View, name: string): string =>
  facetsCsv(view.resource, { ...without(filtersOf(view), [name]), by: [name] });

/** The counts of all values as a table, path-absolute. */
export const facetsCsv = ({ collection }: Resource, values: Record<string, string[]>): string =>
  `/v1/${collection}/facets.csv${canonicalQuery(values)}`;
