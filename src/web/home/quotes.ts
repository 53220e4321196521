/** What was said in so many words. */

import { type Html, html, isolated, joined } from '../../lib/html.ts';
import { shortened } from '../../model/fields.ts';
import { isPlaceholder } from '../../model/redaction.ts';
import { factLink, pageOf, passageLink } from '../format-values.ts';
import type { Front, StatementFact } from './load-data.ts';
import { accordingTo, empty, part } from './section.ts';

/** A card holds so many letters; the rest is on the page of the statement. */
const MAX_LETTERS = 420;

export function quotes({ statements: { facts: found, all } }: Front): Html {
  // What was taken out of the record is nobody's own words.
  const facts = found.filter(({ parts }) => !parts.some(({ exact }) => isPlaceholder(exact)));
  return part({
    id: 'quotes',
    title: 'In their own words',
    body:
      facts.length === 0
        ? empty('Nobody is quoted word for word in these sources.')
        : html`<ul class="cards">\n${facts.map(card)}</ul>\n`,
    all: { url: all, words: 'All quotations' },
  });
}

function card(statement: StatementFact): Html {
  const { speakers, parts, evidence = [] } = statement;
  const document = evidence[0]?.document;
  const content = parts.filter(({ role }) => role === 'content');
  const [first, last] = [content[0], content.at(-1)];
  return html`<li class="card quote">
<blockquote dir="auto">${saidWords(content)}</blockquote>
<p class="by">${
    speakers.length > 0
      ? joined(
          speakers.slice(0, 4).map((speaker) => factLink(speaker, 60)),
          ', ',
        )
      : 'Nobody is named'
  }${speakers.length > 4 ? ' and others' : null}</p>
<p class="small">${document && first && last ? html`In <a href="${passageLink(document.id, first.start, last.end)}">${isolated(shortened(document.label, 70))}</a>. ` : null}<a href="${pageOf(statement)}">About this statement<span class="unseen"> ${isolated(shortened(statement.label, 60))}</span></a>${accordingTo(statement)}</p>
</li>
`;
}

/** The speaker's own words in quotation marks, and between them what is only reported. */
function saidWords(content: StatementFact['parts']): Html {
  let left = MAX_LETTERS;
  const pieces: Html[] = [];
  for (const { exact, quoted } of content) {
    if (left < 4) break;
    const words = shortened(exact, left);
    left -= words.length;
    pieces.push(quoted ? html`<q>${words}</q>` : html`<span class="reported">${words}</span>`);
  }
  return joined(pieces, ' ');
}
