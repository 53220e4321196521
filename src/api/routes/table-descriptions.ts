/** Descriptions of the CSVs for programs: one for each, and one for all of them. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { CSVW_MEDIA_TYPE, type CsvParameters, csv, getCsvColumns } from '../../formats/csv.ts';
import { buildCsvMetadata, CsvMetadata } from '../../formats/tabular/csvw.ts';
import { buildDataPackage, DataPackage } from '../../formats/tabular/data-package.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import type { FactType } from '../../model/fact-type.ts';
import {
  buildFormatParameters,
  includeParam,
  type ListParameters,
  parseListQuery,
} from '../params/list-params.ts';
import { respond } from '../respond/respond.ts';
import type { FactService } from '../service/snapshot-reader.ts';

export function csvMetadataRoute(app: FastifyInstance, service: FactService, factType: FactType): void {
  const { collection, pluralComponentName, title } = factType;
  const path = `/v1/${collection}.csv-metadata.json`;
  const options = defineOperation({
    operationId: `get${pluralComponentName}CsvMetadata`,
    tag: title,
    summary: `Describe the CSV of ${collection.replaceAll('-', ' ')}`,
    description:
      `Columns of \`/v1/${collection}.csv\` with their types, as CSV on the Web (W3C). It takes the parameters of the CSV, ` +
      'whose `Link` header names it.',
    query: () => buildFormatParameters(factType, csv),
    asOf: true,
    response: {
      description: 'Description of the CSV.',
      component: 'CsvDescription',
      mediaType: CSVW_MEDIA_TYPE,
      schema: CsvMetadata,
    },
    conditional: true,
    problems: [],
    example: path,
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as ListParameters & CsvParameters;
    // Invalid filters are errors here too.
    parseListQuery(factType, parameters, service.store.synonyms);
    const { values } = getCanonicalUrl(request);
    return respond(
      { service, request, reply },
      { mediaType: CSVW_MEDIA_TYPE, alwaysExists: true },
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
