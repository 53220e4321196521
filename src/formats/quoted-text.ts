/** The words that stand for a fact where it is shown to people, and whose they are. */

import { type Html, html, join } from '../lib/html.ts';
import type { FactType } from '../model/fact-type.ts';
import { isPlaceholder } from '../model/redaction.ts';
import type { Fact, LabeledReference } from '../model/response-schemas.ts';

interface QuotedText {
  quotations: { exact: string; quoted: boolean }[];
  speakers: string[];
}

/** Of a saying what is said and by whom, of every other fact the words that carry it. */
export function getQuotedText(factType: FactType, fact: Fact): QuotedText {
  const statementContent = factType.getStatementContent?.(fact);
  if (statementContent) {
    const speakers = (statementContent.speakers as LabeledReference[]).map(({ label }) => label);
    return { quotations: statementContent.passages, speakers };
  }
  const distinct = new Set(fact.evidence?.map(({ exact }) => exact));
  return { quotations: [...distinct].map((exact) => ({ exact, quoted: true })), speakers: [] };
}

/** A passage, in quotation marks where the source has it so; what stands for words that were taken out is nobody's. */
export const renderQuotation = ({ exact, quoted }: QuotedText['quotations'][number]): Html =>
  quoted && !isPlaceholder(exact) ? html`&ldquo;${exact}&rdquo;` : html`${exact}`;

/** Passages, one after the other. */
export const renderQuotations = (quotations: QuotedText['quotations']): Html =>
  join(quotations.map(renderQuotation), ' ');

/** The documents that a fact stands on, each once. */
export function getSourceDocuments({ evidence = [] }: Fact) {
  return [...new Map(evidence.map(({ document }) => [document.id, document])).values()];
}

/** The fields that no words state outright. */
export const getInferredFields = ({ inferences }: Fact): string[] => [
  ...new Set(inferences.flatMap(({ fields }) => fields)),
];
