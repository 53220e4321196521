/** A search through all collections at once. */
import { MAX_QUERY_LENGTH } from '../../api/params/list-params.ts';
import { canonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { JSON_TYPE } from '../../http/route-definition.ts';
import { Html, html, isolated, joined } from '../../lib/html.ts';
import { shortened } from '../../model/fields.ts';
import { resources } from '../../model/types/index.ts';
import { badge, exploreUrl, factLink } from '../format-values.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page-route.ts';
import { drawCollections, EVERYTHING } from './collection-nav.ts';
import { counted } from './display-names.ts';
import { fromParameter } from './url-state.ts';

interface Hit {
  type: string;
  id: string;
  label: string;
  snippet: string;
}

interface Hits {
  data: Hit[];
  meta: { revision: number; nextCursor: string | null };
}

const LONGEST_LABEL = 160;

export async function drawEverything(asked: Asked): Promise<Html> {
  const { values, cursor } = asking(asked);
  const words = fromParameter(values['q']?.[0] ?? '');
  // Whatever else is given is for the search to refuse.
  const isAsked = Object.keys(values).some((name) => name !== 'asOf' && name !== 'limit');
  const hits = isAsked
    ? await asked.ask.json<Hits>('/v1/search', { ...values, ...(cursor && { cursor }) })
    : null;
  const url = `/v1/search${canonicalQuery(values)}`;
  const main = html`${drawCollections(EVERYTHING, values)}
<h1>${words === '' ? 'Search everything' : html`Everything with \u201c${isolated(shortened(words, 80))}\u201d`}</h1>
${form(words, values)}
${hits === null ? contents(asked, values) : drawHits(hits, values, cursor)}
${hits && pasting(asked.publicUrl + url)}`;
  return layout(
    {
      title: words === '' ? 'Search everything' : `Everything with ${shortened(words, 80)}`,
      description:
        'Facts of every kind in which all the words stand, each with the exact words of its source.',
      head: hits && html`<link rel="alternate" type="${JSON_TYPE.split(';')[0] as string}" href="${url}">\n`,
      styles: ['explore.css'],
      current: '/explore',
      main,
    },
    { ...asked, values: { ...values, ...(cursor && { cursor }), collection: [EVERYTHING] } },
  );
}

/** What is searched for; what a form sends though nothing was typed is left out. */
function asking({ values, reading }: Asked): { values: QueryValues; cursor: string[] | undefined } {
  const { collection: _, cursor, ...given } = values;
  const kept = Object.entries(given).filter(([name, [value = '']]) => {
    if (name === 'q') return value.trim() !== '';
    // A later page is of the revision of the first, though nobody asked for one.
    return !(name === 'asOf' && cursor && value === String(reading.newest));
  });
  return { values: Object.fromEntries(kept), cursor };
}

function form(words: string, { asOf, limit }: QueryValues): Html {
  const others = [
    ['asOf', asOf],
    ['limit', limit],
  ] as const;
  return html`<form class="ask" action="/explore" role="search" aria-label="Look through everything">
<input type="hidden" name="collection" value="${EVERYTHING}">
${others.map(([name, given]) => (given ? html`<input type="hidden" name="${name}" value="${given[0] as string}">\n` : null))}<p class="field wide"><label for="q">Words</label><input id="q" type="search" name="q" value="${words}" maxlength="${MAX_QUERY_LENGTH}" required></p>
<p class="field"><button>Search</button></p>
</form>`;
}

/** Where nothing is searched for yet: what there is. */
const contents = ({ reading }: Asked, { asOf }: QueryValues): Html => html`<section class="empty">
<p>${
  reading.revision === 0
    ? 'Nothing has been imported yet, so no words will be found. This is what there will be:'
    : 'Type some words to find the facts of any kind in which they all stand, or look through one collection:'
}</p>
<dl class="contents">
${resources.map(({ collection, title, summary }) => html`<div><dt><a href="${exploreUrl(collection, asOf ? { asOf } : {})}">${title}</a></dt><dd>${summary}</dd></div>\n`)}</dl>
</section>`;

function drawHits({ data, meta }: Hits, values: QueryValues, cursor: string[] | undefined): Html {
  const { q } = values;
  if (data.length === 0) {
    return html`<section class="empty"><h2>No hit</h2>
<p>No hit means \u201cnot in these sources\u201d, never \u201cfalse\u201d. A hit needs every word: fewer words find more.</p></section>`;
  }
  const next =
    meta.nextCursor &&
    exploreUrl(EVERYTHING, { ...values, asOf: [String(meta.revision)], cursor: [meta.nextCursor] });
  const facts = `${counted(data.length)} ${data.length === 1 ? 'fact' : 'facts'}`;
  return html`<p class="small">${cursor ? `${counted(data.length)} more` : next ? `The first ${facts}` : facts}${q ? html`, those with the words in the label first` : null}</p>
<ol class="hits">
${data.map(
  ({ type, id, label, snippet }) => html`<li>${badge(type)}
${factLink({ type, id, label }, LONGEST_LABEL)}
<p dir="auto">${
    // The search escapes it, and puts no tags into it but <mark>.
    new Html(snippet)
  }</p></li>
`,
)}</ol>
${
  cursor || next
    ? html`<nav class="paging" aria-label="Pages">
${joined([cursor ? html`<a href="${exploreUrl(EVERYTHING, values)}" rel="first">First page</a>` : null, next ? html`<a href="${next}" rel="next nofollow">Next page</a>` : null], '\n')}
</nav>`
    : null
}`;
}

const pasting = (
  url: string,
): Html => html`<details class="pasting"><summary><h2>Put this search into your program</h2></summary>
<div id="paste"><section class="way"><h3>JSON</h3>
<dl><dt>programs</dt><dd><div class="paste" data-what="the URL of this search"><code>${url}</code></div></dd></dl></section></div>
</details>`;
