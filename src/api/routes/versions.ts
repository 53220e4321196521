import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { createPageSchema } from '../../model/response-schemas.ts';
import { buildFactPathParameters } from '../params/fact-params.ts';
import { pageParameters } from '../params/page-params.ts';
import { respondPage } from '../respond/respond.ts';
import {
  attributionShape,
  changeShape,
  FieldChangeList,
  NumberPositionSchema,
  revisionShape,
} from '../serialize/changes.ts';
import { listVersions } from '../service/history.ts';
import { createLookup } from '../service/query.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const FactVersion = z
  .object({
    version: z.int().min(1),
    id: z.string().describe('Id of the fact in this version.'),
    ...revisionShape,
    ...attributionShape,
    ...changeShape,
    fields: FieldChangeList,
    links: z
      .object({ self: z.string().describe('Path-absolute URL of the version.') })
      .meta({ id: 'FactVersionLinks' }),
  })
  .meta({
    id: 'FactVersion',
    description: 'Version of a fact, with its author, its cause and what it changed.',
  });

const FactVersionPage = createPageSchema('FactVersionPage', 'A page of versions of a fact.', FactVersion);

export function versionRoute(app: FastifyInstance, service: FactService, factType: FactType): void {
  const { collection, noun, componentName, title, exampleId } = factType;
  const options = defineOperation({
    operationId: `list${componentName}Versions`,
    tag: title,
    summary: `List versions of ${withArticle(noun)}`,
    description: `All versions of the ${noun}.`,
    path: () => buildFactPathParameters(factType),
    query: () => z.strictObject(pageParameters),
    asOf: true,
    response: {
      description: 'A page of versions, oldest first, each with its author, cause and changed fields.',
      component: 'Versions',
      mediaType: JSON_MEDIA_TYPE,
      schema: FactVersionPage,
    },
    conditional: true,
    problems: ['not-found'],
    redirectsRenamed: true,
    example: `/v1/${collection}/${exampleId}/versions?limit=1`,
  });
  app.get(`/v1/${collection}/:id/versions`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return respondPage(
      { service, request, reply },
      { positionSchema: NumberPositionSchema },
      (after, limit) => createLookup((reader) => listVersions(reader, factType, id, { after, limit })),
    );
  });
}
