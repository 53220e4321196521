/** Panel of facts next to the text: each with its evidence, the supported fields, and its inferences. */
import { displayValue } from '../../formats/feeds/change-html.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { bdi, type Html, html, join } from '../../lib/html.ts';
import { formatCount } from '../../lib/numbers.ts';
import { truncate } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { factTypes } from '../../model/types/index.ts';
import { renderInference } from '../fact/field-list.ts';
import { humanize, renderFactLink, renderTypeBadge } from '../format-values.ts';
import type { PageRequest } from '../page-route.ts';
import { type EvidenceSpan, toEvidenceUrl } from '../quotation.ts';
import {
  findEvidence,
  isTypeVisible,
  type Parameters,
  type ReaderData,
  type Selection,
} from './load-data.ts';

/** Maximum number of spans listed for a fact; every sentence may name the same country. */
const MAX_SPANS = 20;
const MAX_QUOTE_LENGTH = 280;

export function renderFactPanel(
  data: ReaderData,
  { parameters, values, path }: PageRequest<Parameters>,
): Html {
  const { facts, selection } = data;
  const selectedIndexes = selection && findSelectedIndexes(data, selection);
  const visibleIndexes = new Set(
    facts.flatMap((fact, index) =>
      isTypeVisible(fact, parameters) && (selectedIndexes?.has(index) ?? true) ? [index] : [],
    ),
  );
  const { type } = values;
  return html`<aside class="panel" id="facts" aria-labelledby="facts-title" tabindex="-1">
<div class="panel-head">
<h2 id="facts-title" aria-live="polite" data-scope="${formatScope(data)}">${formatHeading(data, visibleIndexes.size)}</h2>
${selection ? html`<p class="small back"><a href="${path}${formatCanonicalQuery(type ? { type } : {})}">All facts in this text</a></p>\n` : null}${facts.length > 0 ? renderTypeFilter(data, parameters) : null}
</div>
${visibleIndexes.size === 0 ? renderEmpty(data) : null}<ol class="facts">
${facts.map((fact, index) => renderFactItem(data, fact, index, visibleIndexes))}</ol>
${data.hasMoreFacts ? html`<p class="small">Showing the first ${formatCount(facts.length, 'fact')}; the rest are available <a href="${data.document.links.self}/facts">through the API</a>.</p>\n` : null}${
  data.hasMoreHighlights
    ? html`<p class="small">Some highlights are missing because there are too many.</p>\n`
    : null
}</aside>`;
}

function findSelectedIndexes({ facts, document }: ReaderData, { fact, spans }: Selection): Set<number> {
  const isSelected = (each: Fact) =>
    fact === null
      ? spans.some((span) => findEvidence(each, document.id, span).length > 0)
      : each.type === fact.type && each.id === fact.id;
  return new Set(facts.flatMap((each, index) => (isSelected(each) ? [index] : [])));
}

const formatScope = ({ parts }: ReaderData): string => (parts > 1 ? 'in this part' : 'in this text');

function formatHeading(data: ReaderData, count: number): string {
  const facts = formatCount(count, 'fact');
  if (data.selection === null) return `${facts} ${formatScope(data)}`;
  if (data.selection.fact) return 'Selected fact and its evidence';
  const { partSpan, selection } = data;
  const isComplete = selection.spans.every(
    ({ start, end }) => partSpan.start <= start && end <= partSpan.end,
  );
  return `${facts} in this passage${isComplete ? '' : ', within this part'}`;
}

/** Explains why no fact is visible. */
function renderEmpty({ facts, selection, document }: ReaderData): Html {
  if (selection?.fact && findEvidence(selection.fact, document.id).length === 0) {
    return html`<p class="none">No evidence for ${renderFactLink(selection.fact)} in this text.</p>\n`;
  }
  if (facts.length === 0) return html`<p class="none">No facts to show.</p>\n`;
  return html`<p class="none">No facts of the selected types.</p>\n`;
}

/**
 * Checkbox for each type with its pattern and number of facts. Without scripts it is a form to submit; with
 * scripts it takes effect immediately.
 */
function renderTypeFilter({ facts }: ReaderData, { type, start, end, fact, part, asOf }: Parameters): Html {
  const counts = new Map<string, number>();
  for (const fact of facts) counts.set(fact.type, (counts.get(fact.type) ?? 0) + 1);
  const hiddenInputs = Object.entries({ start, end, fact, part, asOf }).filter(
    ([, value]) => value !== undefined,
  );
  return html`<form class="types" action="">
<fieldset>
<legend>Types</legend>
${hiddenInputs.map(([name, value]) => html`<input type="hidden" name="${name}" value="${String(value)}">\n`)}${factTypes
  .filter((factType) => counts.has(factType.type))
  .map(
    (factType) => html`<label><input type="checkbox" name="type" value="${factType.type}"${
      type === undefined || type.includes(factType.type) ? html` checked` : null
    }> ${renderTypeBadge(factType.type)} <span class="small">${counts.get(factType.type) ?? 0}</span></label>
`,
  )}</fieldset>
<button>Apply</button>
</form>`;
}

function renderFactItem(
  { document }: ReaderData,
  fact: Fact,
  index: number,
  visibleIndexes: Set<number>,
): Html {
  const spans = findEvidence(fact, document.id);
  const otherDocumentCount = new Set(fact.evidence?.map(({ document: { id } }) => id)).size - 1;
  const isHidden = !visibleIndexes.has(index);
  return html`<li class="fact-item" data-index="${index}" data-fact="${fact.type}/${fact.id}"${isHidden ? html` hidden` : null}>
<details${visibleIndexes.size === 1 && !isHidden ? html` open` : null}>
<summary>${renderTypeBadge(fact.type)} <bdi class="label">${truncate(fact.label, 200)}</bdi>${
    fact.inferences.length > 0 ? html` <span class="inferred">partly inferred</span>` : null
  }</summary>
<div class="detail">
${spans.slice(0, MAX_SPANS).map((span) => renderSpan(fact, span))}${
  spans.length > MAX_SPANS
    ? html`<p class="small">and ${spans.length - MAX_SPANS} more in this text</p>\n`
    : null
}${otherDocumentCount > 0 ? html`<p class="small">Other supporting texts: ${otherDocumentCount}</p>\n` : null}${fact.inferences.map(
  (inference) =>
    html`<div class="inference-item"><span class="small">${inference.fields.map(humanize).join(', ')}</span> ${renderInference(inference)}</div>\n`,
)}<p class="small fact-page-link"><a href="${fact.links.html}">Fact page</a>: history, citation, embed code</p>
</div>
</details>
</li>
`;
}

const renderSpan = (fact: Fact, span: EvidenceSpan): Html => html`<blockquote dir="auto">
<p><a href="${toEvidenceUrl(span)}">${truncate(span.exact, MAX_QUOTE_LENGTH)}</a></p>
<p class="small">${join(
  span.supports.map(
    (name) => html`<span class="key">${humanize(name)}</span> ${bdi(truncate(displayValue(fact[name]), 80))}`,
  ),
  html` &middot; `,
)}</p>
</blockquote>
`;
