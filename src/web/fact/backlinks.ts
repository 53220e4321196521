/** References to a fact from other facts, grouped by type and field. */

import { listReferrers, type Referrer } from '../../api/service/references.ts';
import type { SnapshotReader } from '../../api/service/snapshot-reader.ts';
import { type Html, html } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import { humanize, renderFactLink, toExploreUrl } from '../format-values.ts';

export type Backlinks = Awaited<ReturnType<typeof loadBacklinks>>;

/** There may be tens of thousands of references; the page links to the rest. */
const MAX_BACKLINKS = 100;

export const loadBacklinks = (reader: SnapshotReader, factType: FactType, id: string) =>
  listReferrers(reader, factType, id, { after: null, limit: MAX_BACKLINKS });

export function renderBacklinks(fact: Fact, { data, next }: Backlinks): Html {
  const groups = Map.groupBy(data, ({ type, field }) => `${type} ${field}`);
  return html`<section aria-labelledby="references">
<h2 id="references">Referenced by</h2>
${
  data.length === 0
    ? html`<p class="none">No other fact refers to this one.</p>`
    : html`<div class="backlink-groups">${[...groups.values()].map((group) => renderBacklinkGroup(fact, group))}</div>`
}
${next ? html`<p class="small">Showing the first ${data.length}. <a href="${fact.links.self}/references?limit=200">All references as JSON</a></p>` : null}</section>`;
}

function renderBacklinkGroup(fact: Fact, group: Referrer[]): Html {
  const { type, field } = group[0] as Referrer;
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
