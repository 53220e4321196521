/** The facts beside the text: each with its words, what they carry, and what was inferred. */
import { displayValue } from '../../formats/feeds/change-html.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { bdi, type Html, html, join } from '../../lib/html.ts';
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

/** How many spans of a fact are listed: a country is named in every sentence. */
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
${selection ? html`<p class="small back"><a href="${path}${formatCanonicalQuery(type ? { type } : {})}">All facts of the text</a></p>\n` : null}${facts.length > 0 ? renderTypeFilter(data, parameters) : null}
</div>
${visibleIndexes.size === 0 ? renderEmpty(data) : null}<ol class="facts">
${facts.map((fact, index) => renderFactItem(data, fact, index, visibleIndexes))}</ol>
${data.hasMoreFacts ? html`<p class="small">These are the first ${facts.length} facts; the rest is in <a href="${data.document.links.self}/facts">the API</a>.</p>\n` : null}${
  data.hasMoreHighlights
    ? html`<p class="small">Not all of their words are marked: there are too many.</p>\n`
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

/** What the facts of the page are drawn from. */
const formatScope = ({ parts }: ReaderData): string =>
  parts > 1 ? 'drawn from this part' : 'drawn from the text';

function formatHeading(data: ReaderData, count: number): string {
  const facts = `${count} ${count === 1 ? 'fact' : 'facts'}`;
  if (data.selection === null) return `${facts} ${formatScope(data)}`;
  if (data.selection.fact) return 'The fact, and its words';
  const { partSpan, selection } = data;
  const isComplete = selection.spans.every(
    ({ start, end }) => partSpan.start <= start && end <= partSpan.end,
  );
  return `${facts} in these words${isComplete ? '' : ', as far as they are in this part'}`;
}

/** Why none is seen. */
function renderEmpty({ facts, selection, document }: ReaderData): Html {
  if (selection?.fact && findEvidence(selection.fact, document.id).length === 0) {
    return html`<p class="none">No words of this text carry ${renderFactLink(selection.fact)}.</p>\n`;
  }
  if (facts.length === 0) return html`<p class="none">No fact is drawn from it.</p>\n`;
  return html`<p class="none">Of the types that are shown, there is none.</p>\n`;
}

/** Which types there are, how each is marked, and how many of each; it works as a form, and at once with scripts. */
function renderTypeFilter({ facts }: ReaderData, { type, start, end, fact, part, asOf }: Parameters): Html {
  const counts = new Map<string, number>();
  for (const fact of facts) counts.set(fact.type, (counts.get(fact.type) ?? 0) + 1);
  const hiddenInputs = Object.entries({ start, end, fact, part, asOf }).filter(
    ([, value]) => value !== undefined,
  );
  return html`<form class="types" action="">
<fieldset>
<legend>Show</legend>
${hiddenInputs.map(([name, value]) => html`<input type="hidden" name="${name}" value="${String(value)}">\n`)}${factTypes
  .filter((factType) => counts.has(factType.type))
  .map(
    (factType) => html`<label><input type="checkbox" name="type" value="${factType.type}"${
      type === undefined || type.includes(factType.type) ? html` checked` : null
    }> ${renderTypeBadge(factType.type)} <span class="small">${counts.get(factType.type) ?? 0}</span></label>
`,
  )}</fieldset>
<button>Show these</button>
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
    fact.inferences.length > 0 ? html` <span class="inferred">with inferences</span>` : null
  }</summary>
<div class="detail">
${spans.slice(0, MAX_SPANS).map((span) => renderSpan(fact, span))}${
  spans.length > MAX_SPANS
    ? html`<p class="small">and ${spans.length - MAX_SPANS} more in this text</p>\n`
    : null
}${otherDocumentCount > 0 ? html`<p class="small">Other texts carry it too: ${otherDocumentCount}</p>\n` : null}${fact.inferences.map(
  (inference) =>
    html`<div class="inference-item"><span class="small">${inference.fields.map(humanize).join(', ')}</span> ${renderInference(inference)}</div>\n`,
)}<p class="small fact-page-link"><a href="${fact.links.html}">Its page</a>: history, citation, embedding</p>
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
