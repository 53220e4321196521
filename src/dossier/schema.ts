/** Schema of dossier files, for validation and for `schemas/dossier.json`. */
import * as z from 'zod';
import { createAuthoredEvidenceSchema, Quotation, UncoveredPassage } from '../model/evidence.ts';
import type { FactType } from '../model/fact-type.ts';
import { checkUniqueItems, formatList, idSchema, nullable, reference, text } from '../model/fields.ts';
import { createAuthoredInferenceSchema } from '../model/inference.ts';
import { authoredDocumentSchema } from '../model/types/documents.ts';
import { factTypes } from '../model/types/index.ts';

/** Ids that have another meaning in URLs: `/v1/events/facets` and `organizer=none`. */
const RESERVED_IDS = ['facets', 'none'];

const factIdSchema = idSchema
  .refine(
    (value) => !RESERVED_IDS.includes(value),
    `must not be ${formatList(RESERVED_IDS)}, which have another meaning in URLs`,
  )
  .describe('Identifies the fact within its type. An id never changes.');

/** `document` section: the fields that are given with the text, and inferences about them. */
export const DocumentSection = authoredDocumentSchema
  .extend({
    id: factIdSchema.describe('Id of the dossier: the name of its folder.'),
    inferences: z
      .array(createAuthoredInferenceSchema(Object.keys(authoredDocumentSchema.shape)))
      .default([])
      .describe('Notes on fields that were worked out rather than given with the text.'),
  })
  .meta({ id: 'DocumentSection' });

/** Creates the schema of one type of facts, as dossiers write them. */
function createFactSchema(factType: FactType) {
  const evidenceSchema = z.array(createAuthoredEvidenceSchema(factType.fieldNames));
  return z
    .strictObject({
      type: z.literal(factType.type),
      id: factIdSchema,
      ...(factType.authoredForm ?? factType).schema.shape,
      accordingTo: nullable(reference('statement')).describe(
        'The statement through which alone the document vouches for this fact.',
      ),
      evidence: factType.authoredForm
        ? evidenceSchema.default([]).describe('Further quotations from the source that support this fact.')
        : evidenceSchema
            .min(1, 'needs at least one quotation from the source')
            .describe('Quotations from the source that support this fact.'),
      inferences: z
        .array(createAuthoredInferenceSchema(factType.fieldNames))
        .default([])
        .describe('Notes on fields that the source does not state outright.'),
    })
    .meta({ description: factType.summary });
}

/** Schemas of the types that appear under `facts`; documents have a section of their own. */
export const factSchemasByType = new Map(
  factTypes
    .filter((factType) => factType.hasEvidence !== false)
    .map((factType) => [factType.type, createFactSchema(factType)]),
);

/** Field names; validate-amendments.ts checks them against the type of the fact. */
const fieldNamesSchema = z
  .array(z.string())
  .min(1, 'must name at least one field')
  .superRefine(checkUniqueItems);

const AmendmentEvidence = Quotation.extend({
  supports: fieldNamesSchema.describe('Fields of the fact that the quotation supports.'),
});

const createFactReferenceSchema = () => reference().describe('The fact, written type/id.');
const createReasonSchema = () => text().describe('Reason that readers see in the history.');

const Addition = z.strictObject({
  fact: createFactReferenceSchema(),
  evidence: z.array(AmendmentEvidence).min(1, 'needs at least one quotation from the source'),
});

const Development = z.strictObject({
  fact: createFactReferenceSchema(),
  fields: z
    .record(z.string(), z.unknown())
    .refine((fields) => Object.keys(fields).length > 0, 'must set at least one field')
    .describe('New values by field, written as in the fact itself.'),
  evidence: z
    .array(AmendmentEvidence)
    .default([])
    .describe('Quotations from this source that support the values.'),
  inferences: z
    .array(createAuthoredInferenceSchema(null))
    .default([])
    .describe('Notes on values that the source does not state outright.'),
});

const Correction = Development.extend({ reason: createReasonSchema() });

const Retraction = z.strictObject({
  fact: reference().describe(
    'A fact of this dossier to retract; or a fact of another dossier, to withdraw everything that this dossier said about it.',
  ),
  reason: createReasonSchema(),
});

const Rename = z.strictObject({
  from: reference().describe('The fact with its old id, written type/id.'),
  to: factIdSchema,
});

/** Schema that leaves facts unchecked: each is validated separately, with the schema of its type. */
export const DossierOutline = z.strictObject({
  document: DocumentSection,
  facts: z.array(z.unknown()),
  adds: z.array(Addition).default([]).describe('Further evidence of facts of other dossiers.'),
  corrects: z
    .array(Correction)
    .default([])
    .describe('Corrections of facts of other dossiers: the record was wrong.'),
  develops: z
    .array(Development)
    .default([])
    .describe('Developments of facts of other dossiers: the world changed, such as a status or a post.'),
  retractions: z.array(Retraction).default([]).describe('Facts that this dossier no longer vouches for.'),
  renames: z.array(Rename).default([]).describe('Facts of this dossier that get a new id.'),
  uncovered: z
    .array(UncoveredPassage)
    .default([])
    .describe('Passages that no fact is drawn from, with the reason.'),
});
export type DossierOutline = z.output<typeof DossierOutline>;

/** Complete schema, for `schemas/dossier.json`. */
export const Dossier = DossierOutline.extend({
  facts: z.array(
    z.discriminatedUnion('type', [...factSchemasByType.values()] as [ReturnType<typeof createFactSchema>]),
  ),
});

/** Optional sections, made explicit: two dossiers that differ only in an omitted one are equal. */
const EMPTY_SECTIONS = { adds: [], corrects: [], develops: [], retractions: [], renames: [], uncovered: [] };

/** Returns an authored dossier with all sections, empty ones included. */
export const normalizeSections = (value: unknown): Record<string, unknown> => {
  const { document, facts, ...rest } = value as Record<string, unknown>;
  return { document, facts, ...EMPTY_SECTIONS, ...rest };
};
