import * as z from 'zod';
import { checkUniqueItems, isStorable, NOT_STORABLE_MESSAGE, type Reference, text } from './fields.ts';

/** Context on each side of a span of evidence, in code points. */
export const CONTEXT_CODE_POINTS = 32;

/** Document that a span of evidence is from. */
const EvidenceDocument = z
  .object({
    type: z.literal('document'),
    id: z.string(),
    label: z.string().describe('Title of the document.'),
    sha256: z.string().describe("SHA-256 of the document's text in UTF-8, in hexadecimal."),
    publishedOn: z.iso.date().nullable().describe('Day of publication, if known.'),
    url: z.string().nullable().describe('URL of the publication, if known.'),
  })
  .meta({ id: 'EvidenceDocument', description: 'Document that the evidence is from.' });

/** Span of a document, selected as in the W3C Web Annotation model. */
export const Evidence = z
  .object({
    document: EvidenceDocument,
    start: z
      .int()
      .min(0)
      .describe('Start of the span, in Unicode code points from the start of the text, counted from 0.'),
    end: z.int().min(0).describe('End of the span, exclusive, in Unicode code points.'),
    exact: z.string().describe('Exact words of the span: the text from start to end.'),
    prefix: z.string().describe(`Text before the span, up to ${CONTEXT_CODE_POINTS} code points.`),
    suffix: z.string().describe(`Text after the span, up to ${CONTEXT_CODE_POINTS} code points.`),
    supports: z.array(z.string()).describe("The fact's own fields that the words support."),
  })
  .meta({ id: 'Evidence', description: 'Span of a source text that supports fields of a fact.' });

/** Evidence as stored. The details of its document are looked up when a request reads it. */
export interface StoredEvidence {
  document: Reference;
  start: number;
  end: number;
  exact: string;
  prefix: string;
  suffix: string;
  supports: string[];
}

/** Quotation in a dossier. `prefix` and `suffix` make it unique if its words occur more than once. */
export const Quotation = z.strictObject({
  quote: z
    .string()
    .min(1, 'must not be empty')
    .regex(/[\p{L}\p{N}\p{S}]/u, 'must contain a letter, a digit or a symbol')
    .refine(isStorable, NOT_STORABLE_MESSAGE)
    .describe('Exact words of the source text.'),
  prefix: z
    .string()
    .refine(isStorable, NOT_STORABLE_MESSAGE)
    .optional()
    .describe('Words directly before the quotation, to make it unique if it occurs more than once.'),
  suffix: z
    .string()
    .refine(isStorable, NOT_STORABLE_MESSAGE)
    .optional()
    .describe('Words directly after the quotation, to make it unique if it occurs more than once.'),
});
export type Quotation = z.output<typeof Quotation>;

/**
 * Creates the schema of evidence in a dossier, which may support any of `fields`. `null` allows any field name:
 * the fields of an amended fact depend on its type, which the schema does not know.
 */
export const createAuthoredEvidenceSchema = (fields: readonly string[] | null) =>
  Quotation.extend({
    supports: z
      .array(fields ? z.enum(fields as [string, ...string[]]) : z.string())
      .min(1, 'must name at least one field')
      .superRefine(checkUniqueItems)
      .describe('Fields of the fact that the quotation supports.'),
  }).describe('Quotation from the source text and the fields that it supports.');

/** Passage that no fact is drawn from, with the reason. */
export const UncoveredPassage = Quotation.extend({
  reason: text().describe('Reason why no fact is drawn from the passage.'),
}).describe('Passage that no fact is drawn from, with the reason.');
