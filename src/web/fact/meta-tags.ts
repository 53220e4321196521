/** Metadata of a fact page for programs: links to other formats, JSON-LD, and tags for link previews. */
import { buildFactAlternates } from '../../api/service/alternates.ts';
import { type Html, html, renderDataBlock } from '../../lib/html.ts';
import { getEssence } from '../../lib/media-type.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { PageRequest } from '../page-route.ts';

export function renderMetaTags(
  { publicUrl, values }: PageRequest,
  factType: FactType,
  fact: Fact,
  description: string,
  jsonLd: object | null,
): Html {
  const { links } = fact;
  const label = truncate(fact.label, 200);
  const alternates = buildFactAlternates(factType, fact.id, values, publicUrl);
  return html`<link rel="canonical" href="${publicUrl}${links.html}">
<link rel="alternate" type="application/json" href="${links.self}">
${alternates.map(
  ({ mediaType, url }) =>
    html`<link rel="alternate" type="${getEssence(mediaType)}" href="${publicUrl}${url}" title="${label}">\n`,
)}<meta property="og:site_name" content="Summit Facts">
<meta property="og:type" content="article">
<meta property="og:title" content="${label}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${publicUrl}${links.html}">
<meta name="twitter:card" content="summary">
${jsonLd && renderDataBlock('application/ld+json', jsonLd)}
`;
}
