/** What refers to a fact, by type and field. */

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

/** Of what may be ten thousands; the rest is a link away. */
const MAX_BACKLINKS = 100;

export const loadBacklinks = (api: ApiClient, path: string): Promise<Backlinks> =>
  api.json(`${path}/references`, { limit: String(MAX_BACKLINKS) });

export function renderBacklinks(fact: Fact, { data, links }: Backlinks): Html {
  const groups = Map.groupBy(data, ({ type, field }) => `${type} ${field}`);
  return html`<section aria-labelledby="references">
<h2 id="references">What refers to it</h2>
${
  data.length === 0
    ? html`<p class="none">No fact of the record does.</p>`
    : html`<div class="backlink-groups">${[...groups.values()].map((group) => renderBacklinkGroup(fact, group))}</div>`
}
${links.next ? html`<p class="small">These are the first ${data.length}. <a href="${fact.links.self}/references?limit=200">All as JSON</a></p>` : null}</section>`;
}

function renderBacklinkGroup(fact: Fact, group: Backlink[]): Html {
  const { type, field } = group[0] as Backlink;
  const exploreUrl = findExploreUrl(fact, type, field);
  return html`<div><h3>${getFactType(type).title} <span class="small">by ${humanize(field)}</span></h3>
<ul>${group.map((each) => html`<li>${renderFactLink(each)}</li>`)}</ul>
${exploreUrl ? html`<p class="small"><a href="${exploreUrl}">Explore all of these</a></p>` : null}</div>
`;
}

/** The explorer with just those facts, where the field can be filtered by. */
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
