/** How a fact is cited, embedded, and had in other formats. */
import { itemAlternates } from '../../api/routes/exports.ts';
import { cardOf } from '../../formats/quote-card.ts';
import { canonicalQuery } from '../../http/query-string.ts';
import { type Html, html } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import { shortened } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Ask, Asked } from '../page-route.ts';

export const citationOf = (ask: Ask, path: string): Promise<string> =>
  ask.text(`${path}/cite`, { style: 'text' });

const OTHER_STYLES = [
  ['bibtex', 'BibTeX'],
  ['ris', 'RIS'],
  ['csl-json', 'CSL JSON'],
] as const;

export function useOf(asked: Asked, resource: Resource, fact: Fact, citation: string): Html {
  return html`<section aria-labelledby="use">
<h2 id="use">Cite it, embed it, take it along</h2>
${cited(asked, fact, citation)}
${embedded(asked, resource, fact)}
${formats(asked, resource, fact)}
</section>`;
}

const pinned = ({ values: { asOf } }: Asked): string => canonicalQuery(asOf ? { asOf } : {});

function cited(asked: Asked, { links: { self } }: Fact, citation: string): Html {
  const { asOf } = asked.values;
  const styles = OTHER_STYLES.map(([style, name]) => {
    const query = canonicalQuery({ style: [style], ...(asOf && { asOf }) });
    return html` <a href="${self}/cite${query}">${name}</a>`;
  });
  return html`<h3>Cite</h3>
<div class="paste" data-what="the citation"><code>${citation.trim()}</code></div>
<p class="small">Also as${styles}.</p>`;
}

/** The frame, its preview, and the address that WordPress and others make a card of. */
function embedded(asked: Asked, resource: Resource, fact: Fact): Html {
  const card = `/embed${fact.links.html}${pinned(asked)}`;
  const { width, height } = cardOf(resource, fact, '', {}).size;
  const code = html`<iframe src="${asked.publicUrl}${card}" title="${shortened(fact.label, 120)}" width="${width}" height="${height}" loading="lazy" style="border:1px solid #999;max-width:100%"></iframe>`;
  return html`<h3>Embed</h3>
<div class="paste" data-what="the code of the frame"><code>${code.text}</code></div>
<p class="small">Where links become cards by oEmbed, as in WordPress and Ghost, paste the address of this page.</p>
<iframe class="preview" src="${card}" title="The card as it will look" height="${height}" loading="lazy"></iframe>`;
}

/** The fact in every format that programs take in. */
function formats(asked: Asked, resource: Resource, fact: Fact): Html {
  const alternates = itemAlternates(resource, fact.id, asked.values, asked.publicUrl);
  return html`<h3>Other formats</h3>
<ul class="formats"><li><a href="${fact.links.self}${pinned(asked)}">JSON</a></li>
${alternates.map(({ url, title }) => html`<li><a href="${url}">${title}</a></li>\n`)}</ul>`;
}
