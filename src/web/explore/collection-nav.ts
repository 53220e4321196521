/** Links to all collections, which keep the search words. */

import type { QueryValues } from '../../http/query-string.ts';
import { type Html, html } from '../../lib/html.ts';
import { factTypes } from '../../model/types/index.ts';
import { toExploreUrl } from '../format-values.ts';

export const ALL_COLLECTIONS = 'all';

export function renderCollectionNav(current: string, { q, asOf }: QueryValues): Html {
  const query = { ...(q && { q }), ...(asOf && { asOf }) };
  const entries = [
    [ALL_COLLECTIONS, 'All collections'] as const,
    ...factTypes.map(({ collection, title }) => [collection, title] as const),
  ];
  return html`<nav class="collections" aria-label="Collections">
<ul>
${entries.map(([collection, title]) => html`<li><a href="${toExploreUrl(collection, query)}"${collection === current ? html` aria-current="page"` : null}>${title}</a></li>\n`)}</ul>
</nav>`;
}
