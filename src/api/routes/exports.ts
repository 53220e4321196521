/** Exports of complete lists; each format is a separate operation. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Format } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import { defineOperation } from '../../http/route-definition.ts';
import { pascalCase } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import {
  buildExportParameters,
  buildFieldsParameter,
  type ListParameters,
  parseListQuery,
} from '../params/list-params.ts';
import { respondExport } from '../respond/respond-export.ts';
import { exportFacts } from '../service/exports.ts';
import type { FactService } from '../service/snapshot-reader.ts';

export function exportRoutes(app: FastifyInstance, service: FactService, factType: FactType): void {
  for (const format of getFormats(factType)) exportRoute(app, service, factType, format);
}

function exportRoute(
  app: FastifyInstance,
  service: FactService,
  factType: FactType,
  format: Format<unknown>,
): void {
  const { collection, pluralComponentName, title } = factType;
  const { extension, mediaType } = format;
  const path = `/v1/${collection}.${extension}`;
  const options = defineOperation({
    operationId: `export${pluralComponentName}${pascalCase(extension)}`,
    tag: title,
    summary: `Export ${collection.replaceAll('-', ' ')} as ${format.title}`,
    description: `${format.describe(factType)} Complete list at one revision, with the same filters, not paginated.`,
    query: () =>
      z.strictObject({
        ...buildExportParameters(factType, format.defaultSort).shape,
        ...(format.hasFields && { fields: buildFieldsParameter(factType) }),
        ...format.parameters?.(factType),
      } as z.ZodRawShape),
    asOf: true,
    response: {
      description: `Facts as ${format.title}.`,
      mediaType,
      schema: () => format.schema(factType),
    },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?${format.exampleQuery?.(factType) ?? `ids=${factType.exampleId}`}`,
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as ListParameters;
    const list = parseListQuery(factType, parameters, service.store.synonyms);
    return respondExport(
      { service, request, reply },
      { mediaType, filename: `${collection}.${extension}` },
      exportFacts({ ...list, extension, parameters }),
    );
  });
}
