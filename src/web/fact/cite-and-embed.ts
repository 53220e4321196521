/** Section of a page with the citation, the embed code and the downloads of a fact. */
import { buildFactAlternates } from '../../api/service/alternates.ts';
import { renderCard } from '../../formats/quote-card.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { type Html, html } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { PageRequest } from '../page-route.ts';

const OTHER_STYLES = [
  ['bibtex', 'BibTeX'],
  ['ris', 'RIS'],
  ['csl-json', 'CSL JSON'],
] as const;

export function renderCiteAndEmbed(
  request: PageRequest,
  factType: FactType,
  fact: Fact,
  citation: string,
): Html {
  return html`<section aria-labelledby="use">
<h2 id="use">Cite, embed, download</h2>
${renderCitation(request, fact, citation)}
${renderEmbed(request, factType, fact)}
${renderFormats(request, factType, fact)}
</section>`;
}

const toAsOfQuery = ({ values: { asOf } }: PageRequest): string => formatCanonicalQuery(asOf ? { asOf } : {});

function renderCitation(request: PageRequest, { links: { self } }: Fact, citation: string): Html {
  const { asOf } = request.values;
  const styles = OTHER_STYLES.map(([style, name]) => {
    const query = formatCanonicalQuery({ style: [style], ...(asOf && { asOf }) });
    return html` <a href="${self}/cite${query}">${name}</a>`;
  });
  return html`<h3>Cite</h3>
<div class="copyable" data-copy-label="the citation"><code>${citation.trim()}</code></div>
<p class="small">Also available as${styles}.</p>`;
}

/** Renders the embed code with a preview, and a hint for editors that turn links into cards. */
function renderEmbed(request: PageRequest, factType: FactType, fact: Fact): Html {
  const embedUrl = `/embed${fact.links.html}${toAsOfQuery(request)}`;
  const { width, height } = renderCard(factType, fact, '', {}).size;
  const code = html`<iframe src="${request.publicUrl}${embedUrl}" title="${truncate(fact.label, 120)}" width="${width}" height="${height}" loading="lazy" style="border:1px solid #999;max-width:100%"></iframe>`;
  return html`<h3>Embed</h3>
<div class="copyable" data-copy-label="the embed code"><code>${code.text}</code></div>
<p class="small">In editors that support oEmbed, such as WordPress and Ghost, paste the URL of this page instead.</p>
<iframe class="preview" src="${embedUrl}" title="Preview of the card" height="${height}" loading="lazy"></iframe>`;
}

function renderFormats(request: PageRequest, factType: FactType, fact: Fact): Html {
  const alternates = buildFactAlternates(factType, fact.id, request.values, request.publicUrl);
  return html`<h3>Download</h3>
<ul class="formats"><li><a href="${fact.links.self}${toAsOfQuery(request)}">JSON</a></li>
${alternates.map(({ url, title }) => html`<li><a href="${url}">${title}</a></li>\n`)}</ul>`;
}
