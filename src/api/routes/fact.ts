import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { selectFields } from '../../model/response-fields.ts';
import { buildFactPathParameters } from '../params/fact-params.ts';
import { buildFieldsParameter } from '../params/list-params.ts';
import { respond } from '../respond/respond.ts';
import { buildFactAlternates } from '../service/alternates.ts';
import { getFact, getFactJson } from '../service/facts.ts';
import type { FactService } from '../service/snapshot-reader.ts';

export function factRoute(
  app: FastifyInstance,
  service: FactService,
  factType: FactType,
  getFactSchema: () => z.ZodType,
): void {
  const { collection, noun } = factType;
  const options = defineOperation({
    operationId: `get${factType.componentName}`,
    tag: factType.title,
    summary: `Get ${withArticle(noun)}`,
    description: `One ${noun}, with its evidence, its inferences and the time at which it was recorded.`,
    path: () => buildFactPathParameters(factType),
    query: () => z.strictObject({ fields: buildFieldsParameter(factType) }),
    asOf: true,
    response: { description: `The ${noun}.`, mediaType: JSON_MEDIA_TYPE, schema: getFactSchema },
    conditional: true,
    alternates: true,
    problems: ['not-found'],
    redirectsRenamed: true,
    example: `/v1/${collection}/${factType.exampleId}`,
  });
  app.get(`/v1/${collection}/:id`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    const alternates = buildFactAlternates(factType, id, getCanonicalUrl(request).values, app.publicUrl());
    const { fields } = request.query as { fields?: string[] };
    return respond({ service, request, reply }, { alternates }, async (reader) =>
      fields ? selectFields(await getFact(reader, factType, id), fields) : getFactJson(reader, factType, id),
    );
  });
}
