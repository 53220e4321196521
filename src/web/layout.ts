/** What all pages have around what they are about. */

import { canonicalQuery, type QueryValues } from '../http/query-string.ts';
import { type Html, html, joined } from '../lib/html.ts';
import { shortened } from '../model/fields.ts';
import type { Reading } from '../store/snapshot.ts';
import { isPast } from './as-of-links.ts';
import { instant } from './format-values.ts';

export interface Layout {
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
export interface Moment {
  reading: Reading;
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
export function layout(
  { title, description, head = null, styles = [], scripts = [], current, main }: Layout,
  moment: Moment | null,
): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
<title>${shortened(title, 200)} - Summit Facts</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
${['base.css', ...styles].map((name) => html`<link rel="stylesheet" href="/assets/${name}">\n`)}${[
  'base.js',
  ...scripts,
].map((name) => html`<script src="/assets/${name}" type="module"></script>\n`)}${head}</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="site">
<p class="brand"><a href="/">Summit Facts</a></p>
<nav aria-label="Site">
${joined(
  NAVIGATION.map(
    ([url, name]) => html`<a href="${url}"${url === current ? html` aria-current="page"` : null}>${name}</a>`,
  ),
  '\n',
)}
</nav>
<form class="find" role="search" action="/explore">
<input type="hidden" name="collection" value="all">
${moment && isPast(moment.reading) ? html`<input type="hidden" name="asOf" value="${moment.reading.revision}">\n` : null}<label class="unseen" for="find">Search all facts</label>
<input id="find" type="search" name="q" placeholder="Search all facts" maxlength="200" required>
<button>Search</button>
</form>
</header>
<main id="main" tabindex="-1">
${moment && past(moment)}${main}
</main>
<footer class="site">
<p>Every fact points at the exact words that carry it. What is not here is not in these sources; it may still be true.</p>
${moment && now(moment)}</footer>
</body>
</html>
`;
}

/** Says so first where the page is not of the newest revision. */
function past(moment: Moment): Html | null {
  const { reading, path, values } = moment;
  const { revision, newest, recordedAt } = reading;
  if (!isPast(reading)) return null;
  const { asOf: _, cursor: __, ...others } = values;
  return html`<p class="notice past" role="note">As it was recorded at revision ${revision}, ${instant(recordedAt ?? '')}.
<a data-now href="${path + canonicalQuery(others)}">See it as it is now, at revision ${newest}</a></p>
`;
}

function now({ reading: { revision, recordedAt }, path, values }: Moment): Html {
  if (recordedAt === null) return html`<p>Nothing has been imported yet.</p>\n`;
  const pinned = path + canonicalQuery({ ...values, asOf: [String(revision)] });
  return html`<p>Revision ${revision} of the record, ${instant(recordedAt)}. <a href="${pinned}" rel="nofollow">A link to this page as it is now</a>,
<a href="/v1/changes.atom?cause=correction,retraction">a feed of corrections</a>, <a href="/v1/exports/summit-facts.sqlite">everything in one file</a>.</p>
`;
}
