/** What refers to a fact, by type and field. */

import type * as z from 'zod';
import { type Html, html } from '../../lib/html.ts';
import type { Fact, PageLinks } from '../../model/response-schemas.ts';
import { resourceOf } from '../../model/types/index.ts';
import { exploreUrl, factLink, words } from '../format-values.ts';
import type { Ask } from '../page-route.ts';

interface Referrer {
  type: string;
  id: string;
  label: string;
  field: string;
}

export interface Referrers {
  data: Referrer[];
  links: z.output<typeof PageLinks>;
}

/** Of what may be ten thousands; the rest is a link away. */
const MAX_REFERRERS = 100;

export const referrersOf = (ask: Ask, path: string): Promise<Referrers> =>
  ask.json(`${path}/references`, { limit: String(MAX_REFERRERS) });

export function referrers(fact: Fact, { data, links }: Referrers): Html {
  const groups = Map.groupBy(data, ({ type, field }) => `${type} ${field}`);
  return html`<section aria-labelledby="references">
<h2 id="references">What refers to it</h2>
${
  data.length === 0
    ? html`<p class="none">No fact of the record does.</p>`
    : html`<div class="groups">${[...groups.values()].map((group) => referrerGroup(fact, group))}</div>`
}
${links.next ? html`<p class="small">These are the first ${data.length}. <a href="${fact.links.self}/references?limit=200">All as JSON</a></p>` : null}</section>`;
}

function referrerGroup(fact: Fact, group: Referrer[]): Html {
  const { type, field } = group[0] as Referrer;
  const all = explored(fact, type, field);
  return html`<div><h3>${resourceOf(type).title} <span class="small">by ${words(field)}</span></h3>
<ul>${group.map((each) => html`<li>${factLink(each)}</li>`)}</ul>
${all ? html`<p class="small"><a href="${all}">Explore all of these</a></p>` : null}</div>
`;
}

/** The explorer with just those facts, where the field can be filtered by. */
function explored({ type, id }: Fact, referrer: string, path: string): string | null {
  const { collection, filterFields } = resourceOf(referrer);
  for (const [name, field] of filterFields) {
    if (field.path === path && field.kind === 'reference') {
      const value = field.types.length === 1 ? id : `${type}/${id}`;
      return exploreUrl(collection, { [name]: [value] });
    }
  }
  return null;
}
