/** What the API answers: the same head and tail around the own fields of each type. */
import * as z from 'zod';
import { Evidence } from './evidence.ts';
import type { FactType } from './fact-type.ts';
import { type Reference, referenceRegistry } from './fields.ts';
import { Inference } from './inference.ts';

export const ReferenceSchema = z
  .object({
    type: z.string().describe('The type of the fact that is meant.'),
    id: z.string(),
    label: z.string().describe('Its label at the revision that was read.'),
  })
  .meta({ id: 'Reference', description: 'Another fact, by type and id.' });

const StatementReference = z.string();
referenceRegistry.add(StatementReference, { types: ['statement'] });

export const FactLinks = z
  .object({
    self: z.string().describe('The fact as JSON, path-absolute.'),
    html: z.string().describe('The page of the fact, path-absolute.'),
  })
  .meta({ id: 'FactLinks' });

/** What names a fact where the rest of it does not matter. */
export const factSummaryShape = {
  type: z.string(),
  id: z.string(),
  label: z.string().describe('A short title.'),
  links: FactLinks,
};

export const Retraction = z
  .object({ revision: z.int().min(1), reason: z.string() })
  .meta({ id: 'Retraction', description: 'When and why the fact was withdrawn.' });

export const RedactionSchema = z
  .object({ revision: z.int().min(1), reason: z.string() })
  .meta({ id: 'Redaction', description: 'When and why the text of a document was taken out of the record.' });

const reportedOn = z.iso
  .date()
  .nullable()
  .describe("When it was reported: the publication date of the fact's document.");

/** A fact as `factSchema` of its type describes it, as far as all types have it in common. */
export interface Fact extends Reference {
  label: string;
  version: number;
  accordingTo?: LabeledReference | null;
  reportedOn: string | null;
  recordedAt: string;
  revision: number;
  evidence?: z.output<typeof Evidence>[];
  inferences: Inference[];
  links: z.output<typeof FactLinks>;
  retracted?: z.output<typeof Retraction>;
  redacted?: z.output<typeof RedactionSchema>;
  [field: string]: unknown;
}

/** A reference as an answer has it. */
export type LabeledReference = z.output<typeof ReferenceSchema>;

/** The whole fact of a type, as an item answers with it and a list holds it. */
export function createFactSchema(factType: FactType) {
  return z
    .object({
      type: z.literal(factType.type),
      id: z.string().describe('Stable for ever.'),
      label: z.string().describe('A short title.'),
      version: z.int().min(1).describe('Counts the versions of this fact, from 1.'),
      ...factType.schema.shape,
      ...(factType.hasEvidence !== false && {
        accordingTo: StatementReference.nullable().describe(
          "The statement through which alone the document vouches for the fact; null means in the document's own voice.",
        ),
      }),
      reportedOn,
      recordedAt: z.iso.datetime().describe('When this version was recorded here, UTC.'),
      revision: z.int().min(1).describe('The revision that recorded this version.'),
      ...(factType.hasEvidence !== false && {
        evidence: z.array(Evidence).describe('The words that carry the fact.'),
      }),
      inferences: z.array(Inference).describe('What was inferred rather than stated.'),
      links: FactLinks,
      retracted: Retraction.optional().describe('Only on a retracted fact.'),
      ...(factType.hasEvidence === false && {
        redacted: RedactionSchema.optional().describe(
          'Only where the text was taken out: placeholders such as `[redacted 7]` stand for its words, history included.',
        ),
      }),
    })
    .meta({ id: factType.componentName, description: factType.summary });
}

export const PageLinks = z
  .object({
    self: z.string().describe('This page, path-absolute.'),
    next: z.string().nullable().describe('The next page, path-absolute; null at the end.'),
  })
  .meta({ id: 'PageLinks' });

export const PageMeta = z
  .object({
    revision: z.int().min(0).describe('The revision that was read; 0 of an empty store.'),
    limit: z.int().min(1).describe('How many facts a page may hold.'),
    nextCursor: z
      .string()
      .nullable()
      .describe('The cursor of the next page, which also stands in links.next; null at the end.'),
    total: z.int().min(0).optional().describe('How many facts the whole list has; only with count=true.'),
  })
  .meta({ id: 'PageMeta' });

/** One page of `each`, as the component `id`. */
export function createPageSchema(id: string, description: string, itemSchema: z.ZodType) {
  return z.object({ data: z.array(itemSchema), links: PageLinks, meta: PageMeta }).meta({ id, description });
}

/** One page of a collection. */
export function createFactPageSchema({ componentName, collection }: FactType, factSchema: z.ZodType) {
  return createPageSchema(`${componentName}Page`, `A page of ${collection}.`, factSchema);
}
