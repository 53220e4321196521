/** The table of every collection: faceted, searched, sorted and paged by its URL alone. */

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
      description: `${title}. ${factType.summary}; each points at the exact words of the source that carry it.`,
      head: renderAlternateLinks(exportOptions),
      styles: ['explore.css'],
      current: factType.hasEvidence === false ? '/explore?collection=documents' : '/explore',
      main: html`${renderCollectionNav(collection, state.values)}
<h1>${factType.title}</h1>
<p class="summary">${factType.summary}. <a href="#paste">URLs to paste</a></p>
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
  /** How many facts there are in all; null where that cannot be said now. */
  total: number | null;
  facets: Facet[] | null;
}

async function loadExploreData(api: ApiClient, state: ExploreState): Promise<ExploreData> {
  const [pageResult, facets] = await Promise.allSettled([loadList(api, state), loadFacets(api, state)]);
  // What the list says of a parameter goes before what the counts say of it: it takes more of them.
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

/** Only where the page does not hold them all it is asked for, by itself: a list is there while its count is yet to come. */
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
