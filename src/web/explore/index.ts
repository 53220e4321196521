/** The table of every collection: faceted, searched, sorted and paged by its URL alone. */

import { type Html, html } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import { resources } from '../../model/types/index.ts';
import { layout } from '../layout.ts';
import type { Ask, Asked } from '../page-route.ts';
import { drawCollections, EVERYTHING } from './collection-nav.ts';
import { drawEmpty } from './empty-state.ts';
import { alternateLinks, drawPasting, waysOf } from './export-links.ts';
import { drawFacets, type Facet, facetsOf, isBusy } from './facets.ts';
import { type Chip, chipsOf, drawChips, titleOf } from './filter-chips.ts';
import { drawForm } from './filter-form.ts';
import { drawEverything } from './search-all.ts';
import { captionOf, drawPaging, drawTable, type Page } from './table.ts';
import { filtersOf, type View, viewOf } from './url-state.ts';

export interface Parameters {
  collection?: string;
}

const DEFAULT_COLLECTION = 'statements';

export async function draw(asked: Asked<Parameters>): Promise<Html> {
  const { collection = DEFAULT_COLLECTION } = asked.parameters;
  if (collection === EVERYTHING) return drawEverything(asked as Asked);
  const resource = resources.find((each) => each.collection === collection) as Resource;
  const view = viewOf(resource, asked.values, asked.reading);
  const found = await find(asked.ask, view);
  if (found.total === null || found.facets === null) asked.momentary();
  const chips = await chipsOf(asked.ask, view, found.facets);
  const ways = waysOf(view, found.facets);
  const title = titleOf(view, chips);
  return layout(
    {
      title,
      description: `${title}. ${resource.summary}; each points at the exact words of the source that carry it.`,
      head: alternateLinks(ways),
      styles: ['explore.css'],
      current: resource.sourced === false ? '/explore?collection=documents' : '/explore',
      main: html`${drawCollections(collection, view.values)}
<h1>${resource.title}</h1>
<p class="summary">${resource.summary}. <a href="#paste">URLs to paste</a></p>
${drawForm(view)}
${drawChips(view, chips)}
${results(view, found, chips)}
${drawPasting(view, ways, asked.publicUrl)}`,
    },
    { ...asked, values: { ...view.values, ...view.page, collection: [collection] } },
  );
}

interface Found {
  page: Page;
  /** How many facts there are in all; null where that cannot be said now. */
  total: number | null;
  facets: Facet[] | null;
}

async function find(ask: Ask, view: View): Promise<Found> {
  const [listed, facets] = await Promise.allSettled([list(ask, view), facetsOf(ask, view)]);
  // What the list says of a parameter goes before what the counts say of it: it takes more of them.
  if (listed.status === 'rejected') throw listed.reason;
  if (facets.status === 'rejected') throw facets.reason;
  return { ...listed.value, facets: facets.value };
}

async function list(ask: Ask, view: View): Promise<Omit<Found, 'facets'>> {
  const page = await ask.json<Page>(`/v1/${view.resource.collection}`, { ...view.values, ...view.page });
  return { page, total: await totalOf(ask, view, page) };
}

/** Only where the page does not hold them all it is asked for, by itself: a list is there while its count is yet to come. */
async function totalOf(ask: Ask, view: View, { data, meta }: Page): Promise<number | null> {
  if (meta.total !== undefined) return meta.total;
  if (meta.nextCursor === null && !view.page['cursor']) return data.length;
  const counted = { ...filtersOf(view), limit: '1', count: 'true' };
  try {
    return (await ask.json<Page>(`/v1/${view.resource.collection}`, counted)).meta.total ?? null;
  } catch (error) {
    if (isBusy(error)) return null;
    throw error;
  }
}

function results(view: View, { page, total, facets }: Found, chips: Chip[]): Html {
  const aside = drawFacets(view, facets, total);
  const body =
    page.data.length === 0
      ? drawEmpty(view, chips, page.meta.revision)
      : html`${drawTable(view, page, total)}${drawPaging(view, page)}`;
  return html`<div class="results${aside ? ' with-facets' : ''}">
${aside}
<section class="list" aria-label="${captionOf(view, page.data.length, total)}">
${body}
</section>
</div>`;
}
