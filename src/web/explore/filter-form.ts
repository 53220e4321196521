/** What is typed rather than chosen: a form that works without scripts. */
import { MAX_QUERY_LENGTH } from '../../api/params/list-params.ts';
import { type Html, html } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import { heading } from './display-names.ts';
import { DEFAULT_SORT, fromParameter, type View } from './url-state.ts';

/** What it has fields for; all else it keeps as it is. */
const TYPED = new Set(['q', 'from', 'to', 'sort', 'include']);

export function drawForm({ resource, values }: View): Html {
  const { period, collection, title } = resource;
  const given = (name: string) => fromParameter(values[name]?.[0] ?? '');
  // A browser encodes commas, so each value is a field of its own.
  const others = Object.entries(values).flatMap(([name, each]) =>
    TYPED.has(name) ? [] : each.map((value) => [name, fromParameter(value)] as const),
  );
  return html`<form class="ask" action="/explore" role="search" aria-label="Look through ${title.toLowerCase()}">
<input type="hidden" name="collection" value="${collection}">
${others.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<p class="field wide"><label for="q">Words</label><input id="q" type="search" name="q" value="${given('q')}" maxlength="${MAX_QUERY_LENGTH}"></p>
${period ? html`${dayField('from', 'From', given('from'))}${dayField('to', 'Until', given('to'))}` : null}<p class="field"><label for="sort">Sort by</label><select id="sort" name="sort">
${sortsOf(resource).map(([key, name]) => html`<option value="${key}"${key === (given('sort') || DEFAULT_SORT) ? html` selected` : null}>${name}</option>\n`)}</select></p>
<p class="field check"><label><input type="checkbox" name="include" value="retracted"${values['include'] ? html` checked` : null}> With what was withdrawn</label></p>
<p class="field"><button>Show</button></p>
</form>`;
}

const dayField = (name: string, label: string, value: string): Html =>
  html`<p class="field"><label for="${name}">${label}</label><input id="${name}" type="date" name="${name}" value="${value}"></p>\n`;

/** Every sort upwards and, after it, downwards. */
const sortsOf = ({ sort }: Resource): [key: string, name: string][] =>
  sort.options
    .filter((key) => !key.startsWith('-'))
    .flatMap((key): [string, string][] => [
      [key, heading(key)],
      [`-${key}`, `${heading(key)}, descending`],
    ]);
