/** Counts of facts by field value, for the filters and charts of a dashboard. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { CSV_MEDIA_TYPE, type CsvParameters, csvParameters } from '../../formats/csv.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { commaSeparated, integerBetween, singleValue } from '../../http/params.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import type { FactType } from '../../model/fact-type.ts';
import { buildFilterParameters, parseFilterQuery } from '../params/list-params.ts';
import { respondQuery } from '../respond/respond.ts';
import { respondExport } from '../respond/respond-export.ts';
import { exportFacets, FACET_COLUMNS } from '../service/exports.ts';
import { countFacets } from '../service/facets.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const MAX_FACET_VALUES = 1_000;
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

export function facetRoutes(app: FastifyInstance, service: FactService, factType: FactType): void {
  facetJsonRoute(app, service, factType);
  facetCsvRoute(app, service, factType);
}

/** Returns the parameters for the fields to count and the facts to count in. */
const buildCountParameters = (factType: FactType) => ({
  by: commaSeparated(factType.facetSchema).describe(
    `Fields whose values are counted: ${factType.facetNames.join(', ')}.`,
  ),
  ...buildFilterParameters(factType).shape,
});

const FACETS_DESCRIPTION =
  'Values, each with its number of facts. A fact with several values counts for each.';

function facetJsonRoute(app: FastifyInstance, service: FactService, factType: FactType): void {
  const { collection } = factType;
  const [firstFacet] = factType.facetNames;
  const options = defineOperation({
    operationId: `list${factType.componentName}Facets`,
    tag: factType.title,
    summary: `Count ${collection.replaceAll('-', ' ')} by value`,
    description: 'Number of the matching facts by the values of the requested fields.',
    query: () =>
      z.strictObject({
        ...buildCountParameters(factType),
        limit: singleValue(integerBetween(1, MAX_FACET_VALUES))
          .default(DEFAULT_FACET_VALUES)
          .describe(
            `Maximum number of values per field, from 1 to ${MAX_FACET_VALUES}. Default ${DEFAULT_FACET_VALUES}.`,
          ),
      }),
    asOf: true,
    response: {
      description: FACETS_DESCRIPTION,
      component: 'FacetsJson',
      mediaType: JSON_MEDIA_TYPE,
      schema: Facets,
    },
    conditional: true,
    alternates: true,
    problems: [],
    example: `/v1/${collection}/facets?by=${firstFacet}&limit=3`,
  });
  app.get(`/v1/${collection}/facets`, options, (request, reply) => {
    const parameters = request.query as { by: string[]; limit: number };
    const { by, limit } = parameters;
    const filters = parseFilterQuery(factType, parameters, service.store.synonyms);
    const { limit: _, ...values } = getCanonicalUrl(request).values;
    const alternates = [
      {
        mediaType: CSV_MEDIA_TYPE,
        title: 'CSV',
        url: `/v1/${collection}/facets.csv${formatCanonicalQuery(values)}`,
      },
    ];
    return respondQuery(
      { service, request, reply },
      { alwaysExists: true, alternates },
      countFacets({ ...filters, by, limit }),
      (data, { revision }) => ({ data, meta: { revision } }),
    );
  });
}

function facetCsvRoute(app: FastifyInstance, service: FactService, factType: FactType): void {
  const { collection } = factType;
  const path = `/v1/${collection}/facets.csv`;
  const options = defineOperation({
    operationId: `export${factType.componentName}FacetsCsv`,
    tag: factType.title,
    summary: `Export counts of ${collection.replaceAll('-', ' ')} by value as CSV`,
    description: 'Number of the matching facts by the values of the requested fields, as a table.',
    query: () => z.strictObject({ ...buildCountParameters(factType), ...csvParameters }),
    asOf: true,
    response: {
      description: `${FACETS_DESCRIPTION} One row per value, most frequent first, with the columns ${FACET_COLUMNS.join(', ')}.`,
      component: 'FacetsCsv',
      mediaType: CSV_MEDIA_TYPE,
      schema: z.string(),
    },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?by=${factType.facetNames[0]}`,
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as { by: string[] } & CsvParameters;
    const { by, bom, escapeFormulas, sep } = parameters;
    const filters = parseFilterQuery(factType, parameters, service.store.synonyms);
    return respondExport(
      { service, request, reply },
      { mediaType: CSV_MEDIA_TYPE, filename: `${collection}-facets.csv` },
      exportFacets({ ...filters, by, csvParameters: { bom, escapeFormulas, sep } }),
    );
  });
}
