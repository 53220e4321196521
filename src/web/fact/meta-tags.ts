/** What the page of a fact tells programs: where else it is to be had, what it is, and how it is shown when it is shared. */
import { itemAlternates } from '../../api/routes/exports.ts';
import { dataBlock, type Html, html } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import { shortened } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Asked } from '../page-route.ts';

export function headFor(
  { publicUrl, values }: Asked,
  resource: Resource,
  fact: Fact,
  description: string,
  linked: object | null,
): Html {
  const { links } = fact;
  const label = shortened(fact.label, 200);
  const alternates = itemAlternates(resource, fact.id, values, publicUrl);
  return html`<link rel="canonical" href="${publicUrl}${links.html}">
<link rel="alternate" type="application/json" href="${links.self}">
${alternates.map(
  ({ mediaType, url }) =>
    html`<link rel="alternate" type="${mediaType.split(';')[0] ?? ''}" href="${publicUrl}${url}" title="${label}">\n`,
)}<meta property="og:site_name" content="Summit Facts">
<meta property="og:type" content="article">
<meta property="og:title" content="${label}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${publicUrl}${links.html}">
<meta name="twitter:card" content="summary">
${linked && dataBlock('application/ld+json', linked)}
`;
}
