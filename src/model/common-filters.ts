/** Filters that all types have, by the fields around a fact's own fields. */
import * as z from 'zod';
import { pascalCase } from '../lib/case.ts';
import { closedVocabulary, nullable, reference } from './fields.ts';
import { InferenceKind } from './inference.ts';
import { extractFields, type Field } from './schema-fields.ts';

/** Maps filter parameters to fields. Documents are the source itself, so they have no evidence filters. */
export function getCommonFilterFields(
  componentName: string,
  fieldNames: string[],
  hasEvidence: boolean,
): [name: string, field: Field][] {
  const commonSchema = z.object({
    evidence: z
      .array(z.object({ document: reference('document') }))
      .describe('Document that some of the evidence is from.'),
    accordingTo: nullable(reference('statement')).describe(
      'Statement through which alone the document vouches for the fact; none: the document states it in its own voice.',
    ),
    inferences: z.array(
      z.object({
        fields: z.array(
          closedVocabulary(
            `${componentName}Field`,
            fieldNames as [string, ...string[]],
            'Field that was inferred, at least in part.',
            fieldNames.map(pascalCase),
          ),
        ),
        kind: InferenceKind,
      }),
    ),
  });
  const fields = new Map(extractFields(commonSchema).map((field) => [field.path, field]));
  const pathsByName = {
    document: 'evidence.document',
    accordingTo: 'accordingTo',
    inferred: 'inferences.fields',
    inference: 'inferences.kind',
  };
  return Object.entries(pathsByName)
    .filter(([, path]) => hasEvidence || path.startsWith('inferences.'))
    .map(([name, path]) => [name, fields.get(path) as Field]);
}
