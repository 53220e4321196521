/** What all pages have around what they are about. */

import { formatCanonicalQuery, type QueryValues } from '../http/query-string.ts';
import { type Html, html, join } from '../lib/html.ts';
import { truncate } from '../model/fields.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { isHistorical } from './as-of-links.ts';
import { renderTimestamp } from './format-values.ts';

export interface LayoutOptions {
  title: string;
  /** One sentence for whoever finds a link to the page. */
  description: string;
  /** What else stands in the head: where else it is to be had, data for programs. */
  head?: Html | null;
  /** Names of the page's own files in `assets/`, beside those of every page. */
  styles?: readonly string[];
  scripts?: readonly string[];
  /** The entry of the navigation that leads here. */
  current?: string;
  main: Html;
}

/** Where in time a page is, and how to come back to now. */
export interface PageContext {
  snapshot: Snapshot;
  path: string;
  values: QueryValues;
}

const NAVIGATION = [
  ['/', 'At a glance'],
  ['/explore', 'Explore'],
  ['/explore?collection=documents', 'Sources'],
  ['/docs', 'API'],
] as const;

/** A whole page; without `moment` it is not about facts. */
export function renderLayout(
  { title, description, head = null, styles = [], scripts = [], current, main }: LayoutOptions,
  context: PageContext | null,
): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
<title>${truncate(title, 200)} - Summit Facts</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
${['base.css', ...styles].map((name) => html`<link rel="stylesheet" href="/assets/${name}">\n`)}${[
  'base.js',
  ...scripts,
].map((name) => html`<script src="/assets/${name}" type="module"></script>\n`)}${head}</head>
<body>
<a class="skip-link" href="#main">Skip to the content</a>
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
<p>Every fact points at the exact words that carry it. What is not here is not in these sources; it may still be true.</p>
${context && renderRevisionFooter(context)}</footer>
</body>
</html>
`;
}

/** Says so first where the page is not of the newest revision. */
function renderAsOfBanner(context: PageContext): Html | null {
  const { snapshot, path, values } = context;
  const { revision, latestRevision, recordedAt } = snapshot;
  if (!isHistorical(snapshot)) return null;
  const { asOf: _, cursor: __, ...otherValues } = values;
  return html`<p class="notice as-of" role="note">As it was recorded at revision ${revision}, ${renderTimestamp(recordedAt ?? '')}.
<a data-latest href="${path + formatCanonicalQuery(otherValues)}">See it as it is now, at revision ${latestRevision}</a></p>
`;
}

function renderRevisionFooter({ snapshot: { revision, recordedAt }, path, values }: PageContext): Html {
  if (recordedAt === null) return html`<p>Nothing has been imported yet.</p>\n`;
  const permalink = path + formatCanonicalQuery({ ...values, asOf: [String(revision)] });
  return html`<p>Revision ${revision} of the record, ${renderTimestamp(recordedAt)}. <a href="${permalink}" rel="nofollow">A link to this page as it is now</a>,
<a href="/v1/changes.atom?cause=correction,retraction">a feed of corrections</a>, <a href="/v1/exports/summit-facts.sqlite">everything in one file</a>.</p>
`;
}
