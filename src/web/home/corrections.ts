/** What the record had wrong, and why it was changed. */

import { type Html, html, isolated } from '../../lib/html.ts';
import { shortened } from '../../model/fields.ts';
import { badge, day, factLink, instant, shown, words } from '../format-values.ts';
import type { Change, Front } from './load-data.ts';
import { part } from './section.ts';

/** What a change does around a fact is told on its page. */
const AROUND = ['id', 'label', 'reportedOn', 'evidence', 'inferences', 'redacted'];
const MAX_FIELDS = 3;
/** A value that takes more room than this is told on the page of the fact. */
const MAX_LETTERS = 160;

export const corrections = ({ corrections: { facts, all } }: Front): Html =>
  part({
    id: 'corrections',
    title: 'Latest corrections',
    body:
      facts.length === 0
        ? html`<p class="empty">Nothing has been corrected so far. Whatever is will be told here, with what it said before and the reason.</p>`
        : html`<ol class="corrections">\n${facts.map(correction)}</ol>\n`,
    all: { url: all, words: 'A feed of corrections' },
  });

function correction({ op, reason, recordedAt, fact, fields }: Change): Html {
  const own = fields.filter(({ field }) => !AROUND.includes(field));
  const more = own.length - MAX_FIELDS;
  return html`<li>
<p class="what">${badge(fact.type)} ${factLink(fact)}${op === 'retract' ? html` <strong>withdrawn</strong>` : null}</p>
${
  own.length > 0
    ? html`<dl>${own
        .slice(0, MAX_FIELDS)
        .map(
          ({ field, before, after }) =>
            html`<dt>${words(field)}</dt><dd><del><span class="unseen">before: </span>${brief(before, field)}</del> <ins><span class="unseen">now: </span>${brief(after, field)}</ins></dd>`,
        )}</dl>\n`
    : null
}${more > 0 ? html`<p class="small">and ${more} more ${more === 1 ? 'field' : 'fields'}</p>` : null}<p class="reason">${reason === undefined ? 'No reason was given.' : isolated(shortened(reason, 300))}</p>
<p class="small">Recorded ${instant(recordedAt)}</p>
</li>
`;
}

function brief(value: unknown, field: string): Html {
  const long = JSON.stringify(value ?? null).length > MAX_LETTERS;
  // The ISO date that stands beside a day elsewhere would say it twice.
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return day(value);
  return long ? html`<span class="none">too long for here</span>` : shown(value, field);
}
