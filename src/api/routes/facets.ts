/** Counts of facts by field value, for the filters and charts of a dashboard. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import {
  CSV_MEDIA_TYPE,
  type CsvParameters,
  csvParameters,
  formatCsvHeader,
  formatCsvRows,
} from '../../formats/csv.ts';
import type { Cell } from '../../formats/table-columns.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { commaSeparated, integerBetween, singleValue } from '../../http/params.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { chunk } from '../../lib/chunk.ts';
import { type FactBody, refKey } from '../../model/fact-body.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Reference } from '../../model/fields.ts';
import { toTermValue } from '../../model/index-terms.ts';
import { type Field, getValuesAtPath } from '../../model/schema-fields.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { countValues, loadBodies, type ValueCount } from '../../store/queries/facets.ts';
import { findLabels } from '../../store/queries/facts.ts';
import type { FilterQuery } from '../../store/queries/list.ts';
import { deferIfSlow } from '../../workers/slow-query.ts';
import { buildFilterParameters, parseFilters } from '../params/list-params.ts';
import { asOfParam } from '../respond/as-of.ts';
import { respond } from '../respond/respond.ts';
import { respondStream } from '../respond/respond-stream.ts';

export const MAX_FACET_VALUES = 1_000;
const DEFAULT_FACET_VALUES = 100;

const FacetValue = z
  .object({
    value: z
      .string()
      .describe('Value as the filter of the same name takes it; none for facts without a value.'),
    label: z.string().describe('Label of the referenced fact; for other values, the value itself.'),
    count: z.int().min(1).describe('Number of facts with the value.'),
  })
  .meta({ id: 'FacetValue', description: 'Value with the number of facts that have it.' });

const Facet = z
  .object({
    field: z.string().describe('Filter whose values are counted.'),
    distinct: z.int().min(0).describe('Number of distinct values, including those beyond the limit.'),
    values: z.array(FacetValue).describe('Values, most frequent first, then sorted by value.'),
  })
  .meta({ id: 'Facet', description: 'Counts of facts by the values of one field.' });

const Facets = z
  .object({
    data: z.array(Facet),
    meta: z
      .object({ revision: z.int().min(0).describe('Revision that was read; 0 for an empty store.') })
      .meta({ id: 'FacetsMeta' }),
  })
  .meta({ id: 'Facets', description: 'Counts of facts by value, for each requested field.' });

export function facetRoutes(app: FastifyInstance, store: Store, factType: FactType): void {
  facetJsonRoute(app, store, factType);
  facetCsvRoute(app, store, factType);
}

/** Returns the parameters for the fields to count and the facts to count in. */
const buildCountParameters = (factType: FactType) => ({
  by: commaSeparated(factType.facetSchema).describe(
    `Fields whose values are counted: ${factType.facetNames.join(', ')}.`,
  ),
  ...buildFilterParameters(factType).shape,
});

const COUNT_DESCRIPTION =
  'Values of the filtered facts, each with its number of facts. A fact with several values counts for each.';

function facetJsonRoute(app: FastifyInstance, store: Store, factType: FactType): void {
  const { collection } = factType;
  const [firstFacet] = factType.facetNames;
  const options = defineOperation({
    operationId: `list${factType.componentName}Facets`,
    tag: factType.title,
    summary: `Count ${collection.replaceAll('-', ' ')} by value`,
    description: COUNT_DESCRIPTION,
    query: () =>
      z.strictObject({
        ...buildCountParameters(factType),
        limit: singleValue(integerBetween(1, MAX_FACET_VALUES))
          .default(DEFAULT_FACET_VALUES)
          .describe(
            `Maximum number of values per field, from 1 to ${MAX_FACET_VALUES}. Default ${DEFAULT_FACET_VALUES}.`,
          ),
        asOf: asOfParam,
      }),
    response: { description: 'Counts by value.', mediaType: JSON_MEDIA_TYPE, schema: Facets },
    conditional: true,
    alternates: true,
    problems: [],
    example: `/v1/${collection}/facets?by=${firstFacet}&limit=3`,
  });
  app.get(`/v1/${collection}/facets`, options, (request, reply) => {
    const { by, limit } = request.query as { by: string[]; limit: number };
    const context = { store, request, reply };
    const countFacet = createFacetCounter(store, factType, request.query as Record<string, unknown>);
    const { limit: _, ...values } = getCanonicalUrl(request).values;
    const alternates = [
      {
        mediaType: CSV_MEDIA_TYPE,
        title: 'CSV',
        url: `/v1/${collection}/facets.csv${formatCanonicalQuery(values)}`,
      },
    ];
    return respond(context, { alwaysExists: true, alternates }, async (db, { revision }) => {
      await deferIfSlow(context, db);
      const data = [];
      for (const name of new Set(by)) data.push(await countFacet(db, revision, name, limit));
      return { data, meta: { revision } };
    });
  });
}

const COLUMNS = ['field', 'value', 'label', 'count'];

function facetCsvRoute(app: FastifyInstance, store: Store, factType: FactType): void {
  const { collection } = factType;
  const path = `/v1/${collection}/facets.csv`;
  const options = defineOperation({
    operationId: `export${factType.componentName}FacetsCsv`,
    tag: factType.title,
    summary: `Export counts of ${collection.replaceAll('-', ' ')} by value as CSV`,
    description: `${COUNT_DESCRIPTION} One row per value, most frequent first, with the columns ${COLUMNS.join(', ')}.`,
    query: () => z.strictObject({ ...buildCountParameters(factType), ...csvParameters, asOf: asOfParam }),
    response: { description: 'Counts by value as CSV.', mediaType: CSV_MEDIA_TYPE, schema: z.string() },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?by=${factType.facetNames[0]}`,
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as { by: string[] } & CsvParameters;
    const countFacet = createFacetCounter(store, factType, request.query as Record<string, unknown>);
    const fields = [...new Set(parameters.by)];
    return respondStream<Cell[], number>(
      { store, request, reply },
      {
        mediaType: CSV_MEDIA_TYPE,
        filename: `${collection}-facets.csv`,
        async read(db, revision, after) {
          const index = after ?? 0;
          const { field, values } = await countFacet(db, revision, fields[index] as string, null);
          const rows = values.map(({ value, label, count }) => [field, value, label, count]);
          return { rows, next: index + 1 < fields.length ? index + 1 : null };
        },
        async *serialize(pages) {
          yield formatCsvHeader(COLUMNS, parameters);
          for await (const rows of pages) yield formatCsvRows(rows, parameters);
        },
      },
    );
  });
}

/** Returns a function that counts the values of a field in the facts that match `parameters`. */
function createFacetCounter(store: Store, factType: FactType, parameters: Record<string, unknown>) {
  const filters = parseFilters(factType, parameters, store.synonyms);
  const includeRetracted = parameters['include'] !== undefined;
  return (db: Reader, revision: number, name: string, limit: number | null) => {
    const field = factType.filterFields.get(name) as Field;
    return loadFacet(db, { type: factType.type, revision, filters, includeRetracted }, name, field, limit);
  };
}

async function loadFacet(
  db: Reader,
  query: FilterQuery,
  name: string,
  field: Field,
  limit: number | null,
): Promise<z.output<typeof Facet>> {
  const counts = await countValues(db, query, field, limit);
  const references = counts.flatMap(({ value, refType }) => (refType ? [{ type: refType, id: value }] : []));
  const labels = await findLabels(db, query.revision, references);
  const originalValues = await loadOriginalValues(db, counts, field);
  const values = counts.map((valueCount) => {
    const { count, value, refType, absent } = valueCount;
    if (absent) return { value: 'none', label: 'none', count };
    if (!refType) {
      const originalValue = originalValues.get(valueCount) as string;
      return { value: originalValue, label: originalValue, count };
    }
    const reference: Reference = { type: refType, id: value };
    const filterValue = field.allowedTypes.length === 1 ? value : refKey(reference);
    return { value: filterValue, label: labels.get(refKey(reference))?.label ?? value, count };
  });
  return { field: name, distinct: counts[0]?.distinct ?? 0, values };
}

/** Loads non-reference values from the facts, as the index may have them normalized or truncated. */
async function loadOriginalValues(
  db: Reader,
  counts: ValueCount[],
  { path }: Field,
): Promise<Map<ValueCount, string>> {
  const originalValues = new Map<ValueCount, string>();
  const nonReferences = counts.filter(({ refType, absent }) => refType === null && !absent);
  for (const batch of chunk(nonReferences)) {
    const bodies = await loadBodies(
      db,
      batch.map(({ row }) => row),
    );
    for (const valueCount of batch) {
      const values = getValuesAtPath(JSON.parse(bodies.get(valueCount.row) as string) as FactBody, path);
      const value = values.find(
        (each) => toTermValue(each as string | number | boolean) === valueCount.value,
      );
      originalValues.set(valueCount, String(value));
    }
  }
  return originalValues;
}
