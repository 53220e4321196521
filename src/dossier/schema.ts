/** The form of a dossier file: what an editor writes, and what `schemas/dossier.json` tells editors' tools. */
import * as z from 'zod';
import { createAuthoredEvidenceSchema, Quotation, UncoveredPassage } from '../model/evidence.ts';
import type { FactType } from '../model/fact-type.ts';
import { checkUniqueItems, formatList, idSchema, nullable, reference, text } from '../model/fields.ts';
import { createAuthoredInferenceSchema } from '../model/inference.ts';
import { authoredDocumentSchema } from '../model/types/documents.ts';
import { factTypes } from '../model/types/index.ts';

/** What URLs mean otherwise: `/v1/events/facets`, and `organizer=none`. */
const RESERVED_IDS = ['facets', 'none'];

const factIdSchema = idSchema
  .refine(
    (value) => !RESERVED_IDS.includes(value),
    `must not be ${formatList(RESERVED_IDS)}, which URLs take for something else`,
  )
  .describe('Stable for ever.');

/** The `document` section: the fields that are given with the text, and what was inferred about them. */
export const DocumentSection = authoredDocumentSchema
  .extend({
    id: factIdSchema.describe('The same as the name of the folder.'),
    inferences: z
      .array(createAuthoredInferenceSchema(Object.keys(authoredDocumentSchema.shape)))
      .default([])
      .describe('What was not given with the text but worked out from it.'),
  })
  .meta({ id: 'DocumentSection' });

/** A fact of one type as it stands in a dossier. */
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
        ? evidenceSchema.default([]).describe('Further words of the source that carry this fact.')
        : evidenceSchema
            .min(1, 'needs at least one quotation from the source')
            .describe('The words of the source that carry this fact.'),
      inferences: z
        .array(createAuthoredInferenceSchema(factType.fieldNames))
        .default([])
        .describe('Which fields were inferred, and from what.'),
    })
    .meta({ description: factType.summary });
}

/** The form of each type's facts, by type. */
export const factSchemasByType = new Map(
  factTypes
    .filter((factType) => factType.hasEvidence !== false)
    .map((factType) => [factType.type, createFactSchema(factType)]),
);

/** Names of fields, which are held against the type of the fact that is meant. */
const fieldNamesSchema = z
  .array(z.string())
  .min(1, 'must name at least one field')
  .superRefine(checkUniqueItems);

const AmendmentEvidence = Quotation.extend({
  supports: fieldNamesSchema.describe('The fields of the fact that the words carry.'),
});

const createFactReferenceSchema = () => reference().describe('The fact that is meant, written type/id.');
const createReasonSchema = () => text().describe('Why, for whoever asks later.');

const Addition = z.strictObject({
  fact: createFactReferenceSchema(),
  evidence: z.array(AmendmentEvidence).min(1, 'needs at least one quotation from the source'),
});

const Development = z.strictObject({
  fact: createFactReferenceSchema(),
  fields: z
    .record(z.string(), z.unknown())
    .refine((fields) => Object.keys(fields).length > 0, 'must set at least one field')
    .describe('The fields that get another value, as the fact would give them.'),
  evidence: z
    .array(AmendmentEvidence)
    .default([])
    .describe('The words of this source that carry the values.'),
  inferences: z
    .array(createAuthoredInferenceSchema(null))
    .default([])
    .describe('Which of the values were inferred, and from what.'),
});

const Correction = Development.extend({ reason: createReasonSchema() });

const Retraction = z.strictObject({
  fact: reference().describe(
    'A fact of this dossier that is withdrawn; or one of another, for which everything is withdrawn that this dossier said about it.',
  ),
  reason: createReasonSchema(),
});

const Rename = z.strictObject({
  from: reference().describe('The fact as it was called, written type/id.'),
  to: factIdSchema,
});

/** A dossier whose facts are still to be held against their own schemas, one by one. */
export const DossierOutline = z.strictObject({
  document: DocumentSection,
  facts: z.array(z.unknown()),
  adds: z.array(Addition).default([]).describe('Further words that carry facts of other dossiers.'),
  corrects: z.array(Correction).default([]).describe('What the record had wrong in facts of other dossiers.'),
  develops: z
    .array(Development)
    .default([])
    .describe('How the world moved on from facts of other dossiers: a status, a post.'),
  retractions: z.array(Retraction).default([]).describe('What this dossier gave, and gives no more.'),
  renames: z.array(Rename).default([]).describe('Facts of this dossier that get another id.'),
  uncovered: z.array(UncoveredPassage).default([]).describe('Passages that no fact is drawn from, and why.'),
});
export type DossierOutline = z.output<typeof DossierOutline>;

/** The whole form, for `schemas/dossier.json`. */
export const Dossier = DossierOutline.extend({
  facts: z.array(
    z.discriminatedUnion('type', [...factSchemasByType.values()] as [ReturnType<typeof createFactSchema>]),
  ),
});

/** What a file may leave out, said outright: two dossiers that differ only in that are the same. */
const EMPTY_SECTIONS = { adds: [], corrects: [], develops: [], retractions: [], renames: [], uncovered: [] };

/** An authored dossier with every section that there is. */
export const normalizeSections = (value: unknown): Record<string, unknown> => {
  const { document, facts, ...rest } = value as Record<string, unknown>;
  return { document, facts, ...EMPTY_SECTIONS, ...rest };
};
