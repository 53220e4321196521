/** Fields of a fact, each with the evidence or the inference that supports it. */

import { getSourceDocuments } from '../../formats/quoted-text.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Inference } from '../../model/inference.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { humanize, renderValue } from '../format-values.ts';
import { type EvidenceSpan, renderQuotation } from '../quotation.ts';

/** Quotations of a field that are shown initially, and in total; every report may name the same country. */
const MAX_VISIBLE_QUOTATIONS = 2;
const MAX_QUOTATIONS = 30;

export function renderFieldList(factType: FactType, fact: Fact): Html {
  const present = factType.fieldNames.filter((name) => hasValue(fact[name]));
  const missing = factType.fieldNames.filter((name) => !hasValue(fact[name]));
  return html`<dl class="fields">
${present.map((name) => renderField(factType, fact, name))}</dl>
${missing.length > 0 ? html`<p class="small">Not stated in the sources: ${missing.map(humanize).join(', ')}.</p>` : null}`;
}

const hasValue = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);

const renderField = (factType: FactType, fact: Fact, name: string): Html => html`<div class="field">
<dt>${humanize(name)}</dt>
<dd>
<div class="value">${renderValue(fact[name], name)}</div>
${renderSupport(factType, fact, name)}</dd>
</div>
`;

function renderSupport(factType: FactType, fact: Fact, name: string): Html {
  const spans = (fact.evidence ?? []).filter(({ supports }) => supports.includes(name));
  const inferences = fact.inferences.filter(({ fields }) => fields.includes(name));
  if (spans.length + inferences.length === 0)
    return html`<p class="small">${describeMissingEvidence(factType, name)}</p>\n`;
  return html`${inferences.map(renderInference)}${renderQuotations(fact, spans)}`;
}

/** Explains a field without evidence: it follows from other fields, or comes with the text of a document. */
const describeMissingEvidence = ({ evidenceExemptFields, hasEvidence }: FactType, name: string): string => {
  if (hasEvidence === false)
    return ['sha256', 'lengthCodePoints'].includes(name)
      ? 'Computed from the text'
      : 'Supplied with the text';
  return evidenceExemptFields?.includes(name)
    ? 'Covered by the evidence of related fields'
    : 'No supporting evidence';
};

const KIND_TEXTS: Record<Inference['kind'], string> = {
  derived: 'derived from the text',
  identified: 'who or what the words refer to',
  reference: 'from a reference library',
  background: 'common knowledge',
};

/** Renders the explanation of a value that the text does not state outright. */
export const renderInference = ({ kind, note }: Inference): Html =>
  html`<p class="inference"><span class="inferred">Inferred (${KIND_TEXTS[kind]}):</span> ${bdi(note)}</p>\n`;

function renderQuotations(fact: Fact, spans: EvidenceSpan[]): Html {
  const hasSeveralSources = getSourceDocuments(fact).length > 1;
  const renderSpan = (span: EvidenceSpan) => renderQuotation(span, hasSeveralSources);
  const [visible, collapsed] = [
    spans.slice(0, MAX_VISIBLE_QUOTATIONS),
    spans.slice(MAX_VISIBLE_QUOTATIONS, MAX_QUOTATIONS),
  ];
  const more = spans.length - MAX_QUOTATIONS;
  return html`${visible.map(renderSpan)}${
    collapsed.length > 0
      ? html`<details><summary>${collapsed.length + Math.max(0, more)} more</summary>${collapsed.map(renderSpan)}${
          more > 0
            ? html`<p class="small">and ${more} more in <a href="${fact.links.self}">the JSON version of this fact</a></p>`
            : null
        }</details>`
      : null
  }`;
}
