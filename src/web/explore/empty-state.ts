/** Where there is nothing to show: why, and what to try. */
import { bdi, type Html, html } from '../../lib/html.ts';
import { toExploreUrl } from '../format-values.ts';
import { type Chip, removeFilters } from './filter-chips.ts';
import { type ExploreState, toHref } from './url-state.ts';

export function renderEmptyState(state: ExploreState, chips: Chip[], revision: number): Html {
  const { factType, page } = state;
  const plural = factType.title.toLowerCase();
  if (revision === 0) {
    return html`<section class="empty"><h2>Nothing has been imported yet</h2>
<p>Facts come in with the texts that carry them. Once the first is imported, its ${plural} stand here.</p></section>`;
  }
  if (page['cursor']) {
    return html`<section class="empty"><h2>Here the list ends</h2>
<p><a href="${toHref(state, state.values)}">To its first page</a></p></section>`;
  }
  if (chips.length === 0) {
    return html`<section class="empty"><h2>No ${plural} here</h2>
<p>None of the sources has any so far. That does not mean that there are none.</p>
<p><a href="${toExploreUrl('documents')}">Which sources there are</a></p></section>`;
  }
  return html`<section class="empty"><h2>No hit</h2>
<p>No hit means \u201cnot in these sources\u201d, never \u201cfalse\u201d. Perhaps there are some without one of the filters:</p>
<ul>
${chips.map(({ name, text, href }) => html`<li><a href="${href}" rel="nofollow">without ${name.toLowerCase()} ${bdi(text)}</a></li>\n`)}${
  chips.length > 1
    ? html`<li><a href="${toHref(state, removeFilters(state))}">without any filter</a></li>\n`
    : null
}</ul></section>`;
}
