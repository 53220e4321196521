import * as z from 'zod';
import { closedVocabulary, text } from './fields.ts';

export const InferenceKind = closedVocabulary(
  'InferenceKind',
  ['derived', 'identified', 'reference', 'background'],
  'derived: reasoned from the text; identified: who or what is meant; reference: a code or coordinate ' +
    'from a named reference library; background: common knowledge that the text leans on.',
);

/** How some fields of a fact came about that no words of the text state outright. */
export const Inference = z
  .object({
    fields: z.array(z.string()).describe("The fact's own fields that were inferred."),
    kind: InferenceKind,
    note: z.string().describe('What the inference rests on, for a sceptical reader.'),
  })
  .meta({ id: 'Inference', description: 'Why a field has a value that the text does not state outright.' });

export type Inference = z.output<typeof Inference>;

/** An inference as a dossier gives it, about some of `fields`; null where the type of the fact decides on those. */
export const createAuthoredInferenceSchema = (fields: readonly string[] | null) =>
  z.strictObject({
    fields: z
      .array(fields ? z.enum(fields as [string, ...string[]]) : z.string())
      .min(1, 'must name at least one field'),
    kind: InferenceKind,
    note: text(),
  });
