/** How many facts have which value: what a dashboard draws its filters and bars from. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { type FactBody, keyOf } from '../facts/body.ts';
import type { Reference } from '../facts/fields.ts';
import { termValue } from '../facts/index-entries.ts';
import type { Resource } from '../facts/resource.ts';
import { type Field, valuesAt } from '../facts/schema-walk.ts';
import { JSON_TYPE, operation } from '../http/operation.ts';
import { many, single, wholeNumber } from '../http/parameters.ts';
import { countValues, type ValueCount } from '../store/facets.ts';
import type { FilterQuestion } from '../store/list.ts';
import type { Store } from '../store/open.ts';
import type { Reader } from '../store/portable/index.ts';
import { labelsOf } from '../store/read.ts';
import { answer } from './answer.ts';
import { conditionsOf, filterParameters } from './query.ts';
import { asOf } from './reading.ts';

export const MAX_FACET_VALUES = 1_000;
const DEFAULT_FACET_VALUES = 100;

const FacetValue = z
  .object({
    value: z.string().describe('As the filter of the same name takes it; none counts the facts without one.'),
    label: z.string().describe('The label of the fact that is meant; of other values the value itself.'),
    count: z.int().min(1).describe('How many facts have it.'),
  })
  .meta({ id: 'FacetValue', description: 'A value, and how many facts have it.' });

const Facet = z
  .object({
    field: z.string().describe('The filter that was counted by.'),
    distinct: z.int().min(0).describe('How many values there are, also beyond the limit.'),
    values: z.array(FacetValue).describe('The most frequent first, then by value.'),
  })
  .meta({ id: 'Facet', description: 'How many facts have which value of one field.' });

const Facets = z
  .object({
    data: z.array(Facet),
    meta: z
      .object({ revision: z.int().min(0).describe('The revision that was read; 0 of an empty store.') })
      .meta({ id: 'FacetsMeta' }),
  })
  .meta({ id: 'Facets', description: 'Counts of facts by value, for each of the fields asked for.' });

export function facets(app: FastifyInstance, store: Store, resource: Resource): void {
  const { type, collection } = resource;
  const [first] = resource.facetNames;
  const options = operation({
    operationId: `list${resource.component}Facets`,
    tag: resource.title,
    summary: `Count ${collection.replaceAll('-', ' ')} by value`,
    description:
      'Each value that the filtered facts have, with how many have it. A fact with several is counted in each.',
    query: z.strictObject({
      by: many(z.enum(resource.facetNames as [string, ...string[]])).describe(
        `The fields to count by: ${resource.facetNames.join(', ')}.`,
      ),
      ...filterParameters(resource).shape,
      limit: single(wholeNumber(1, MAX_FACET_VALUES))
        .default(DEFAULT_FACET_VALUES)
        .describe('How many values of each field to give; `distinct` says how many there are.'),
      asOf,
    }),
    answer: { description: 'The counts.', mediaType: JSON_TYPE, schema: Facets },
    conditional: true,
    problems: [],
    example: `/v1/${collection}/facets?by=${first}&limit=3`,
  });
  app.get(`/v1/${collection}/facets`, options, (request, reply) => {
    const parameters = request.query as { by: string[]; limit: number };
    const conditions = conditionsOf(resource, request.query as Record<string, unknown>, store.synonyms);
    return answer({ store, request, reply }, { always: true }, async (db, revision) => {
      const data = [];
      for (const name of new Set(parameters.by)) {
        const retracted = (request.query as { include?: string }).include !== undefined;
        const question = { type, revision, conditions, retracted };
        data.push(
          await facetOf(db, question, name, resource.filterFields.get(name) as Field, parameters.limit),
        );
      }
      return { data, meta: { revision } };
    });
  });
}

async function facetOf(
  db: Reader,
  question: FilterQuestion,
  name: string,
  field: Field,
  limit: number,
): Promise<z.output<typeof Facet>> {
  const counts = await countValues(db, question, field, limit);
  const references = counts.flatMap(({ value, refType }) => (refType ? [{ type: refType, id: value }] : []));
  const labels = await labelsOf(db, question.revision, references);
  const values = counts.map((counted) => {
    const { count, value, refType } = counted;
    if (!refType) return { ...plainValue(counted, field), count };
    const reference: Reference = { type: refType, id: value };
    const written = field.types.length === 1 ? value : keyOf(reference);
    return { value: written, label: labels.get(keyOf(reference))?.label ?? value, count };
  });
  return { field: name, distinct: counts[0]?.distinct ?? 0, values };
}

/** A value that is no reference, as the facts have it: the index may hold it in another form, or cut. */
function plainValue({ value, absent, body }: ValueCount, { path }: Field): { value: string; label: string } {
  if (absent) return { value: 'none', label: 'none' };
  const found = valuesAt(JSON.parse(body) as FactBody, path).find(
    (each) => termValue(each as string | number | boolean) === value,
  );
  return { value: String(found), label: String(found) };
}
