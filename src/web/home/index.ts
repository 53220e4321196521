/** The front page: the summit at a glance. */

import { bdi, type Html, html } from '../../lib/html.ts';
import { truncate } from '../../model/fields.ts';
import { renderLayout } from '../layout.ts';
import type { PageRequest } from '../page-route.ts';
import { renderCorrections } from './corrections.ts';
import { type HomeData, type ListResult, loadHomeData } from './load-data.ts';
import { renderMap } from './map.ts';
import { renderQuotes } from './quotes.ts';
import { renderSanctionsRounds } from './sanctions-rounds.ts';
import { renderSources } from './sources.ts';
import { renderStanceMatrix } from './stance-matrix.ts';
import { renderTimeline } from './timeline.ts';

export interface Parameters {
  document?: string;
}

const DESCRIPTION =
  'What was held, planned, said and decided around political summits: facts, each with the exact words of the source that carry it.';

export async function renderHomePage(request: PageRequest<Parameters>): Promise<Html> {
  const { document } = request.parameters;
  const data = await loadHomeData(request.api, document);
  const main = html`<div class="masthead">
<h1>The summit at a glance</h1>
<p class="intro">What was held, planned, said and decided, as the sources tell it. Every entry leads to the words that carry it.</p>
</div>
${document === undefined ? null : renderFilterNotice(data, document)}${renderEmptyPage(data, request) ?? renderSections(data, document)}`;
  return renderLayout(
    { title: 'At a glance', description: DESCRIPTION, styles: ['home.css'], current: '/', main },
    request,
  );
}

/** What stands instead of all else where there is nothing to show. */
function renderEmptyPage(
  { documents }: HomeData,
  { snapshot, parameters }: PageRequest<Parameters>,
): Html | null {
  if (snapshot.revision === 0) {
    return html`<p class="empty">Nothing has been imported yet: there is no source text here, and so there are no facts.
<a href="/docs">How the API takes in a text with its facts</a></p>`;
  }
  return documents.items.length === 0 && parameters.document !== undefined ? html`` : null;
}

/** Says of which document the page is; one that nobody has is told, not hidden. */
function renderFilterNotice({ documents }: HomeData, document: string): Html {
  const [source] = documents.items;
  const message = source
    ? html`Only what <a href="/documents/${source.id}">${bdi(truncate(source.title, 120))}</a> says.`
    : html`There is no source by the id <code>${document}</code> here.`;
  return html`<p class="notice filter-notice" role="note">${message} <a href="/">Show all sources</a></p>
`;
}

const renderSections = (
  data: HomeData,
  document: string | undefined,
): Html => html`<div class="two-columns sources-columns">
${renderSources(data, document)}${renderContents(data)}</div>
${renderTimeline(data)}<div class="two-columns">
${renderMap(data)}${renderSanctionsRounds(data)}</div>
${renderStanceMatrix(data)}<div class="two-columns quotes-columns">
${renderQuotes(data)}${renderCorrections(data)}</div>
`;

/** How much there is of what, and the way to it. */
function renderContents({ events, deployments, rounds, stances, statements, corrections }: HomeData): Html {
  const entries: [id: string, list: ListResult<unknown>, singular: string, plural: string][] = [
    ['timeline', events, 'event', 'events'],
    ['deployments', deployments, 'deployment', 'deployments'],
    ['sanctions', rounds, 'round of sanctions', 'rounds of sanctions'],
    ['stances', stances, 'stance', 'stances'],
    ['quotes', statements, 'quotation', 'quotations'],
    ['corrections', corrections, 'correction', 'corrections'],
  ];
  return html`<nav class="contents" aria-label="On this page">
<ul>
${entries.map(
  ([id, list, singular, plural]) =>
    html`<li><a href="#${id}"><b>${formatListCount(list)}</b> ${formatListCount(list) === '1' ? singular : plural}</a></li>\n`,
)}</ul>
</nav>
`;
}

/** Counting a large archive takes long, and nobody wants to know whether it is 61 or 62. */
const formatListCount = ({ items, hasMore }: ListResult<unknown>): string =>
  `${hasMore ? 'over ' : ''}${items.length}`;
