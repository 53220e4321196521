/** Schema of dossier files, for validation, for `schemas/dossier.json` and, simplified, for the OpenAPI documents. */
import * as z from 'zod';
import { createAuthoredEvidenceSchema, UncoveredPassage } from '../model/evidence.ts';
import type { FactType } from '../model/fact-type.ts';
import { formatList, idSchema, nullable, reference, text } from '../model/fields.ts';
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
  .describe('Stable id of the fact, unique within its type.');

/** Evidence and inferences about fields of any name, where the schema does not know the type of the fact. */
export const AuthoredEvidence = createAuthoredEvidenceSchema(null);
export const AuthoredInference = createAuthoredInferenceSchema(null);
export const DocumentInference = createAuthoredInferenceSchema(Object.keys(authoredDocumentSchema.shape));

/** `document` section: the fields that are given with the text, and inferences about them. */
export const DocumentSection = z
  .strictObject({
    id: factIdSchema.describe('Id of the document and of its dossier, and name of its folder.'),
    ...authoredDocumentSchema.shape,
    inferences: z
      .array(DocumentInference)
      .default([])
      .describe('Explanations of values that were not given with the source text.'),
  })
  .meta({ id: 'DocumentSection', description: 'Metadata of the source text.' });

/** Fields that facts of every type have; `createFactSchema` adds those of the type. */
export const AuthoredFact = z
  .looseObject({
    type: z.string().describe('Type of the fact, such as event.'),
    id: factIdSchema,
    accordingTo: nullable(reference('statement')).describe(
      'Statement through which alone the document vouches for the fact, written type/id; null: the document states it in its own voice.',
    ),
    evidence: z
      .array(AuthoredEvidence)
      .default([])
      .describe('Quotations from the source text that support the fact.'),
    inferences: z
      .array(AuthoredInference)
      .default([])
      .describe('Explanations of values that the source text does not state outright.'),
  })
  .describe('Fact with these fields and those of its type; references are written type/id.');

/** Creates the schema of one type of facts, as dossiers write them. */
function createFactSchema(factType: FactType) {
  const { id, accordingTo, evidence, inferences } = AuthoredFact.shape;
  const evidenceSchema = z.array(createAuthoredEvidenceSchema(factType.fieldNames));
  return z
    .strictObject({
      type: z.literal(factType.type),
      id,
      ...(factType.authoredForm ?? factType).schema.shape,
      accordingTo,
      evidence: factType.authoredForm
        ? evidenceSchema
            .default([])
            .describe('Further quotations from the source text that support the fact.')
        : evidenceSchema.min(1, 'needs at least one quotation from the source').meta({ ...evidence.meta() }),
      inferences: z
        .array(createAuthoredInferenceSchema(factType.fieldNames))
        .default([])
        .meta({ ...inferences.meta() }),
    })
    .meta({ description: factType.summary });
}

/** Schemas of the types that appear under `facts`; documents have a section of their own. */
export const factSchemasByType = new Map(
  factTypes
    .filter((factType) => factType.hasEvidence !== false)
    .map((factType) => [factType.type, createFactSchema(factType)]),
);

const createFactReferenceSchema = () => reference().describe('Reference to the fact, written type/id.');
const createReasonSchema = () => text().describe('Reason that readers see in the history.');

export const Addition = z
  .strictObject({
    fact: createFactReferenceSchema(),
    evidence: z
      .array(AuthoredEvidence)
      .min(1, 'needs at least one quotation from the source')
      .describe('Quotations from this source text that also support the fact.'),
  })
  .describe('Additional evidence for a fact of another dossier.');

/** Part of a development and of a correction. validate-amendments.ts checks the names of its fields. */
const Amendment = z.strictObject({
  fact: createFactReferenceSchema(),
  fields: z
    .record(z.string(), z.unknown())
    .refine((fields) => Object.keys(fields).length > 0, 'must set at least one field')
    .describe('New values of the changed fields, written as in a fact.'),
  evidence: z
    .array(AuthoredEvidence)
    .default([])
    .describe('Quotations from this source text that support the new values.'),
  inferences: AuthoredFact.shape.inferences,
});

export const Development = Amendment.describe(
  'Development of a fact of another dossier, because the world has changed.',
);

export const Correction = Amendment.extend({ reason: createReasonSchema() }).describe(
  'Correction of a fact of another dossier that was recorded wrongly.',
);

export const Retraction = z
  .strictObject({
    fact: reference().describe(
      'Reference to a fact of this dossier, written type/id, to retract it; or to a fact of another dossier, to withdraw everything that this dossier said about it.',
    ),
    reason: createReasonSchema(),
  })
  .describe('Retraction of a fact, or of what the dossier said about a fact of another dossier.');

export const Rename = z
  .strictObject({
    from: reference().describe('Fact with its old id, written type/id.'),
    to: factIdSchema.describe('New id of the fact.'),
  })
  .describe('New id for a fact of the dossier.');

/** Schema that leaves facts unchecked: each is validated separately, with the schema of its type. */
export const DossierOutline = z.strictObject({
  document: DocumentSection,
  facts: z.array(z.unknown()),
  adds: z.array(Addition).default([]).describe('Additional evidence for facts of other dossiers.'),
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
