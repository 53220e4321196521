import { formatCanonicalQuery, type QueryValues } from '../http/query-string.ts';
import { type Html, html, join } from '../lib/html.ts';
import { truncate } from '../model/fields.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { isHistorical } from './as-of-links.ts';
import { renderDocument } from './document.ts';
import { renderTimestamp } from './format-values.ts';

export interface LayoutOptions {
  title: string;
  /** One sentence, for search results and link previews. */
  description: string;
  /** Additional elements of the head: links to other formats, data for programs. */
  head?: Html | null;
  /** Names of files in `assets/` that the page loads in addition to those of every page. */
  styles?: readonly string[];
  scripts?: readonly string[];
  /** URL of the navigation entry to mark as current. */
  current?: string;
  main: Html;
}

/** Revision and URL of a page, for its permalink and the link to the latest revision. */
export interface PageContext {
  snapshot: Snapshot;
  path: string;
  values: QueryValues;
}

const NAVIGATION = [
  ['/', 'Overview'],
  ['/explore', 'Explore'],
  ['/explore?collection=documents', 'Sources'],
  ['/docs', 'API'],
] as const;

/** Renders a complete document; `context` is null for pages that do not show facts, such as error pages. */
export function renderLayout(
  { title, description, head = null, styles = [], scripts = [], current, main }: LayoutOptions,
  context: PageContext | null,
): Html {
  const body = html`<a class="skip-link" href="#main">Skip to content</a>
<header class="site">
<p class="brand"><a href="/">Summit Facts</a></p>
<nav aria-label="Site">
${join(
  NAVIGATION.map(
    ([url, name]) => html`<a href="${url}"${url === current ? html` aria-current="page"` : null}>${name}</a>`,
  ),
  '\n',
)}
</nav>
<form class="site-search" role="search" action="/explore">
<input type="hidden" name="collection" value="all">
${context && isHistorical(context.snapshot) ? html`<input type="hidden" name="asOf" value="${context.snapshot.revision}">\n` : null}<label class="visually-hidden" for="site-search">Search all facts</label>
<input id="site-search" type="search" name="q" placeholder="Search all facts" maxlength="200" required>
<button>Search</button>
</form>
</header>
<main id="main" tabindex="-1">
${context && renderAsOfBanner(context)}${main}
</main>
<footer class="site">
<p>Every fact links to the exact words that support it. A fact that is missing here is missing from these sources; it may still be true.</p>
${context && renderRevisionFooter(context)}</footer>
`;
  return renderDocument({
    title: `${truncate(title, 200)} - Summit Facts`,
    description,
    styles: ['base.css', ...styles].map((name) => `/assets/${name}`),
    scripts: ['base.js', ...scripts].map((name) => `/assets/${name}`),
    head,
    body,
  });
}

/** Banner above the content of a historical page; null for the latest revision. */
function renderAsOfBanner(context: PageContext): Html | null {
  const { snapshot, path, values } = context;
  const { revision, latestRevision, recordedAt } = snapshot;
  if (!isHistorical(snapshot)) return null;
  const { asOf: _, cursor: __, ...otherValues } = values;
  return html`<p class="notice as-of" role="note">This page shows revision ${revision}, recorded ${renderTimestamp(recordedAt ?? '')}.
<a data-latest href="${path + formatCanonicalQuery(otherValues)}">View the latest revision, ${latestRevision}</a></p>
`;
}

function renderRevisionFooter({ snapshot: { revision, recordedAt }, path, values }: PageContext): Html {
  if (recordedAt === null) return html`<p>Nothing has been imported yet.</p>\n`;
  const permalink = path + formatCanonicalQuery({ ...values, asOf: [String(revision)] });
  return html`<p>Revision ${revision}, recorded ${renderTimestamp(recordedAt)}. <a href="${permalink}" rel="nofollow">Permalink to this revision</a>,
<a href="/v1/changes.atom?cause=correction,retraction">corrections feed</a>, <a href="/v1/exports/summit-facts.sqlite">download all facts</a>.</p>
`;
}
