/** Search across all collections. */
import {
  MAX_QUERY_LENGTH,
  parseSearchWords,
  SearchPositionSchema,
  SearchQuery,
} from '../../api/params/search-params.ts';
import { decodeSiteCursor, encodeSiteCursor } from '../../api/respond/cursor.ts';
import { type SearchHit, searchFacts } from '../../api/service/search.ts';
import { parseParams } from '../../http/params.ts';
import { formatCanonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { JSON_MEDIA_TYPE, lazy, withAsOf } from '../../http/route-definition.ts';
import { bdi, Html, html, join } from '../../lib/html.ts';
import { getEssence } from '../../lib/media-type.ts';
import { formatCount, formatNumber } from '../../lib/numbers.ts';
import { truncate } from '../../model/fields.ts';
import { factTypes } from '../../model/types/index.ts';
import { renderFactLink, renderTypeBadge, toExploreUrl } from '../format-values.ts';
import { renderLayout } from '../layout.ts';
import type { PageRequest } from '../page-route.ts';
import { ALL_COLLECTIONS, renderCollectionNav } from './collection-nav.ts';
import { fromParameter } from './url-state.ts';

const MAX_LABEL_LENGTH = 160;

export async function renderSearchAll(request: PageRequest): Promise<Html> {
  const { values, cursor } = parseSearch(request);
  const searchText = fromParameter(values['q']?.[0] ?? '');
  // Any other parameter is passed to the search, which rejects it.
  const hasSearch = Object.keys(values).some((name) => name !== 'asOf' && name !== 'limit');
  const hits = hasSearch ? await loadHits(request, values, cursor) : null;
  const url = `/v1/search${formatCanonicalQuery(values)}`;
  const main = html`${renderCollectionNav(ALL_COLLECTIONS, values)}
<h1>${searchText === '' ? 'Search all collections' : html`Results for \u201c${bdi(truncate(searchText, 80))}\u201d`}</h1>
${renderSearchForm(searchText, values)}
${hits === null ? renderCollectionList(request, values) : renderHits(request, hits, values, cursor)}
${hits && renderExportLink(request.publicUrl + url)}`;
  return renderLayout(
    {
      title: searchText === '' ? 'Search all collections' : `Results for ${truncate(searchText, 80)}`,
      description: 'Facts of all types that match all search words, each with the exact words of its source.',
      head: hits && html`<link rel="alternate" type="${getEssence(JSON_MEDIA_TYPE)}" href="${url}">\n`,
      styles: ['explore.css'],
      current: '/explore',
      main,
    },
    { ...request, values: { ...values, ...(cursor && { cursor }), collection: [ALL_COLLECTIONS] } },
  );
}

interface Hits {
  hits: SearchHit[];
  /** Cursor of the next page; null on the last page. */
  nextCursor: string | null;
}

/** Parses the parameters as the search of the API does, so that both reject the same ones. */
async function loadHits(
  request: PageRequest,
  values: QueryValues,
  cursor: string[] | undefined,
): Promise<Hits> {
  const parameters = parseParams(getSearchSchema(), { ...values, ...(cursor && { cursor }) });
  const words = parseSearchWords(parameters.q, request.synonyms);
  const list = { path: '/v1/search', values, revision: request.snapshot.revision };
  const after =
    parameters.cursor === undefined ? null : decodeSiteCursor(parameters.cursor, list, SearchPositionSchema);
  const [page] = await request.run(
    searchFacts({ words, types: parameters.type ?? null, after, limit: parameters.limit }),
  );
  return { hits: page.data, nextCursor: page.next && encodeSiteCursor(page.next, list) };
}

const getSearchSchema = lazy(() => withAsOf(SearchQuery()));

/** Returns the parameters of the search, without empty fields of the form. */
function parseSearch({ values, snapshot }: PageRequest): {
  values: QueryValues;
  cursor: string[] | undefined;
} {
  const { collection: _, cursor, ...parameters } = values;
  const entries = Object.entries(parameters).filter(([name, [value = '']]) => {
    if (name === 'q') return value.trim() !== '';
    // The link to a later page has `asOf`, although the reader did not select a revision.
    return !(name === 'asOf' && cursor && value === String(snapshot.latestRevision));
  });
  return { values: Object.fromEntries(entries), cursor };
}

function renderSearchForm(searchText: string, { asOf, limit, type }: QueryValues): Html {
  const others = [
    ['type', type && [type.join(',')]],
    ['asOf', asOf],
    ['limit', limit],
  ] as const;
  return html`<form class="filter-form" action="/explore" role="search" aria-label="Search all collections">
<input type="hidden" name="collection" value="${ALL_COLLECTIONS}">
${others.map(([name, values]) => (values ? html`<input type="hidden" name="${name}" value="${values[0] as string}">\n` : null))}<p class="field wide"><label for="q">Words</label><input id="q" type="search" name="q" value="${searchText}" maxlength="${MAX_QUERY_LENGTH}" required></p>
<p class="field"><button>Search</button></p>
</form>`;
}

/** Lists the collections before the first search. */
const renderCollectionList = (
  { snapshot }: PageRequest,
  { asOf }: QueryValues,
): Html => html`<section class="empty">
<p>${
  snapshot.revision === 0
    ? 'Nothing has been imported yet, so a search finds nothing. These are the collections:'
    : 'Enter words to find facts of all types that match all of them, or browse a collection:'
}</p>
<dl class="contents">
${factTypes.map(({ collection, title, summary }) => html`<div><dt><a href="${toExploreUrl(collection, asOf ? { asOf } : {})}">${title}</a></dt><dd>${summary}</dd></div>\n`)}</dl>
</section>`;

function renderHits(
  { snapshot }: PageRequest,
  { hits, nextCursor }: Hits,
  values: QueryValues,
  cursor: string[] | undefined,
): Html {
  const { q } = values;
  if (hits.length === 0) {
    return html`<section class="empty"><h2>No matching facts</h2>
<p>No match means \u201cnot in these sources\u201d, never \u201cfalse\u201d. A fact must match every word, so try fewer words.</p></section>`;
  }
  const next =
    nextCursor &&
    toExploreUrl(ALL_COLLECTIONS, { ...values, asOf: [String(snapshot.revision)], cursor: [nextCursor] });
  const factCount = formatCount(hits.length, 'fact');
  return html`<p class="small">${cursor ? `${formatNumber(hits.length)} more` : next ? `The first ${factCount}` : factCount}${q ? html`, matches in the label first` : null}</p>
<ol class="hits">
${hits.map(
  ({ type, id, label, snippet }) => html`<li>${renderTypeBadge(type)}
${renderFactLink({ type, id, label }, MAX_LABEL_LENGTH)}
<p dir="auto">${
    // The search escapes the snippet, and adds no tags other than <mark>.
    new Html(snippet)
  }</p></li>
`,
)}</ol>
${
  cursor || next
    ? html`<nav class="pagination" aria-label="Pages">
${join([cursor ? html`<a href="${toExploreUrl(ALL_COLLECTIONS, values)}" rel="first">First page</a>` : null, next ? html`<a href="${next}" rel="next nofollow">Next page</a>` : null], '\n')}
</nav>`
    : null
}`;
}

const renderExportLink = (
  url: string,
): Html => html`<details class="export-links"><summary><h2>Use this search through the API</h2></summary>
<div id="paste"><section class="export-option"><h3>JSON</h3>
<dl><dt>API clients</dt><dd><div class="copyable" data-copy-label="the URL of this search"><code>${url}</code></div></dd></dl></section></div>
</details>`;
