/** References to a fact from other facts, grouped by type and field. */

import type * as z from 'zod';
import { type Html, html } from '../../lib/html.ts';
import type { Fact, PageLinks } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import { humanize, renderFactLink, toExploreUrl } from '../format-values.ts';
import type { ApiClient } from '../page-route.ts';

interface Backlink {
  type: string;
  id: string;
  label: string;
  field: string;
}

export interface Backlinks {
  data: Backlink[];
  links: z.output<typeof PageLinks>;
}

/** There may be tens of thousands of references; the page links to the rest. */
const MAX_BACKLINKS = 100;

export const loadBacklinks = (api: ApiClient, path: string): Promise<Backlinks> =>
  api.json(`${path}/references`, { limit: String(MAX_BACKLINKS) });

export function renderBacklinks(fact: Fact, { data, links }: Backlinks): Html {
  const groups = Map.groupBy(data, ({ type, field }) => `${type} ${field}`);
  return html`<section aria-labelledby="references">
<h2 id="references">Referenced by</h2>
${
  data.length === 0
    ? html`<p class="none">No other fact refers to this one.</p>`
    : html`<div class="backlink-groups">${[...groups.values()].map((group) => renderBacklinkGroup(fact, group))}</div>`
}
${links.next ? html`<p class="small">Showing the first ${data.length}. <a href="${fact.links.self}/references?limit=200">All references as JSON</a></p>` : null}</section>`;
}

function renderBacklinkGroup(fact: Fact, group: Backlink[]): Html {
  const { type, field } = group[0] as Backlink;
  const exploreUrl = findExploreUrl(fact, type, field);
  return html`<div><h3>${getFactType(type).title} <span class="small">field: ${humanize(field)}</span></h3>
<ul>${group.map((each) => html`<li>${renderFactLink(each)}</li>`)}</ul>
${exploreUrl ? html`<p class="small"><a href="${exploreUrl}">Explore all of these</a></p>` : null}</div>
`;
}

/** Returns the URL of a table with exactly these facts, or null if the field has no filter. */
function findExploreUrl({ type, id }: Fact, referringType: string, path: string): string | null {
  const { collection, filterFields } = getFactType(referringType);
  for (const [name, field] of filterFields) {
    if (field.path === path && field.kind === 'reference') {
      const value = field.allowedTypes.length === 1 ? id : `${type}/${id}`;
      return toExploreUrl(collection, { [name]: [value] });
    }
  }
  return null;
}
