/** Exports of one fact, in the formats that support a single fact; each format is a separate operation. */
import type { FastifyInstance } from 'fastify';
import type { Format } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import { defineOperation } from '../../http/route-definition.ts';
import { pascalCase, withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { buildFactPathParameters } from '../params/fact-params.ts';
import { respond } from '../respond/respond.ts';
import { exportFact } from '../service/exports.ts';
import { getFact } from '../service/facts.ts';
import type { FactService } from '../service/snapshot-reader.ts';

export function factExportRoutes(app: FastifyInstance, service: FactService, factType: FactType): void {
  for (const format of getFormats(factType)) {
    if (format.item) factExportRoute(app, service, factType, format, format.item);
  }
}

function factExportRoute(
  app: FastifyInstance,
  service: FactService,
  factType: FactType,
  { extension, mediaType, title, description }: Format<unknown>,
  format: NonNullable<Format['item']>,
): void {
  const { collection, noun, componentName } = factType;
  const options = defineOperation({
    operationId: `get${componentName}${pascalCase(extension)}`,
    tag: factType.title,
    summary: `Get ${withArticle(noun)} as ${title}`,
    description: `One ${noun}, in the form that the list in this format has.`,
    path: () => buildFactPathParameters(factType),
    asOf: true,
    response: {
      description: `The fact as ${title}. ${description}`,
      component: `Fact${pascalCase(extension)}`,
      mediaType,
      schema: () => format.schema(factType),
    },
    conditional: true,
    problems: ['not-found'],
    redirectsRenamed: true,
    example: `/v1/${collection}/${factType.exampleId}.${extension}`,
  });
  app.get(`/v1/${collection}/:id.${extension}`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return respond({ service, request, reply }, { mediaType, hasAbsoluteUrls: true }, async (reader) => {
      const fact = await getFact(reader, factType, id);
      return exportFact(factType, fact, { extension, publicUrl: app.publicUrl() });
    });
  });
}
