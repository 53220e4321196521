/** A fact as a card to stand in a frame of somebody else's page: it runs no script and asks nobody else for anything. */

import { inferredIn, passage, passages, sourcesOf, wordsOf } from '../../formats/quoted-text.ts';
import { canonicalQuery } from '../../http/query-string.ts';
import { type Html, html, isolated, joined } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import { shortened } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { resources } from '../../model/types/index.ts';
import { isPast } from '../as-of-links.ts';
import { correctionsOf, standing } from '../fact-notices.ts';
import { day, words } from '../format-values.ts';
import type { Asked } from '../page-route.ts';
import { cardPage } from './layout.ts';

/** How many quotations and sources a card shows: a country is named in every report. */
const MAX_SHOWN = 3;

export const drawCard = (collection: string) => {
  const resource = resources.find((each) => each.collection === collection) as Resource;
  return async ({ ask, id, publicUrl, values, reading }: Asked): Promise<Html> => {
    const fact = await ask.json<Fact>(`/v1/${collection}/${encodeURIComponent(id)}`);
    const corrections = await correctionsOf(ask, fact, reading);
    const { asOf } = values;
    const url = publicUrl + fact.links.html + canonicalQuery(asOf ? { asOf } : {});
    const head = html`<link rel="canonical" href="${publicUrl}${fact.links.html}">\n`;
    const main = html`${standing(fact, corrections, reading, false)}${isPast(reading) ? old(reading.revision, publicUrl + fact.links.html) : null}${saidOrCarried(resource, fact)}
${below(fact, url)}`;
    return cardPage(fact.label, head, main);
  };
};

const old = (revision: number, now: string): Html =>
  html`<p class="small">As it was recorded at revision ${revision}. <a data-now href="${now}" target="_blank" rel="noopener">See it as it is now</a></p>\n`;

/** What is said and by whom; of what is no saying its label, and the words that carry it. */
function saidOrCarried(resource: Resource, fact: Fact): Html {
  const { words: found, speakers } = wordsOf(resource, fact);
  if (resource.saying) {
    return html`<h1 class="unseen" dir="auto">${shortened(fact.label, 200)}</h1>
<blockquote dir="auto"><p>${passages(found)}</p></blockquote>
${speakers.length > 0 ? html`<p class="who">${joined(speakers.map(isolated), ', ')}</p>` : null}`;
  }
  const more = found.length - MAX_SHOWN;
  return html`<h1 dir="auto">${fact.label}</h1>
${found.slice(0, MAX_SHOWN).map((each) => html`<blockquote dir="auto"><p>${passage(each)}</p></blockquote>\n`)}${
  more > 0 ? html`<p class="small">and ${more} more</p>` : null
}`;
}

function below(fact: Fact, url: string): Html {
  const inferred = inferredIn(fact);
  const sources = fact.evidence === undefined ? [] : sourcesOf(fact).slice(0, MAX_SHOWN);
  return html`${fact.accordingTo ? html`<p class="small">According to ${isolated(fact.accordingTo.label)}</p>\n` : null}${
    inferred.length > 0
      ? html`<p class="small">Inferred, not stated: ${inferred.map(words).join(', ')}</p>\n`
      : null
  }<p class="small">${sources.map(
    ({ label, publishedOn }) =>
      html`<cite>${isolated(label)}</cite>${publishedOn ? html`, ${day(publishedOn)}` : null} &middot; `,
  )}<a href="${url}" target="_blank" rel="noopener">The words in their source</a> &middot; Summit Facts</p>`;
}
