/** Message in place of an empty table: the reason, and suggestions. */
import { bdi, type Html, html } from '../../lib/html.ts';
import { toExploreUrl } from '../format-values.ts';
import { type Chip, removeFilters } from './filter-chips.ts';
import { type ExploreState, toHref } from './url-state.ts';

export function renderEmptyState(state: ExploreState, chips: Chip[], revision: number): Html {
  const { factType, page } = state;
  const plural = factType.title.toLowerCase();
  if (revision === 0) {
    return html`<section class="empty"><h2>Nothing has been imported yet</h2>
<p>Facts are imported together with their source texts. The ${plural} of imported texts will appear here.</p></section>`;
  }
  if (page['cursor']) {
    return html`<section class="empty"><h2>End of the list</h2>
<p><a href="${toHref(state, state.values)}">Go to the first page</a></p></section>`;
  }
  if (chips.length === 0) {
    return html`<section class="empty"><h2>No ${plural} yet</h2>
<p>The sources imported so far contain none. That does not mean that there are none.</p>
<p><a href="${toExploreUrl('documents')}">See all sources</a></p></section>`;
  }
  return html`<section class="empty"><h2>No matching facts</h2>
<p>No match means \u201cnot in these sources\u201d, never \u201cfalse\u201d. Try removing a filter:</p>
<ul>
${chips.map(({ name, text, href }) => html`<li><a href="${href}" rel="nofollow">without ${name.toLowerCase()} ${bdi(text)}</a></li>\n`)}${
  chips.length > 1
    ? html`<li><a href="${toHref(state, removeFilters(state))}">without any filter</a></li>\n`
    : null
}</ul></section>`;
}
