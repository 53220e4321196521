/** The filters that all types have: by what stands around a fact's own fields. */
import * as z from 'zod';
import { pascal } from '../lib/case.ts';
import { nullable, reference, vocabulary } from './fields.ts';
import { InferenceKind } from './inference.ts';
import { type Field, fieldsOf } from './schema-fields.ts';

/** Filter parameter → field; documents are the source, so they have no evidence to filter by. */
export function commonFilters(
  component: string,
  fieldNames: string[],
  sourced: boolean,
): [name: string, field: Field][] {
  const surroundings = z.object({
    evidence: z
      .array(z.object({ document: reference('document') }))
      .describe('The document of some of its evidence.'),
    accordingTo: nullable(reference('statement')).describe(
      'The only statement that vouches for it; none: what a document says in its own voice.',
    ),
    inferences: z.array(
      z.object({
        fields: z.array(
          vocabulary(
            `${component}Field`,
            fieldNames as [string, ...string[]],
            'A field that was inferred, at least in part.',
            fieldNames.map(pascal),
          ),
        ),
        kind: InferenceKind,
      }),
    ),
  });
  const fields = new Map(fieldsOf(surroundings).map((field) => [field.path, field]));
  const paths = {
    document: 'evidence.document',
    accordingTo: 'accordingTo',
    inferred: 'inferences.fields',
    inference: 'inferences.kind',
  };
  return Object.entries(paths)
    .filter(([, path]) => sourced || path.startsWith('inferences.'))
    .map(([name, path]) => [name, fields.get(path) as Field]);
}
