/** The filters that all types have: by what stands around a fact's own fields. */
import * as z from 'zod';
import { pascalCase } from '../lib/case.ts';
import { closedVocabulary, nullable, reference } from './fields.ts';
import { InferenceKind } from './inference.ts';
import { extractFields, type Field } from './schema-fields.ts';

/** Filter parameter → field; documents are the source, so they have no evidence to filter by. */
export function getCommonFilterFields(
  componentName: string,
  fieldNames: string[],
  hasEvidence: boolean,
): [name: string, field: Field][] {
  const commonSchema = z.object({
    evidence: z
      .array(z.object({ document: reference('document') }))
      .describe('The document of some of its evidence.'),
    accordingTo: nullable(reference('statement')).describe(
      'The only statement that vouches for it; none: what a document says in its own voice.',
    ),
    inferences: z.array(
      z.object({
        fields: z.array(
          closedVocabulary(
            `${componentName}Field`,
            fieldNames as [string, ...string[]],
            'A field that was inferred, at least in part.',
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
