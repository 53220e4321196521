/** Exports of complete lists; each format is a separate operation. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Format } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { defineOperation } from '../../http/route-definition.ts';
import { pascalCase } from '../../lib/case.ts';
import { getEssence } from '../../lib/media-type.ts';
import type { FactType } from '../../model/fact-type.ts';
import { buildFormatParameters, type ListParameters, parseListQuery } from '../params/list-params.ts';
import { MAX_LINK_LENGTH } from '../respond/content-negotiation.ts';
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
    description: ['All matching facts, not paginated.', format.describe?.(factType) ?? []].flat().join(' '),
    query: () => buildFormatParameters(factType, format),
    asOf: true,
    response: {
      description: `Facts as ${format.title}. ${format.description}`,
      component: `Facts${pascalCase(extension)}`,
      mediaType,
      schema: () => format.schema(factType),
      ...(format.columnDescription && { headers: ['Link'] }),
    },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?ids=${factType.exampleId}`,
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as ListParameters;
    const list = parseListQuery(factType, parameters, service.store.synonyms);
    return respondExport(
      { service, request, reply },
      {
        mediaType,
        filename: `${collection}.${extension}`,
        link: format.columnDescription
          ? formatDescriptionLink(factType, format.columnDescription, request)
          : null,
      },
      exportFacts({ ...list, extension, parameters }),
    );
  });
}

/** Formats the link to the description of the same table; null if it is too long for a header. */
function formatDescriptionLink(
  { collection }: FactType,
  { extension, mediaType }: NonNullable<Format['columnDescription']>,
  request: FastifyRequest,
): string | null {
  const query = formatCanonicalQuery(getCanonicalUrl(request).values);
  const link = `</v1/${collection}.${extension}${query}>; rel="describedby"; type="${getEssence(mediaType)}"`;
  return link.length > MAX_LINK_LENGTH ? null : link;
}
