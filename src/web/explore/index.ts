/** Table of a collection; its URL alone determines filters, search words, sort order and page. */

import { type Html, html } from '../../lib/html.ts';
import { getFactTypeByCollection } from '../../model/types/index.ts';
import { renderLayout } from '../layout.ts';
import type { PageRequest } from '../page-route.ts';
import { ALL_COLLECTIONS, renderCollectionNav } from './collection-nav.ts';
import { renderEmptyState } from './empty-state.ts';
import { listExportOptions, renderAlternateLinks, renderExportLinks } from './export-links.ts';
import { renderFacets } from './facets.ts';
import { type Chip, formatTitle, loadFilterChips, renderFilterChips } from './filter-chips.ts';
import { renderFilterForm } from './filter-form.ts';
import { followRenames } from './filter-references.ts';
import { type ExploreData, loadExploreData } from './load-data.ts';
import { renderSearchAll } from './search-all.ts';
import { formatCaption, renderPagination, renderTable } from './table.ts';
import { type ExploreState, parseExploreState } from './url-state.ts';

export interface Parameters {
  collection?: string;
}

const DEFAULT_COLLECTION = 'statements';

export async function renderExplorePage(request: PageRequest<Parameters>): Promise<Html> {
  const { collection = DEFAULT_COLLECTION } = request.parameters;
  if (collection === ALL_COLLECTIONS) return renderSearchAll(request as PageRequest);
  const factType = getFactTypeByCollection(collection);
  const state = await followRenames(request, parseExploreState(factType, request.values, request.snapshot));
  const data = await loadExploreData(request, state);
  if (data.total === null || data.facets === null) request.disableCaching();
  const chips = await loadFilterChips(request, state, data.facets);
  const exportOptions = listExportOptions(state, data.facets);
  const title = formatTitle(state, chips);
  return renderLayout(
    {
      title,
      description: `${title}. ${factType.summary}; each links to the exact words of the source that support it.`,
      head: renderAlternateLinks(exportOptions),
      styles: ['explore.css'],
      current: factType.hasEvidence === false ? '/explore?collection=documents' : '/explore',
      main: html`${renderCollectionNav(collection, state.values)}
<h1>${factType.title}</h1>
<p class="summary">${factType.summary}. <a href="#paste">Export URLs</a></p>
${renderFilterForm(state)}
${renderFilterChips(state, chips)}
${renderResults(state, data, chips, request.snapshot)}
${renderExportLinks(state, exportOptions, request.publicUrl)}`,
    },
    { ...request, values: { ...state.values, ...state.page, collection: [collection] } },
  );
}

function renderResults(
  state: ExploreState,
  data: ExploreData,
  chips: Chip[],
  { revision }: PageRequest['snapshot'],
): Html {
  const { facts, nextCursor, total, facets } = data;
  const facetsHtml = renderFacets(state, facets, total);
  const body =
    facts.length === 0
      ? renderEmptyState(state, chips, revision)
      : html`${renderTable(state, facts, total)}${renderPagination(state, revision, nextCursor)}`;
  return html`<div class="results${facetsHtml ? ' with-facets' : ''}">
${facetsHtml}
<section class="list" aria-label="${formatCaption(state, facts.length, total)}">
${body}
</section>
</div>`;
}
