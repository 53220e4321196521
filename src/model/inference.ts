import * as z from 'zod';
import { closedVocabulary, text } from './fields.ts';

export const InferenceKind = closedVocabulary(
  'InferenceKind',
  ['derived', 'identified', 'reference', 'background'],
  'Kind of inference. derived: reasoned from the text; identified: which fact the words refer to; reference: a code ' +
    'or coordinate from a named reference library; background: common knowledge that the text relies on.',
);

const INFERENCE_DESCRIPTION = 'Explanation of field values that the text does not state outright.';

export const Inference = z
  .object({
    fields: z.array(z.string()).describe("The fact's own fields that were inferred."),
    kind: InferenceKind,
    note: z.string().describe('Basis of the inference, for a skeptical reader.'),
  })
  .meta({ id: 'Inference', description: INFERENCE_DESCRIPTION });

export type Inference = z.output<typeof Inference>;

/**
 * Creates the schema of an inference in a dossier about some of `fields`. `null` allows any field name, as in
 * `createAuthoredEvidenceSchema`.
 */
export const createAuthoredInferenceSchema = (fields: readonly string[] | null) =>
  z
    .strictObject({
      fields: z
        .array(fields ? z.enum(fields as [string, ...string[]]) : z.string())
        .min(1, 'must name at least one field')
        .meta({ ...Inference.shape.fields.meta() }),
      kind: InferenceKind,
      note: text().meta({ ...Inference.shape.note.meta() }),
    })
    .describe(INFERENCE_DESCRIPTION);
