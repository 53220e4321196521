/** Quotations that represent a fact on pages and cards, and their speakers. */

import { type Html, html, join } from '../lib/html.ts';
import type { FactType } from '../model/fact-type.ts';
import { listEvidence } from '../model/main-evidence.ts';
import { isPlaceholder } from '../model/redaction.ts';
import type { Fact, LabeledReference } from '../model/response-schemas.ts';
import { getFactType } from '../model/types/index.ts';

interface QuotedText {
  quotations: { exact: string; quoted: boolean }[];
  speakers: string[];
}

/** Returns the passages and speakers of a statement, or the evidence of any other fact, its main span first. */
export function getQuotedText(factType: FactType, fact: Fact): QuotedText {
  const statementContent = factType.getStatementContent?.(fact);
  if (statementContent) {
    const speakers = (statementContent.speakers as LabeledReference[]).map(({ label }) => label);
    return { quotations: statementContent.passages, speakers };
  }
  const distinct = new Set(listEvidence(factType, fact).map(({ exact }) => exact));
  return { quotations: [...distinct].map((exact) => ({ exact, quoted: true })), speakers: [] };
}

/**
 * Renders a passage, in quotation marks if the source has them; a placeholder for redacted words gets none.
 */
export const renderQuotation = ({ exact, quoted }: QuotedText['quotations'][number]): Html =>
  quoted && !isPlaceholder(exact) ? html`&ldquo;${exact}&rdquo;` : html`${exact}`;

export const renderQuotations = (quotations: QuotedText['quotations']): Html =>
  join(quotations.map(renderQuotation), ' ');

/** Returns the documents that support a fact, without duplicates; that of its main evidence first. */
export function getSourceDocuments(fact: Fact) {
  const evidence = listEvidence(getFactType(fact.type), fact);
  return [...new Map(evidence.map(({ document }) => [document.id, document])).values()];
}

/** Returns the fields with values that the text does not state outright. */
export const getInferredFields = ({ inferences }: Fact): string[] => [
  ...new Set(inferences.flatMap(({ fields }) => fields)),
];
