/** Routes that every collection has: list, exports, facets, fact, references, versions and citations. */
import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { defineOperation, JSON_MEDIA_TYPE, lazy } from '../../http/route-definition.ts';
import { capitalize, withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { createFactPageSchema, createFactSchema } from '../../model/response-schemas.ts';
import {
  buildListParameters,
  getPositionSchema,
  type ListParameters,
  parseListQuery,
} from '../params/list-params.ts';
import { respondPage } from '../respond/respond.ts';
import { buildListAlternates } from '../service/alternates.ts';
import { listFacts } from '../service/facts.ts';
import type { FactService } from '../service/snapshot-reader.ts';
import { citationRoute } from './citations.ts';
import { exportRoutes } from './exports.ts';
import { facetRoutes } from './facets.ts';
import { factRoute } from './fact.ts';
import { factExportRoutes } from './fact-exports.ts';
import { referenceRoute } from './references.ts';
import { versionRoute } from './versions.ts';

export function collectionRoutes(app: FastifyInstance, service: FactService, factType: FactType): void {
  const getFactSchema = lazy(() => createFactSchema(factType));
  listRoute(app, service, factType, getFactSchema);
  exportRoutes(app, service, factType);
  facetRoutes(app, service, factType);
  factRoute(app, service, factType, getFactSchema);
  factExportRoutes(app, service, factType);
  referenceRoute(app, service, factType);
  versionRoute(app, service, factType);
  citationRoute(app, service, factType);
}

function listRoute(
  app: FastifyInstance,
  service: FactService,
  factType: FactType,
  getFactSchema: () => z.ZodType,
): void {
  const { collection, noun } = factType;
  const options = defineOperation({
    operationId: `list${factType.pluralComponentName}`,
    tag: factType.title,
    summary: `List ${collection.replaceAll('-', ' ')}`,
    description:
      `${factType.summary}. A fact must match every parameter, by any of its values. ` +
      `${capitalize(withArticle(noun))} that is missing here is not in these sources; it may still exist.`,
    query: () => buildListParameters(factType),
    asOf: true,
    response: {
      description: 'A page of the list.',
      mediaType: JSON_MEDIA_TYPE,
      schema: () => createFactPageSchema(factType, getFactSchema()),
    },
    conditional: true,
    alternates: true,
    problems: [],
    example: `/v1/${collection}?ids=${factType.exampleId}&count=true`,
  });
  app.get(`/v1/${collection}`, options, (request, reply) => {
    const parameters = request.query as ListParameters;
    const fields = parameters.fields as string[] | undefined;
    const alternates = buildListAlternates(factType, getCanonicalUrl(request).values);
    const list = parseListQuery(factType, parameters, service.store.synonyms);
    return respondPage(
      { service, request, reply },
      { positionSchema: getPositionSchema(parameters), alwaysExists: true, alternates },
      (after, limit) => listFacts({ ...list, fields, after, limit, count: parameters.count ?? false }),
    );
  });
}
