/** The way to every other collection, with the words that are looked for. */

import type { QueryValues } from '../../http/query-string.ts';
import { type Html, html } from '../../lib/html.ts';
import { resources } from '../../model/types/index.ts';
import { exploreUrl } from '../format-values.ts';

export const EVERYTHING = 'all';

export function drawCollections(current: string, { q, asOf }: QueryValues): Html {
  const kept = { ...(q && { q }), ...(asOf && { asOf }) };
  const entries = [
    [EVERYTHING, 'Everything'] as const,
    ...resources.map(({ collection, title }) => [collection, title] as const),
  ];
  return html`<nav class="collections" aria-label="Collections">
<ul>
${entries.map(([collection, title]) => html`<li><a href="${exploreUrl(collection, kept)}"${collection === current ? html` aria-current="page"` : null}>${title}</a></li>\n`)}</ul>
</nav>`;
}
