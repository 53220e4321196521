/** Routes that every collection has: list, exports, facets, fact, references, versions and citations. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { defineOperation, JSON_MEDIA_TYPE, lazy } from '../../http/route-definition.ts';
import type { FactType } from '../../model/fact-type.ts';
import { createFactPageSchema, createFactSchema } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { countFacts, findListPage, type ListQuery } from '../../store/queries/list.ts';
import { planList } from '../../store/queries/list-plan.ts';
import { deferIfDistantPast, deferIfSlow } from '../../workers/slow-query.ts';
import { buildListParameters, type ListParameters, parseFilters, parseSort } from '../params/list-params.ts';
import { respondPage, SerializedItems } from '../respond/respond.ts';
import type { SerializedFactCache } from '../serialize/fact-cache.ts';
import { citationRoute } from './citations.ts';
import { buildListAlternates, exportRoutes } from './exports.ts';
import { facetRoutes } from './facets.ts';
import { factRoute } from './fact.ts';
import { factExportRoutes } from './fact-exports.ts';
import { referenceRoute } from './references.ts';
import { versionRoute } from './versions.ts';

export function collectionRoutes(
  app: FastifyInstance,
  store: Store,
  factCache: SerializedFactCache,
  factType: FactType,
): void {
  const getFactSchema = lazy(() => createFactSchema(factType));
  listRoute(app, store, factCache, factType, getFactSchema);
  exportRoutes(app, store, factType);
  facetRoutes(app, store, factType);
  factRoute(app, store, factCache, factType, getFactSchema);
  factExportRoutes(app, store, factType);
  referenceRoute(app, store, factType);
  versionRoute(app, store, factType);
  citationRoute(app, store, factType);
}

/** Sort value and id of the last fact of a page. */
const ListPositionSchema = z.tuple([z.string().nullable(), z.string()]);

function listRoute(
  app: FastifyInstance,
  store: Store,
  factCache: SerializedFactCache,
  factType: FactType,
  getFactSchema: () => z.ZodType,
): void {
  const { type, collection, noun } = factType;
  const options = defineOperation({
    operationId: `list${factType.pluralComponentName}`,
    tag: factType.title,
    summary: `List ${collection.replaceAll('-', ' ')}`,
    description:
      `${factType.summary}. A fact must match every parameter, by any of the parameter's values; a field with ` +
      'several values matches by any of them. ' +
      `No result means that the ${noun} is not in these sources; it may still exist in the world.`,
    query: () => buildListParameters(factType),
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
    const filters = parseFilters(factType, parameters, store.synonyms);
    const sort = parseSort(parameters.sort);
    const context = { store, request, reply };
    const alternates = buildListAlternates(factType, getCanonicalUrl(request).values);
    return respondPage(
      context,
      { positionSchema: ListPositionSchema, alwaysExists: true, alternates },
      async (db, snapshot, position, limit) => {
        const { revision } = snapshot;
        const after = position && { value: position[0], id: position[1] };
        const includeRetracted = parameters['include'] !== undefined;
        const query: ListQuery = { type, revision, filters, includeRetracted, sort, after, limit };
        const plan = await planList(db, query);
        if (plan.isFullScan || (parameters.count && !plan.selectiveFilter)) await deferIfSlow(context, db);
        if (!plan.selectiveFilter) await deferIfDistantPast(context, db, snapshot);
        const { keys, next } = await findListPage(db, query, plan);
        const rows = keys.map(({ row }) => row);
        const data = new SerializedItems(await factCache.getOrSerialize(db, snapshot, rows));
        const nextPosition: z.output<typeof ListPositionSchema> | null = next && [next.value, next.id];
        if (!parameters.count) return { data, next: nextPosition };
        return { data, next: nextPosition, total: await countFacts(db, query) };
      },
    );
  });
}
