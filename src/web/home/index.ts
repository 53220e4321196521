import { bdi, type Html, html } from '../../lib/html.ts';
import { pluralize } from '../../lib/numbers.ts';
import { truncate } from '../../model/fields.ts';
import { renderLayout } from '../layout.ts';
import type { PageRequest } from '../page-route.ts';
import { renderCorrections } from './corrections.ts';
import { renderLinkedData } from './linked-data.ts';
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
  'Events, plans, statements and decisions around political summits: facts, each with the exact words of the source that support it.';

export async function renderHomePage(request: PageRequest<Parameters>): Promise<Html> {
  const { document } = request.parameters;
  const data = await loadHomeData(request, document);
  const main = html`<div class="masthead">
<h1>The summit at a glance</h1>
<p class="intro">Events, plans, statements and decisions, as the sources report them. Every entry links to the words that support it.</p>
</div>
${document === undefined ? null : renderFilterNotice(data, document)}${renderEmptyPage(data, request) ?? renderSections(data, document)}`;
  return renderLayout(
    {
      title: 'Overview',
      description: DESCRIPTION,
      head: renderLinkedData(data, request, DESCRIPTION),
      styles: ['home.css'],
      current: '/',
      main,
    },
    request,
  );
}

/** Replaces the sections if there is nothing to show; null otherwise. */
function renderEmptyPage(
  { documents }: HomeData,
  { snapshot, parameters }: PageRequest<Parameters>,
): Html | null {
  if (snapshot.revision === 0) {
    return html`<p class="empty">Nothing has been imported yet, so there are no sources and no facts.
<a href="/docs">Import a text and its facts through the API</a></p>`;
  }
  return documents.items.length === 0 && parameters.document !== undefined ? html`` : null;
}

/** Names the document that the page is filtered by, or says that it was not found. */
function renderFilterNotice({ documents }: HomeData, document: string): Html {
  const [source] = documents.items;
  const message = source
    ? html`Showing only facts from <a href="/documents/${source.id}">${bdi(truncate(source.title, 120))}</a>.`
    : html`Source <code>${document}</code> not found.`;
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

/** Table of contents with the number of entries in each section. */
function renderContents({ events, deployments, rounds, stances, statements, corrections }: HomeData): Html {
  const entries: [id: string, list: ListResult<unknown>, singular: string, plural: string][] = [
    ['timeline', events, 'event', 'events'],
    ['deployments', deployments, 'deployment', 'deployments'],
    ['sanctions', rounds, 'sanctions round', 'sanctions rounds'],
    ['stances', stances, 'stance', 'stances'],
    ['quotes', statements, 'quotation', 'quotations'],
    ['corrections', corrections, 'correction', 'corrections'],
  ];
  return html`<nav class="contents" aria-label="On this page">
<ul>
${entries.map(
  ([id, list, singular, plural]) =>
    html`<li><a href="#${id}"><b>${formatListCount(list)}</b> ${list.hasMore ? plural : pluralize(list.items.length, singular, plural)}</a></li>\n`,
)}</ul>
</nav>
`;
}

/** Exact counts of large collections are slow, and readers do not need to tell 61 from 62. */
const formatListCount = ({ items, hasMore }: ListResult<unknown>): string =>
  `${hasMore ? 'more than ' : ''}${items.length}`;
