/** Fact as a card for frames on other sites: it runs no script and loads nothing from other origins. */

import { getFact } from '../../api/service/facts.ts';
import {
  getInferredFields,
  getQuotedText,
  getSourceDocuments,
  renderQuotation,
  renderQuotations,
} from '../../formats/quoted-text.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { bdi, type Html, html, join } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactTypeByCollection } from '../../model/types/index.ts';
import { isHistorical } from '../as-of-links.ts';
import { loadCorrections, renderFactNotices } from '../fact-notices.ts';
import { humanize, renderDate } from '../format-values.ts';
import type { PageRequest } from '../page-route.ts';
import { renderEmbedLayout } from './layout.ts';

/** Maximum number of quotations, and of sources, on a card; every report may name the same country. */
const MAX_ITEMS = 3;

export const createEmbedRenderer = (collection: string) => {
  const factType = getFactTypeByCollection(collection);
  return async ({ read, id, publicUrl, values, snapshot }: PageRequest): Promise<Html> => {
    const { fact, corrections } = await read(async (reader) => {
      const fact = await getFact(reader, factType, id);
      return { fact, corrections: await loadCorrections(reader, fact) };
    });
    const { asOf } = values;
    const url = publicUrl + fact.links.html + formatCanonicalQuery(asOf ? { asOf } : {});
    const head = html`<link rel="canonical" href="${publicUrl}${fact.links.html}">\n`;
    const main = html`${renderFactNotices(fact, corrections, snapshot, false)}${isHistorical(snapshot) ? renderHistoricalNote(snapshot.revision, publicUrl + fact.links.html) : null}${renderQuotes(factType, fact)}
${renderFooter(fact, url)}`;
    return renderEmbedLayout(fact.label, head, main);
  };
};

const renderHistoricalNote = (revision: number, currentUrl: string): Html =>
  html`<p class="small">This card shows revision ${revision}. <a data-latest href="${currentUrl}" target="_blank" rel="noopener">View the latest revision</a></p>\n`;

/** Renders the words and speakers of a statement, or the label and evidence of any other fact. */
function renderQuotes(factType: FactType, fact: Fact): Html {
  const { quotations, speakers } = getQuotedText(factType, fact);
  if (factType.getStatementContent) {
    return html`<h1 class="visually-hidden" dir="auto">${truncate(fact.label, 200)}</h1>
<blockquote dir="auto"><p>${renderQuotations(quotations)}</p></blockquote>
${speakers.length > 0 ? html`<p class="speakers">${join(speakers.map(bdi), ', ')}</p>` : null}`;
  }
  const more = quotations.length - MAX_ITEMS;
  return html`<h1 dir="auto">${fact.label}</h1>
${quotations.slice(0, MAX_ITEMS).map((each) => html`<blockquote dir="auto"><p>${renderQuotation(each)}</p></blockquote>\n`)}${
  more > 0 ? html`<p class="small">and ${more} more</p>` : null
}`;
}

function renderFooter(fact: Fact, url: string): Html {
  const inferred = getInferredFields(fact);
  const sources = fact.evidence === undefined ? [] : getSourceDocuments(fact).slice(0, MAX_ITEMS);
  return html`${fact.accordingTo ? html`<p class="small">According to ${bdi(fact.accordingTo.label)}</p>\n` : null}${
    inferred.length > 0
      ? html`<p class="small">Inferred, not stated: ${inferred.map(humanize).join(', ')}</p>\n`
      : null
  }<p class="small">${sources.map(
    ({ label, publishedOn }) =>
      html`<cite>${bdi(label)}</cite>${publishedOn ? html`, ${renderDate(publishedOn)}` : null} &middot; `,
  )}<a href="${url}" target="_blank" rel="noopener">See the evidence</a> &middot; Summit Facts</p>`;
}
