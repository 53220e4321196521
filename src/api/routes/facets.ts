/** How many facts have which value: what a dashboard draws its filters and bars from. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { CSV_TYPE, type CsvParameters, csvHeader, csvLines, csvParameters } from '../../formats/csv.ts';
import type { Cell } from '../../formats/table-columns.ts';
import { canonicalUrl } from '../../http/canonical-url.ts';
import { many, single, wholeNumber } from '../../http/params.ts';
import { canonicalQuery } from '../../http/query-string.ts';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import { batches } from '../../lib/chunk.ts';
import { type FactBody, keyOf } from '../../model/fact-body.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Reference } from '../../model/fields.ts';
import { termValue } from '../../model/index-terms.ts';
import { type Field, valuesAt } from '../../model/schema-fields.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { bodiesOf, countValues, type ValueCount } from '../../store/queries/facets.ts';
import { labelsOf } from '../../store/queries/facts.ts';
import type { FilterQuestion } from '../../store/queries/list.ts';
import { mayScan } from '../../workers/slow-query.ts';
import { conditionsOf, filterParameters } from '../params/list-params.ts';
import { asOf } from '../respond/as-of.ts';
import { answer } from '../respond/respond.ts';
import { answerStream } from '../respond/respond-stream.ts';

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

/** The counts as JSON and as a table. */
export function facets(app: FastifyInstance, store: Store, resource: Resource): void {
  facetsAsJson(app, store, resource);
  facetsAsCsv(app, store, resource);
}

/** What is counted, and in which facts. */
const countParameters = (resource: Resource) => ({
  by: many(resource.facetField).describe(`The fields to count by: ${resource.facetNames.join(', ')}.`),
  ...filterParameters(resource).shape,
});

const COUNTED =
  'Each value that the filtered facts have, with how many have it. A fact with several is counted in each.';

function facetsAsJson(app: FastifyInstance, store: Store, resource: Resource): void {
  const { collection } = resource;
  const [first] = resource.facetNames;
  const options = operation({
    operationId: `list${resource.component}Facets`,
    tag: resource.title,
    summary: `Count ${collection.replaceAll('-', ' ')} by value`,
    description: COUNTED,
    query: () =>
      z.strictObject({
        ...countParameters(resource),
        limit: single(wholeNumber(1, MAX_FACET_VALUES))
          .default(DEFAULT_FACET_VALUES)
          .describe('How many values of each field to give; `distinct` says how many there are.'),
        asOf,
      }),
    answer: { description: 'The counts.', mediaType: JSON_TYPE, schema: Facets },
    conditional: true,
    alternates: true,
    problems: [],
    example: `/v1/${collection}/facets?by=${first}&limit=3`,
  });
  app.get(`/v1/${collection}/facets`, options, (request, reply) => {
    const { by, limit } = request.query as { by: string[]; limit: number };
    const exchange = { store, request, reply };
    const count = counting(store, resource, request.query as Record<string, unknown>);
    const { limit: _, ...values } = canonicalUrl(request).values;
    const alternates = [
      { mediaType: CSV_TYPE, title: 'CSV', url: `/v1/${collection}/facets.csv${canonicalQuery(values)}` },
    ];
    return answer(exchange, { always: true, alternates }, async (db, { revision }) => {
      await mayScan(exchange, db);
      const data = [];
      for (const name of new Set(by)) data.push(await count(db, revision, name, limit));
      return { data, meta: { revision } };
    });
  });
}

const COLUMNS = ['field', 'value', 'label', 'count'];

function facetsAsCsv(app: FastifyInstance, store: Store, resource: Resource): void {
  const { collection } = resource;
  const path = `/v1/${collection}/facets.csv`;
  const options = operation({
    operationId: `export${resource.component}FacetsCsv`,
    tag: resource.title,
    summary: `Export counts of ${collection.replaceAll('-', ' ')} by value as CSV`,
    description: `${COUNTED} One row a value, with the columns ${COLUMNS.join(', ')}; all values, the most frequent first.`,
    query: () => z.strictObject({ ...countParameters(resource), ...csvParameters, asOf }),
    answer: { description: 'The counts as CSV.', mediaType: CSV_TYPE, schema: z.string() },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?by=${resource.facetNames[0]}`,
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as { by: string[] } & CsvParameters;
    const count = counting(store, resource, request.query as Record<string, unknown>);
    const fields = [...new Set(parameters.by)];
    return answerStream<Cell[], number>(
      { store, request, reply },
      {
        mediaType: CSV_TYPE,
        filename: `${collection}-facets.csv`,
        async read(db, revision, after) {
          const at = after ?? 0;
          const { field, values } = await count(db, revision, fields[at] as string, null);
          const rows = values.map(({ value, label, count }) => [field, value, label, count]);
          return { rows, next: at + 1 < fields.length ? at + 1 : null };
        },
        async *write(pages) {
          yield csvHeader(COLUMNS, parameters);
          for await (const rows of pages) yield csvLines(rows, parameters);
        },
      },
    );
  });
}

/** Counts the values of one field in the facts that `parameters` ask for. */
function counting(store: Store, resource: Resource, parameters: Record<string, unknown>) {
  const conditions = conditionsOf(resource, parameters, store.synonyms);
  const retracted = parameters['include'] !== undefined;
  return (db: Reader, revision: number, name: string, limit: number | null) => {
    const field = resource.filterFields.get(name) as Field;
    return facetOf(db, { type: resource.type, revision, conditions, retracted }, name, field, limit);
  };
}

async function facetOf(
  db: Reader,
  question: FilterQuestion,
  name: string,
  field: Field,
  limit: number | null,
): Promise<z.output<typeof Facet>> {
  const counts = await countValues(db, question, field, limit);
  const references = counts.flatMap(({ value, refType }) => (refType ? [{ type: refType, id: value }] : []));
  const labels = await labelsOf(db, question.revision, references);
  const plain = await plainValues(db, counts, field);
  const values = counts.map((counted) => {
    const { count, value, refType, absent } = counted;
    if (absent) return { value: 'none', label: 'none', count };
    if (!refType) {
      const found = plain.get(counted) as string;
      return { value: found, label: found, count };
    }
    const reference: Reference = { type: refType, id: value };
    const written = field.types.length === 1 ? value : keyOf(reference);
    return { value: written, label: labels.get(keyOf(reference))?.label ?? value, count };
  });
  return { field: name, distinct: counts[0]?.distinct ?? 0, values };
}

/** Values that are no references, as the facts have them: the index may hold them in another form, or cut. */
async function plainValues(
  db: Reader,
  counts: ValueCount[],
  { path }: Field,
): Promise<Map<ValueCount, string>> {
  const found = new Map<ValueCount, string>();
  const plain = counts.filter(({ refType, absent }) => refType === null && !absent);
  for (const batch of batches(plain)) {
    const bodies = await bodiesOf(
      db,
      batch.map(({ row }) => row),
    );
    for (const counted of batch) {
      const values = valuesAt(JSON.parse(bodies.get(counted.row) as string) as FactBody, path);
      const value = values.find((each) => termValue(each as string | number | boolean) === counted.value);
      found.set(counted, String(value));
    }
  }
  return found;
}
