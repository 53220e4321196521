import { bdi, type Html, html, join } from '../../lib/html.ts';
import { truncate } from '../../model/fields.ts';
import { isPlaceholder } from '../../model/redaction.ts';
import { renderFactLink, toFactUrl, toPassageUrl } from '../format-values.ts';
import type { HomeData, StatementFact } from './load-data.ts';
import { renderAttribution, renderEmpty, renderSection } from './section.ts';

/** Maximum length on a card; the rest is on the page of the statement. */
const MAX_QUOTE_LENGTH = 420;

export function renderQuotes({ statements: { items: statements, allUrl } }: HomeData): Html {
  // Placeholders of redacted words are not quotations.
  const unredacted = statements.filter(({ parts }) => !parts.some(({ exact }) => isPlaceholder(exact)));
  return renderSection({
    id: 'quotes',
    title: 'In their own words',
    body:
      unredacted.length === 0
        ? renderEmpty('No direct quotations in these sources.')
        : html`<ul class="cards">\n${unredacted.map(renderCard)}</ul>\n`,
    allLink: { url: allUrl, text: 'All quotations' },
  });
}

function renderCard(statement: StatementFact): Html {
  const { speakers, parts, evidence = [] } = statement;
  // Other documents cannot amend the parts, and their evidence follows that of the parts.
  const document = evidence[0]?.document;
  const content = parts.filter(({ role }) => role === 'content');
  const [first, last] = [content[0], content.at(-1)];
  return html`<li class="card quote">
<blockquote dir="auto">${renderQuoteText(content)}</blockquote>
<p class="speakers">${
    speakers.length > 0
      ? join(
          speakers.slice(0, 4).map((speaker) => renderFactLink(speaker, 60)),
          ', ',
        )
      : 'Speaker not named'
  }${speakers.length > 4 ? ' and others' : null}</p>
<p class="small">${document && first && last ? html`In <a href="${toPassageUrl(document.id, first.start, last.end)}">${bdi(truncate(document.label, 70))}</a>. ` : null}<a href="${toFactUrl(statement)}">About this statement<span class="visually-hidden"> ${bdi(truncate(statement.label, 60))}</span></a>${renderAttribution(statement)}</p>
</li>
`;
}

/** Renders the speaker's own words in quotation marks, and words that are only reported without. */
function renderQuoteText(content: StatementFact['parts']): Html {
  let remaining = MAX_QUOTE_LENGTH;
  const pieces: Html[] = [];
  for (const { exact, quoted } of content) {
    if (remaining < 4) break;
    const text = truncate(exact, remaining);
    remaining -= text.length;
    pieces.push(quoted ? html`<q>${text}</q>` : html`<span class="reported">${text}</span>`);
  }
  return join(pieces, ' ');
}
