/** Section of the latest corrections, each with the old and new values and the reason. */

import type { Change } from '../../api/service/changes.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import { formatNumber, pluralize } from '../../lib/numbers.ts';
import { truncate } from '../../model/fields.ts';
import {
  humanize,
  renderDate,
  renderFactLink,
  renderTimestamp,
  renderTypeBadge,
  renderValue,
} from '../format-values.ts';
import type { HomeData } from './load-data.ts';
import { renderSection } from './section.ts';

/** Fields whose changes appear only on the page of the fact. */
const METADATA_FIELDS = ['id', 'label', 'reportedOn', 'evidence', 'inferences', 'redacted'];
const MAX_FIELDS = 3;
/** Maximum length as JSON; longer values appear only on the page of the fact. */
const MAX_VALUE_LENGTH = 160;

export const renderCorrections = ({ corrections: { items, allUrl } }: HomeData): Html =>
  renderSection({
    id: 'corrections',
    title: 'Latest corrections',
    body:
      items.length === 0
        ? html`<p class="empty">No corrections so far. Corrections will appear here with the previous value and the reason.</p>`
        : html`<ol class="corrections">\n${items.map(renderCorrection)}</ol>\n`,
    allLink: { url: allUrl, text: 'Corrections feed' },
  });

function renderCorrection({ op, reason, recordedAt, fact, fields }: Change): Html {
  const contentFields = fields.filter(({ field }) => !METADATA_FIELDS.includes(field));
  const more = contentFields.length - MAX_FIELDS;
  return html`<li>
<p class="corrected-fact">${renderTypeBadge(fact.type)} ${renderFactLink(fact)}${op === 'retract' ? html` <strong>retracted</strong>` : null}</p>
${
  contentFields.length > 0
    ? html`<dl>${contentFields
        .slice(0, MAX_FIELDS)
        .map(
          ({ field, before, after }) =>
            html`<dt>${humanize(field)}</dt><dd><del><span class="visually-hidden">before: </span>${renderBriefValue(before, field)}</del> <ins><span class="visually-hidden">now: </span>${renderBriefValue(after, field)}</ins></dd>`,
        )}</dl>\n`
    : null
}${more > 0 ? html`<p class="small">and ${formatNumber(more)} more ${pluralize(more, 'field')}</p>` : null}<p class="reason">${reason === undefined ? 'No reason given.' : bdi(truncate(reason, 300))}</p>
<p class="small">Recorded ${renderTimestamp(recordedAt)}</p>
</li>
`;
}

function renderBriefValue(value: unknown, field: string): Html {
  const isLong = JSON.stringify(value ?? null).length > MAX_VALUE_LENGTH;
  // `renderValue` would append the ISO date.
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return renderDate(value);
  return isLong ? html`<span class="none">too long to show here</span>` : renderValue(value, field);
}
