/** The form of a dossier file: what an editor writes, and what `schemas/dossier.json` tells editors' tools. */
import * as z from 'zod';
import { authoredEvidence, Uncovered } from '../facts/evidence.ts';
import { anyOf, id, nullable, reference } from '../facts/fields.ts';
import { authoredInference } from '../facts/inference.ts';
import type { Resource } from '../facts/resource.ts';
import { authoredDocument } from '../resources/documents.ts';
import { resources } from '../resources/index.ts';

/** The `document` section: the fields that are given with the text, and what was inferred about them. */
export const DocumentSection = authoredDocument
  .extend({
    id: id.describe('The same as the name of the folder.'),
    inferences: z
      .array(authoredInference(Object.keys(authoredDocument.shape)))
      .default([])
      .describe('What was not given with the text but worked out from it.'),
  })
  .meta({ id: 'DocumentSection' });

/** What URLs mean otherwise: `/v1/events/facets`, and `organizer=none`. */
const RESERVED_IDS = ['facets', 'none'];

const factId = id
  .refine(
    (value) => !RESERVED_IDS.includes(value),
    `must not be ${anyOf(RESERVED_IDS)}, which URLs take for something else`,
  )
  .describe('Stable for ever.');

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

/** Changes to facts of other dossiers: they may stand there empty until they are taken. */
const NOT_YET = ['adds', 'corrects', 'develops', 'retractions', 'renames'];

/** A dossier whose facts are still to be held against their own schemas, one by one. */
export const DossierOutline = z.strictObject({
  document: DocumentSection,
  facts: z.array(z.unknown()),
  ...Object.fromEntries(
    NOT_YET.map((name) => [name, z.array(z.never()).max(0, 'is not taken yet').optional()]),
  ),
  uncovered: z.array(Uncovered).default([]).describe('Passages that no fact is drawn from, and why.'),
});

/** The whole form, for `schemas/dossier.json`. */
export const Dossier = DossierOutline.extend({
  facts: z.array(
    z.discriminatedUnion('type', [...authoredFacts.values()] as [ReturnType<typeof authoredFact>]),
  ),
});
