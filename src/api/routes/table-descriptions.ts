/** Descriptions of the CSVs for programs: one for each, and one for all of them. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { CSVW_MEDIA_TYPE, type CsvParameters, csv, csvParameters, getCsvColumns } from '../../formats/csv.ts';
import { buildCsvMetadata, CsvMetadata } from '../../formats/tabular/csvw.ts';
import { buildDataPackage, DataPackage } from '../../formats/tabular/data-package.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { parseParams } from '../../http/params.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { defineOperation, JSON_MEDIA_TYPE, lazy, withAsOf } from '../../http/route-definition.ts';
import { closedVocabulary } from '../../model/fields.ts';
import { factTypes } from '../../model/types/index.ts';
import {
  buildFormatParameters,
  includeParam,
  type ListParameters,
  parseListQuery,
} from '../params/list-params.ts';
import { respond } from '../respond/respond.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const CollectionName = closedVocabulary(
  'CollectionName',
  factTypes.map(({ collection }) => collection) as [string, ...string[]],
  'Collection of facts.',
);

/** Fact types with the parameters of their CSVs, by collection. */
const csvTypes = new Map(
  factTypes.map((factType) => [
    factType.collection,
    { factType, getQuerySchema: lazy(() => withAsOf(buildFormatParameters(factType, csv))) },
  ]),
);
type CsvType = NonNullable<ReturnType<typeof csvTypes.get>>;

/** One operation for all collections: with the filters of each, they would take a tenth of the OpenAPI document. */
export function csvMetadataRoute(app: FastifyInstance, service: FactService): void {
  const { schema, ...options } = defineOperation({
    operationId: 'getCsvMetadata',
    tag: 'Exports',
    summary: 'Describe the CSV of a collection',
    description:
      'Columns of `/v1/{collection}.csv` with their types, as CSV on the Web (W3C). It takes all parameters of the CSV, whose ' +
      '`Link` header names it.',
    path: () =>
      z.strictObject({
        collection: CollectionName.meta({ description: 'Collection of the CSV.', example: 'events' }),
      }),
    query: () => z.looseObject(csvParameters),
    asOf: true,
    response: { description: 'Description of the CSV.', mediaType: CSVW_MEDIA_TYPE, schema: CsvMetadata },
    conditional: true,
    problems: [],
    example: '/v1/events.csv-metadata.json',
  });
  // The handler validates the parameters, by the schema of the collection, so that one error names all of them.
  const routeOptions = { ...options, schema: { ...schema, querystring: () => z.looseObject({}) } };
  app.get('/v1/:collection.csv-metadata.json', routeOptions, (request, reply) => {
    const { collection } = request.params as { collection: string };
    const { factType, getQuerySchema } = csvTypes.get(collection) as CsvType;
    const { values } = getCanonicalUrl(request);
    const parameters = parseParams(getQuerySchema(), values) as ListParameters &
      CsvParameters & { asOf?: string };
    // Invalid filters are errors here too.
    parseListQuery(factType, parameters, service.store.synonyms);
    return respond(
      { service, request, reply },
      { mediaType: CSVW_MEDIA_TYPE, alwaysExists: true, asOf: parameters.asOf },
      async () =>
        buildCsvMetadata(factType, {
          columns: getCsvColumns(factType, parameters),
          url: `${collection}.csv${formatCanonicalQuery(values)}`,
          parameters,
        }),
    );
  });
}

export function dataPackageRoute(app: FastifyInstance, service: FactService): void {
  const path = '/v1/datapackage.json';
  const options = defineOperation({
    operationId: 'getDataPackage',
    tag: 'Exports',
    summary: 'Describe the CSVs of all collections',
    description:
      'Frictionless Data Package of all CSVs at one revision: types, primary and foreign keys, allowed and missing values. ' +
      'They follow from the declarations, also for columns that are still empty. A current fact may refer to a retracted ' +
      'one: with `include=retracted`, every foreign key finds its row.',
    query: () => z.strictObject({ include: includeParam }),
    asOf: true,
    response: {
      description: 'The data package.',
      mediaType: JSON_MEDIA_TYPE,
      schema: DataPackage,
    },
    conditional: true,
    problems: [],
    example: path,
  });
  app.get(path, options, (request, reply) => {
    const includeRetracted = (request.query as { include?: string }).include === 'retracted';
    return respond(
      { service, request, reply },
      { alwaysExists: true, hasAbsoluteUrls: true },
      async ({ snapshot }) => buildDataPackage({ ...snapshot, publicUrl: app.publicUrl(), includeRetracted }),
    );
  });
}
