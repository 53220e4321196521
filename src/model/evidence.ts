import * as z from 'zod';
import { checkUniqueItems, isStorable, NOT_STORABLE_MESSAGE, type Reference, text } from './fields.ts';

/** Code points of context that evidence shows on either side. */
export const CONTEXT_CODE_POINTS = 32;

/** A document as evidence names it. */
export const EvidenceDocument = z
  .object({
    type: z.literal('document'),
    id: z.string(),
    label: z.string().describe("The document's title."),
    sha256: z.string().describe("SHA-256 of the document's text in UTF-8, in hexadecimal."),
    publishedOn: z.iso.date().nullable(),
    url: z.string().nullable(),
  })
  .meta({ id: 'EvidenceDocument', description: 'The document in which the evidence stands.' });

/** A span of a document, as the W3C Web Annotation model selects one. */
export const Evidence = z
  .object({
    document: EvidenceDocument,
    start: z
      .int()
      .min(0)
      .describe('Where the span begins, in Unicode code points from the start of the text.'),
    end: z.int().min(0).describe('Where it ends, exclusive, in Unicode code points.'),
    exact: z.string().describe('The very words: the text from start to end.'),
    prefix: z.string().describe(`Up to ${CONTEXT_CODE_POINTS} code points before the span.`),
    suffix: z.string().describe(`Up to ${CONTEXT_CODE_POINTS} code points after the span.`),
    supports: z.array(z.string()).describe("The fact's own fields that these words carry."),
  })
  .meta({ id: 'Evidence', description: 'The words of a source text that carry some fields of a fact.' });

/** Evidence as the store keeps it: the document's details are looked up when it is read. */
export interface StoredEvidence {
  document: Reference;
  start: number;
  end: number;
  exact: string;
  prefix: string;
  suffix: string;
  supports: string[];
}

/** A quotation as a dossier gives it; `prefix` and `suffix` settle which of several places is meant. */
export const Quotation = z.strictObject({
  quote: z
    .string()
    .min(1, 'must not be empty')
    .regex(/[\p{L}\p{N}\p{S}]/u, 'must hold a letter, a digit or a sign')
    .refine(isStorable, NOT_STORABLE_MESSAGE)
    .describe('The words exactly as the source has them.'),
  prefix: z
    .string()
    .refine(isStorable, NOT_STORABLE_MESSAGE)
    .optional()
    .describe('Words right before the quotation, where it occurs more than once.'),
  suffix: z
    .string()
    .refine(isStorable, NOT_STORABLE_MESSAGE)
    .optional()
    .describe('Words right after the quotation, where it occurs more than once.'),
});
export type Quotation = z.output<typeof Quotation>;

/** Evidence as a dossier gives it, for some of `fields`. */
export const createAuthoredEvidenceSchema = (fields: readonly string[]) =>
  Quotation.extend({
    supports: z
      .array(z.enum(fields as [string, ...string[]]))
      .min(1, 'must name at least one field')
      .superRefine(checkUniqueItems)
      .describe('The fields of this fact that the words carry.'),
  });

/** A passage that no fact is drawn from, and why. */
export const UncoveredPassage = Quotation.extend({ reason: text() });
