/** The form of a dossier file: what an editor writes, and what `schemas/dossier.json` tells editors' tools. */
import * as z from 'zod';
import { authoredEvidence, Quotation, Uncovered } from '../model/evidence.ts';
import type { Resource } from '../model/fact-type.ts';
import { anyOf, id, nothingTwice, nullable, reference, text } from '../model/fields.ts';
import { authoredInference } from '../model/inference.ts';
import { authoredDocument } from '../model/types/documents.ts';
import { resources } from '../model/types/index.ts';

/** What URLs mean otherwise: `/v1/events/facets`, and `organizer=none`. */
const RESERVED_IDS = ['facets', 'none'];

const factId = id
  .refine(
    (value) => !RESERVED_IDS.includes(value),
    `must not be ${anyOf(RESERVED_IDS)}, which URLs take for something else`,
  )
  .describe('Stable for ever.');

/** The `document` section: the fields that are given with the text, and what was inferred about them. */
export const DocumentSection = authoredDocument
  .extend({
    id: factId.describe('The same as the name of the folder.'),
    inferences: z
      .array(authoredInference(Object.keys(authoredDocument.shape)))
      .default([])
      .describe('What was not given with the text but worked out from it.'),
  })
  .meta({ id: 'DocumentSection' });

/** A fact of one type as it stands in a dossier. */
function authoredFact(resource: Resource) {
  const quotations = z.array(authoredEvidence(resource.fieldNames));
  return z
    .strictObject({
      type: z.literal(resource.type),
      id: factId,
      ...(resource.authoring ?? resource).schema.shape,
      accordingTo: nullable(reference('statement')).describe(
        'The statement through which alone the document vouches for this fact.',
      ),
      evidence: resource.authoring
        ? quotations.default([]).describe('Further words of the source that carry this fact.')
        : quotations
            .min(1, 'needs at least one quotation from the source')
            .describe('The words of the source that carry this fact.'),
      inferences: z
        .array(authoredInference(resource.fieldNames))
        .default([])
        .describe('Which fields were inferred, and from what.'),
    })
    .meta({ description: resource.summary });
}

/** The form of each type's facts, by type. */
export const authoredFacts = new Map(
  resources
    .filter((resource) => resource.sourced !== false)
    .map((resource) => [resource.type, authoredFact(resource)]),
);

/** Names of fields, which are held against the type of the fact that is meant. */
const fieldNames = z.array(z.string()).min(1, 'must name at least one field').superRefine(nothingTwice);

const AmendingEvidence = Quotation.extend({
  supports: fieldNames.describe('The fields of the fact that the words carry.'),
});

const fact = () => reference().describe('The fact that is meant, written type/id.');
const reason = () => text().describe('Why, for whoever asks later.');

const Addition = z.strictObject({
  fact: fact(),
  evidence: z.array(AmendingEvidence).min(1, 'needs at least one quotation from the source'),
});

const Development = z.strictObject({
  fact: fact(),
  fields: z
    .record(z.string(), z.unknown())
    .refine((fields) => Object.keys(fields).length > 0, 'must set at least one field')
    .describe('The fields that get another value, as the fact would give them.'),
  evidence: z.array(AmendingEvidence).default([]).describe('The words of this source that carry the values.'),
  inferences: z
    .array(authoredInference(null))
    .default([])
    .describe('Which of the values were inferred, and from what.'),
});

const Correction = Development.extend({ reason: reason() });

const Retraction = z.strictObject({
  fact: reference().describe(
    'A fact of this dossier that is withdrawn; or one of another, for which everything is withdrawn that this dossier said about it.',
  ),
  reason: reason(),
});

const Renaming = z.strictObject({
  from: reference().describe('The fact as it was called, written type/id.'),
  to: factId,
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
  renames: z.array(Renaming).default([]).describe('Facts of this dossier that get another id.'),
  uncovered: z.array(Uncovered).default([]).describe('Passages that no fact is drawn from, and why.'),
});
export type DossierOutline = z.output<typeof DossierOutline>;

/** The whole form, for `schemas/dossier.json`. */
export const Dossier = DossierOutline.extend({
  facts: z.array(
    z.discriminatedUnion('type', [...authoredFacts.values()] as [ReturnType<typeof authoredFact>]),
  ),
});

/** What a file may leave out, said outright: two dossiers that differ only in that are the same. */
const NO_SECTIONS = { adds: [], corrects: [], develops: [], retractions: [], renames: [], uncovered: [] };

/** An authored dossier with every section that there is. */
export const sectionsOf = (value: unknown): Record<string, unknown> => {
  const { document, facts, ...rest } = value as Record<string, unknown>;
  return { document, facts, ...NO_SECTIONS, ...rest };
};
