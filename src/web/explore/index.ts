/** Table of a collection; its URL alone determines filters, search words, sort order and page. */

import { type Html, html } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import { factTypes } from '../../model/types/index.ts';
import { renderLayout } from '../layout.ts';
import type { ApiClient, PageRequest } from '../page-route.ts';
import { ALL_COLLECTIONS, renderCollectionNav } from './collection-nav.ts';
import { renderEmptyState } from './empty-state.ts';
import { listExportOptions, renderAlternateLinks, renderExportLinks } from './export-links.ts';
import { type Facet, isBusy, loadFacets, renderFacets } from './facets.ts';
import { type Chip, formatTitle, loadFilterChips, renderFilterChips } from './filter-chips.ts';
import { renderFilterForm } from './filter-form.ts';
import { renderSearchAll } from './search-all.ts';
import { formatCaption, type ListPage, renderPagination, renderTable } from './table.ts';
import { type ExploreState, parseExploreState, pickFilters } from './url-state.ts';

export interface Parameters {
  collection?: string;
}

const DEFAULT_COLLECTION = 'statements';

export async function renderExplorePage(request: PageRequest<Parameters>): Promise<Html> {
  const { collection = DEFAULT_COLLECTION } = request.parameters;
  if (collection === ALL_COLLECTIONS) return renderSearchAll(request as PageRequest);
  const factType = factTypes.find((each) => each.collection === collection) as FactType;
  const state = parseExploreState(factType, request.values, request.snapshot);
  const data = await loadExploreData(request.api, state);
  if (data.total === null || data.facets === null) request.disableCaching();
  const chips = await loadFilterChips(request.api, state, data.facets);
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
${renderResults(state, data, chips)}
${renderExportLinks(state, exportOptions, request.publicUrl)}`,
    },
    { ...request, values: { ...state.values, ...state.page, collection: [collection] } },
  );
}

interface ExploreData {
  page: ListPage;
  /** Total number of facts; null if the server is too busy to count them. */
  total: number | null;
  facets: Facet[] | null;
}

async function loadExploreData(api: ApiClient, state: ExploreState): Promise<ExploreData> {
  const [pageResult, facets] = await Promise.allSettled([loadList(api, state), loadFacets(api, state)]);
  // Errors of the list take precedence over those of the counts, because the list accepts more parameters.
  if (pageResult.status === 'rejected') throw pageResult.reason;
  if (facets.status === 'rejected') throw facets.reason;
  return { ...pageResult.value, facets: facets.value };
}

async function loadList(api: ApiClient, state: ExploreState): Promise<Omit<ExploreData, 'facets'>> {
  const page = await api.json<ListPage>(`/v1/${state.factType.collection}`, {
    ...state.values,
    ...state.page,
  });
  return { page, total: await loadTotal(api, state, page) };
}

/** Requests the count separately, and only if the page lacks facts, because the list must not wait for it. */
async function loadTotal(
  api: ApiClient,
  state: ExploreState,
  { data, meta }: ListPage,
): Promise<number | null> {
  if (meta.total !== undefined) return meta.total;
  if (meta.nextCursor === null && !state.page['cursor']) return data.length;
  const query = { ...pickFilters(state), limit: '1', count: 'true' };
  try {
    return (await api.json<ListPage>(`/v1/${state.factType.collection}`, query)).meta.total ?? null;
  } catch (error) {
    if (isBusy(error)) return null;
    throw error;
  }
}

function renderResults(state: ExploreState, { page, total, facets }: ExploreData, chips: Chip[]): Html {
  const facetsHtml = renderFacets(state, facets, total);
  const body =
    page.data.length === 0
      ? renderEmptyState(state, chips, page.meta.revision)
      : html`${renderTable(state, page, total)}${renderPagination(state, page)}`;
  return html`<div class="results${facetsHtml ? ' with-facets' : ''}">
${facetsHtml}
<section class="list" aria-label="${formatCaption(state, page.data.length, total)}">
${body}
</section>
</div>`;
}
