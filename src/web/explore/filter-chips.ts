/** Active filters in words, each with a link that removes it. */

import { listCandidateRefs } from '../../api/params/reference-values.ts';
import type { Facet } from '../../api/service/facets.ts';
import { getLabels } from '../../api/service/facts.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import { refKey } from '../../model/fact-body.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Field } from '../../model/schema-fields.ts';
import { formatPartialDate, humanize } from '../format-values.ts';
import type { PageRequest } from '../page-route.ts';
import { formatFilterValue, toHeading } from './display-names.ts';
import { splitExclusion } from './filter-references.ts';
import {
  type ExploreState,
  fromParameter,
  omitParameters,
  pickFilters,
  removeValue,
  toHref,
} from './url-state.ts';

export interface Chip {
  name: string;
  text: string;
  /** URL of the view without this filter. */
  href: string;
}

/** More values of one filter share a chip. */
const MAX_SEPARATE_VALUES = 8;
const MAX_TEXT_LENGTH = 80;

const FILTER_NAMES: Record<string, string> = {
  q: 'Words',
  from: 'From',
  to: 'Until',
  on: 'On',
  ids: 'ID',
  exclude: 'Without',
  include: 'With',
};

const DATE_FILTERS = new Set(['from', 'to', 'on']);

/** Filters of the form come first, in its order; those of the facets follow. */
const LEADING_FILTERS = ['q', 'from', 'to'];
const getFilterRank = (name: string): number =>
  LEADING_FILTERS.includes(name) ? LEADING_FILTERS.indexOf(name) : LEADING_FILTERS.length;

export async function loadFilterChips(
  request: PageRequest<unknown>,
  state: ExploreState,
  facets: Facet[] | null,
): Promise<Chip[]> {
  const { values, factType } = state;
  const filters = Object.entries(pickFilters(state)).sort(([a], [b]) => getFilterRank(a) - getFilterRank(b));
  const labels = await loadLabels(request, state, facets);
  return filters.flatMap(([name, filterValues]): Chip[] => {
    const title = FILTER_NAMES[name] ?? toHeading(name);
    const field = factType.filterFields.get(name);
    if (filterValues.length > MAX_SEPARATE_VALUES) {
      const text = `any of ${filterValues.length}`;
      return [{ name: title, text, href: toHref(state, omitParameters(values, [name])) }];
    }
    return filterValues.map((value) => ({
      name: title,
      text: truncate(
        name === 'exclude'
          ? formatExclusion(factType, fromParameter(value), labels)
          : formatFilter(name, field, fromParameter(value), labels),
        MAX_TEXT_LENGTH,
      ),
      href: toHref(state, removeValue(values, name, value)),
    }));
  });
}

function formatFilter(
  name: string,
  field: Field | undefined,
  value: string,
  labels: Map<string, string>,
): string {
  if (field) return formatFilterValue(field, value, labels.get(`${name}=${value}`) ?? value);
  return DATE_FILTERS.has(name) ? formatPartialDate(value) : value;
}

/** `mode:direct` → `mode direct` */
function formatExclusion({ filterFields }: FactType, entry: string, labels: Map<string, string>): string {
  const [name, value] = splitExclusion(entry);
  return `${humanize(name)} ${formatFilter(name, filterFields.get(name), value, labels)}`;
}

/** Loads the labels of referenced facts by `parameter=value`, from the facets if they have them. */
async function loadLabels(
  { read }: PageRequest<unknown>,
  state: ExploreState,
  facets: Facet[] | null,
): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  const unresolved: { name: string; value: string; type: string; id: string }[] = [];
  const separateValues = Object.entries(pickFilters(state))
    .filter(([, filterValues]) => filterValues.length <= MAX_SEPARATE_VALUES)
    .flatMap(([name, filterValues]) =>
      filterValues.map((value) => (name === 'exclude' ? splitExclusion(value) : ([name, value] as const))),
    );
  for (const [name, value] of separateValues) {
    const field = state.factType.filterFields.get(name);
    if (field?.kind !== 'reference') continue;
    const facetValues = facets?.find((facet) => facet.field === name)?.values ?? [];
    const facetValue = facetValues.find((each) => each.value === value);
    if (facetValue) labels.set(`${name}=${value}`, facetValue.label);
    else if (value !== 'none')
      unresolved.push(
        ...listCandidateRefs(field.allowedTypes, value).map((each) => ({ name, value, ...each })),
      );
  }
  if (unresolved.length === 0) return labels;
  const labelsByRef = await read((reader) => getLabels(reader, unresolved));
  for (const { name, value, ...reference } of unresolved) {
    const label = labelsByRef.get(refKey(reference));
    if (label !== undefined) labels.set(`${name}=${value}`, label);
  }
  return labels;
}

export function renderFilterChips(state: ExploreState, chips: Chip[]): Html | null {
  if (chips.length === 0) return null;
  const removeAllUrl = toHref(state, removeFilters(state));
  return html`<section class="chips" aria-label="Active filters">
<ul>
${chips.map(({ name, text, href }) => html`<li><a href="${href}" rel="nofollow"><span class="visually-hidden">Remove </span><span class="key">${name}</span> ${bdi(text)}<span class="remove-icon" aria-hidden="true"></span></a></li>\n`)}${
  chips.length > 1 ? html`<li><a class="remove-all" href="${removeAllUrl}">Remove all</a></li>\n` : null
}</ul>
</section>`;
}

export const removeFilters = (state: ExploreState) =>
  omitParameters(state.values, Object.keys(pickFilters(state)));

/** `Events: status scheduled, words summit` */
export const formatTitle = ({ factType }: ExploreState, chips: Chip[]): string =>
  chips.length === 0
    ? factType.title
    : `${factType.title}: ${truncate(chips.map(({ name, text }) => `${name.toLowerCase()} ${text}`).join(', '), 120)}`;
