/** The fields of a fact, each with the words that carry it or the note that infers it. */

import { getSourceDocuments } from '../../formats/quoted-text.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Inference } from '../../model/inference.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { humanize, renderValue } from '../format-values.ts';
import { type EvidenceSpan, renderQuotation } from '../quotation.ts';

/** How many quotations of a field are seen at once, and how many there are on the page: a country is named in every report. */
const MAX_VISIBLE_QUOTATIONS = 2;
const MAX_QUOTATIONS = 30;

export function renderFieldList(factType: FactType, fact: Fact): Html {
  const present = factType.fieldNames.filter((name) => hasValue(fact[name]));
  const missing = factType.fieldNames.filter((name) => !hasValue(fact[name]));
  return html`<dl class="fields">
${present.map((name) => renderField(factType, fact, name))}</dl>
${missing.length > 0 ? html`<p class="small">Not in the sources: ${missing.map(humanize).join(', ')}.</p>` : null}`;
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

/** Some fields go with others that are carried, and those of a document come with the text. */
const describeMissingEvidence = ({ evidenceExemptFields, hasEvidence }: FactType, name: string): string => {
  if (hasEvidence === false)
    return ['sha256', 'lengthCodePoints'].includes(name) ? 'Worked out from the text' : 'Given with the text';
  return evidenceExemptFields?.includes(name) ? 'Goes with the fields beside it' : 'Carried by no words';
};

const KIND_TEXTS: Record<Inference['kind'], string> = {
  derived: 'Derived from the text',
  identified: 'Who or what is meant',
  reference: 'From a reference library',
  background: 'Common knowledge',
};

/** How a value came about that the text does not state outright. */
export const renderInference = ({ kind, note }: Inference): Html =>
  html`<p class="inference"><span class="inferred">Inferred. ${KIND_TEXTS[kind]}:</span> ${bdi(note)}</p>\n`;

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
            ? html`<p class="small">and ${more} in <a href="${fact.links.self}">the fact as JSON</a></p>`
            : null
        }</details>`
      : null
  }`;
}
