/** Form for search words, dates and sort order; it works without scripts. */
import { MAX_QUERY_LENGTH } from '../../api/params/search-params.ts';
import { type Html, html } from '../../lib/html.ts';
import type { FactType, Period } from '../../model/fact-type.ts';
import { parsePartialDate } from '../../model/partial-date.ts';
import { toHeading } from './display-names.ts';
import { DEFAULT_SORT, type ExploreState, fromParameter } from './url-state.ts';

/** Parameters that have form fields; the form passes on all others unchanged. */
const FORM_FIELDS = new Set(['q', 'from', 'to', 'sort', 'include', 'expand']);

export function renderFilterForm({ factType, values }: ExploreState): Html {
  const { getPeriod, collection, title, expandableField } = factType;
  const getValue = (name: string) => fromParameter(values[name]?.[0] ?? '');
  // The input takes days only, and a browser would drop a month or a year.
  const getDay = (name: string, end: keyof Period) => parsePartialDate(getValue(name))?.[end] ?? '';
  // Browsers encode commas, so each value needs a separate field.
  const others = Object.entries(values).flatMap(([name, each]) =>
    FORM_FIELDS.has(name) ? [] : each.map((value) => [name, fromParameter(value)] as const),
  );
  return html`<form class="filter-form" action="/explore" role="search" aria-label="Search ${title.toLowerCase()}">
<input type="hidden" name="collection" value="${collection}">
${others.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<p class="field wide"><label for="q">Words</label><input id="q" type="search" name="q" value="${getValue('q')}" maxlength="${MAX_QUERY_LENGTH}"></p>
${getPeriod ? html`${renderDateField('from', 'From', getDay('from', 'from'))}${renderDateField('to', 'Until', getDay('to', 'to'))}` : null}<p class="field"><label for="sort">Sort by</label><select id="sort" name="sort">
${listSortOptions(factType).map(([key, name]) => html`<option value="${key}"${key === (getValue('sort') || DEFAULT_SORT) ? html` selected` : null}>${name}</option>\n`)}</select></p>
<p class="field check"><label><input type="checkbox" name="include" value="retracted"${values['include'] ? html` checked` : null}> Include retracted facts</label></p>
${expandableField === undefined ? null : html`<p class="field check"><label><input type="checkbox" name="expand" value="members"${values['expand'] ? html` checked` : null}> A row for each member of a group</label></p>\n`}<p class="field"><button>Apply</button></p>
</form>`;
}

const renderDateField = (name: string, label: string, value: string): Html =>
  html`<p class="field"><label for="${name}">${label}</label><input id="${name}" type="date" name="${name}" value="${value}"></p>\n`;

/** Lists each sort key in ascending, then in descending order. */
const listSortOptions = ({ sortSchema }: FactType): [key: string, name: string][] =>
  sortSchema.options
    .filter((key) => !key.startsWith('-'))
    .flatMap((key): [string, string][] => [
      [key, toHeading(key)],
      [`-${key}`, `${toHeading(key)}, descending`],
    ]);
