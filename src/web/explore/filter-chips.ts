/** What the view is narrowed by: in words, each with the way to do without it. */

import { type Html, html, isolated } from '../../lib/html.ts';
import { keyOf } from '../../model/fact-body.ts';
import { shortened } from '../../model/fields.ts';
import type { Field } from '../../model/schema-fields.ts';
import { resourceByType, resources } from '../../model/types/index.ts';
import { dayInWords } from '../format-values.ts';
import type { Ask } from '../page-route.ts';
import { heading, valueInWords } from './display-names.ts';
import type { Facet } from './facets.ts';
import { filtersOf, fromParameter, hrefOf, type View, without, withoutValue } from './url-state.ts';

export interface Chip {
  name: string;
  text: string;
  /** The view without it. */
  href: string;
}

/** More values of one filter stand in one chip. */
const MOST = 8;
const LONGEST = 80;

const NAMES: Record<string, string> = { q: 'Words', from: 'From', to: 'Until', ids: 'Id', include: 'With' };

/** What is typed first, as the form has it; then what is chosen. */
const FIRST = ['q', 'from', 'to'];
const placeOf = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

export async function chipsOf(ask: Ask, view: View, facets: Facet[] | null): Promise<Chip[]> {
  const { values, resource } = view;
  const filters = Object.entries(filtersOf(view)).sort(([a], [b]) => placeOf(a) - placeOf(b));
  const labels = await labelsOf(ask, view, facets);
  return filters.flatMap(([name, given]): Chip[] => {
    const title = NAMES[name] ?? heading(name);
    const field = resource.filterFields.get(name);
    if (given.length > MOST) {
      const text = `any of ${given.length}`;
      return [{ name: title, text, href: hrefOf(view, without(values, [name])) }];
    }
    return given.map((value) => ({
      name: title,
      text: shortened(inWords(name, field, fromParameter(value), labels), LONGEST),
      href: hrefOf(view, withoutValue(values, name, value)),
    }));
  });
}

function inWords(name: string, field: Field | undefined, value: string, labels: Map<string, string>): string {
  if (field) return valueInWords(field, value, labels.get(`${name}=${value}`) ?? value);
  return name === 'from' || name === 'to' ? dayInWords(value) : value;
}

/** The labels of the facts that filters name, by `parameter=value`: as the facets have them, or looked up. */
async function labelsOf(ask: Ask, view: View, facets: Facet[] | null): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  const wanted: { name: string; value: string; type: string; id: string }[] = [];
  for (const [name, given] of Object.entries(filtersOf(view))) {
    const field = view.resource.filterFields.get(name);
    if (field?.kind !== 'reference' || given.length > MOST) continue;
    const counted = facets?.find((facet) => facet.field === name)?.values ?? [];
    for (const value of given) {
      const known = counted.find((each) => each.value === value);
      if (known) labels.set(`${name}=${value}`, known.label);
      else if (value !== 'none')
        wanted.push(...candidates(field, value).map((each) => ({ name, value, ...each })));
    }
  }
  const found = await lookedUp(ask, wanted);
  for (const { name, value, ...reference } of wanted) {
    const label = found.get(keyOf(reference));
    if (label !== undefined) labels.set(`${name}=${value}`, label);
  }
  return labels;
}

/** What an id may mean: alone, a fact of any type that the field refers to. */
function candidates(field: Field, value: string): { type: string; id: string }[] {
  const [first = '', second] = value.split('/');
  if (second !== undefined) return [{ type: first, id: second }];
  const types = field.types.length > 0 ? field.types : [...resourceByType.keys()];
  return types.map((type) => ({ type, id: first }));
}

/** The labels of facts by `type/id`, one request a type. */
async function lookedUp(ask: Ask, wanted: { type: string; id: string }[]): Promise<Map<string, string>> {
  const asked = resources.filter(({ type }) => wanted.some((each) => each.type === type));
  const pages = await Promise.all(
    asked.map(({ type, collection }) => {
      const ids = [...new Set(wanted.filter((each) => each.type === type).map(({ id }) => id))];
      const values = { ids, include: 'retracted', limit: '200' };
      return ask.json<{ data: { type: string; id: string; label: string }[] }>(`/v1/${collection}`, values);
    }),
  );
  return new Map(pages.flatMap(({ data }) => data).map((fact) => [keyOf(fact), fact.label]));
}

export function drawChips(view: View, chips: Chip[]): Html | null {
  if (chips.length === 0) return null;
  const all = hrefOf(view, withoutFilters(view));
  return html`<section class="chips" aria-label="Filters in use">
<ul>
${chips.map(({ name, text, href }) => html`<li><a href="${href}" rel="nofollow"><span class="unseen">Remove </span><span class="key">${name}</span> ${isolated(text)}<span class="cross" aria-hidden="true"></span></a></li>\n`)}${
  chips.length > 1 ? html`<li><a class="all" href="${all}">Remove all</a></li>\n` : null
}</ul>
</section>`;
}

export const withoutFilters = (view: View) => without(view.values, Object.keys(filtersOf(view)));

/** `Events: status scheduled, words summit` */
export const titleOf = ({ resource }: View, chips: Chip[]): string =>
  chips.length === 0
    ? resource.title
    : `${resource.title}: ${shortened(chips.map(({ name, text }) => `${name.toLowerCase()} ${text}`).join(', '), 120)}`;
