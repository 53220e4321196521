/** List of the facts that refer to a fact. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { createPageSchema, factSummaryShape } from '../../model/response-schemas.ts';
import { buildFactPathParameters } from '../params/fact-params.ts';
import { pageParameters } from '../params/page-params.ts';
import { respondPage } from '../respond/respond.ts';
import { createLookup } from '../service/query.ts';
import { listReferrers, type ReferrerPosition } from '../service/references.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const Referrer = z
  .object({
    ...factSummaryShape,
    field: z.string().describe('Path of the field with the reference, such as participants.actor.'),
  })
  .meta({ id: 'Referrer', description: 'Fact that refers to the requested fact.' });

const ReferrerPage = createPageSchema('ReferrerPage', 'A page of facts that refer to a fact.', Referrer);

const ReferrerPositionSchema: z.ZodType<ReferrerPosition> = z.tuple([z.string(), z.string(), z.string()]);

export function referenceRoute(app: FastifyInstance, service: FactService, factType: FactType): void {
  const { collection, noun } = factType;
  const options = defineOperation({
    operationId: `list${factType.componentName}References`,
    tag: factType.title,
    summary: `List references to ${withArticle(noun)}`,
    description: `All facts that refer to the ${noun}.`,
    path: () => buildFactPathParameters(factType),
    query: () => z.strictObject(pageParameters),
    asOf: true,
    response: {
      description: 'A page of facts with the referring field, sorted by type, id and field.',
      component: 'References',
      mediaType: JSON_MEDIA_TYPE,
      schema: ReferrerPage,
    },
    conditional: true,
    problems: ['not-found'],
    redirectsRenamed: true,
    example: `/v1/${collection}/${factType.exampleId}/references?limit=2`,
  });
  app.get(`/v1/${collection}/:id/references`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return respondPage(
      { service, request, reply },
      { positionSchema: ReferrerPositionSchema },
      (after, limit) => createLookup((reader) => listReferrers(reader, factType, id, { after, limit })),
    );
  });
}
