/** List of the facts that refer to a fact. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { createPageSchema, factSummaryShape } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { findReferrers } from '../../store/queries/references.ts';
import { pageParameters, respondPage, takePage } from '../respond/respond.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import { buildFactPathParameters, findFactOrThrow } from './fact.ts';

const Referrer = z
  .object({
    ...factSummaryShape,
    field: z.string().describe('Path of the field with the reference, such as participants.actor.'),
  })
  .meta({ id: 'Referrer', description: 'Fact that refers to the requested fact.' });

const ReferrerPage = createPageSchema('ReferrerPage', 'A page of facts that refer to a fact.', Referrer);

/** Type, id and field, which the list is sorted by. */
const ReferrerPositionSchema = z.tuple([z.string(), z.string(), z.string()]);

export function referenceRoute(app: FastifyInstance, store: Store, factType: FactType): void {
  const { type, collection, noun } = factType;
  const options = defineOperation({
    operationId: `list${factType.componentName}References`,
    tag: factType.title,
    summary: `List references to ${withArticle(noun)}`,
    description: `All facts that refer to the ${noun}, with the referring field, sorted by type, id and field.`,
    path: () => buildFactPathParameters(factType),
    query: () => z.strictObject(pageParameters),
    response: {
      description: 'A page of references.',
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
      { store, request, reply },
      { positionSchema: ReferrerPositionSchema },
      async (db, { revision }, after, limit) => {
        await findFactOrThrow(db, factType, id, revision);
        const matches = await findReferrers(db, revision, { type, id }, after, limit + 1);
        const { rows, next } = takePage(matches, limit, ({ type, id, field }): [string, string, string] => [
          type,
          id,
          field,
        ]);
        return { data: rows.map((row) => ({ ...row, links: buildFactLinks(row) })), next };
      },
    );
  });
}
