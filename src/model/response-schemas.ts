/** Response schemas of facts: the own fields of each type between the fields that all types share. */
import * as z from 'zod';
import { Evidence } from './evidence.ts';
import type { FactType } from './fact-type.ts';
import { type Reference, referenceRegistry } from './fields.ts';
import { Inference } from './inference.ts';

/** Creates the schema of a type in a response: a list that may grow, so not the vocabulary that parameters take. */
export const factTypeName = () => z.string().meta({ examples: ['person', 'event', 'statement'] });

export const ReferenceSchema = z
  .object({
    type: factTypeName().describe('Type of the referenced fact; later versions may add types.'),
    id: z.string().describe('Id of the referenced fact.'),
    label: z.string().describe('Label of the referenced fact at the revision that was read.'),
  })
  .meta({ id: 'Reference', description: 'Reference to another fact, by type and id.' });

const StatementReference = z.string();
referenceRegistry.add(StatementReference, { types: ['statement'] });

export const FactLinks = z
  .object({
    self: z
      .string()
      .describe('URL of the fact as JSON: absolute if the server has a public URL, otherwise a path.'),
    html: z.string().describe("URL of the fact's page, in the same form."),
  })
  .meta({ id: 'FactLinks' });

/** Fields that identify a fact where its other fields are left out. */
export const factSummaryShape = {
  type: factTypeName().describe('Type of the fact; later versions may add types.'),
  id: z.string(),
  label: z.string().describe('Short title of the fact.'),
  links: FactLinks,
};

export const Retraction = z
  .object({ revision: z.int().min(1), reason: z.string() })
  .meta({ id: 'Retraction', description: 'Revision that retracted the fact, and the reason.' });

export const RedactionSchema = z
  .object({ revision: z.int().min(1), reason: z.string() })
  .meta({ id: 'Redaction', description: 'Revision that redacted the text of the document, and the reason.' });

const ViaSchema = z
  .object({
    fact: ReferenceSchema.describe('Fact about the group.'),
    group: ReferenceSchema.describe('Group that the row has replaced by one of its members.'),
    membership: ReferenceSchema.describe('Membership that makes it a member.'),
  })
  .meta({
    id: 'Via',
    description: 'Origin of a row for a member of a group of countries.',
  });

/** Origin of a row for a member of a group of countries. */
export type Via = z.output<typeof ViaSchema>;

const reportedOn = z.iso.date().nullable().describe('Day of publication of its document, if known.');

/** Fact in a response, with the fields that all types share. `createFactSchema` describes it completely. */
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

/** Reference in a response. */
export type LabeledReference = z.output<typeof ReferenceSchema>;

/** Creates the schema of a complete fact, for responses with one fact and for lists. */
export function createFactSchema(factType: FactType) {
  return z
    .object({
      type: z.literal(factType.type),
      id: z.string().describe('Id of the fact, which never changes.'),
      label: z.string().describe('Short title of the fact.'),
      version: z.int().min(1).describe('Number of this version, counted from 1.'),
      ...factType.schema.shape,
      ...(factType.hasEvidence !== false && {
        accordingTo: StatementReference.nullable().describe(
          'Statement that alone vouches for the fact; null: the document states it in its own voice.',
        ),
      }),
      reportedOn,
      recordedAt: z.iso.datetime().describe('Time at which this version was recorded, in UTC.'),
      revision: z.int().min(1).describe('Revision that recorded this version.'),
      ...(factType.hasEvidence !== false && {
        evidence: z.array(Evidence).describe('Spans of source texts that support the fact.'),
      }),
      inferences: z
        .array(Inference)
        .describe('Explanations of values that the text does not state outright.'),
      links: FactLinks,
      ...(factType.expandableField !== undefined && {
        via: ViaSchema.optional().describe(
          'Present only with expand=members, on a row for a member of a group of countries.',
        ),
      }),
      retracted: Retraction.optional().describe('Present only on a retracted fact.'),
      ...(factType.hasEvidence === false && {
        redacted: RedactionSchema.optional().describe(
          'Present only if the text was redacted: placeholders such as `[redacted 7]` replace its words, also in the history.',
        ),
      }),
    })
    .meta({ id: factType.componentName, description: factType.summary });
}

const PageLinks = z
  .object({
    self: z.string().describe('Path-absolute URL of this page.'),
    next: z.string().nullable().describe('Path-absolute URL of the next page; null on the last page.'),
  })
  .meta({ id: 'PageLinks' });

const PageMeta = z
  .object({
    revision: z.int().min(0).describe('Revision that was read; 0 if the store is empty.'),
    limit: z.int().min(1).describe('Maximum number of entries per page.'),
    nextCursor: z
      .string()
      .nullable()
      .describe('Cursor of the next page, also part of links.next; null on the last page.'),
    total: z.int().min(0).optional().describe('Number of entries in the entire list; only with count=true.'),
  })
  .meta({ id: 'PageMeta' });

/** Creates the schema of a page of items, as the component `id`. */
export function createPageSchema(id: string, description: string, itemSchema: z.ZodType) {
  return z.object({ data: z.array(itemSchema), links: PageLinks, meta: PageMeta }).meta({ id, description });
}

/** Creates the schema of a page of a collection. */
export function createFactPageSchema({ componentName, collection }: FactType, factSchema: z.ZodType) {
  return createPageSchema(`${componentName}Page`, `A page of ${collection}.`, factSchema);
}
