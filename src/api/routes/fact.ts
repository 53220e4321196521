import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { capitalize, withArticle } from '../../lib/case.ts';
import { PermanentRedirect, Problem } from '../../lib/problem-details.ts';
import type { FactType } from '../../model/fact-type.ts';
import { FactId } from '../../model/fields.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type FactRow, findFact } from '../../store/queries/facts.ts';
import { findIdAt } from '../../store/queries/identities.ts';
import { asOfParam } from '../respond/as-of.ts';
import { respond } from '../respond/respond.ts';
import type { SerializedFactCache } from '../serialize/fact-cache.ts';
import { buildFactAlternates } from './exports.ts';

export function factRoute(
  app: FastifyInstance,
  store: Store,
  factCache: SerializedFactCache,
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
    query: () => z.strictObject({ asOf: asOfParam }),
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
    return respond({ store, request, reply }, { alternates }, async (db, snapshot) => {
      const { row } = await findFactOrThrow(db, factType, id, snapshot.revision);
      const [serialized] = await factCache.getOrSerialize(db, snapshot, [row]);
      return serialized?.subarray(1);
    });
  });
}

export const buildFactPathParameters = ({ noun }: FactType) =>
  z.strictObject({ id: FactId.describe(`Id of the ${noun}.`) });

/** Returns the fact at `revision`; throws a redirect if it has another id there, or a 404. */
export async function findFactOrThrow(
  db: Reader,
  { type, noun }: FactType,
  id: string,
  revision: number,
): Promise<FactRow> {
  const row = await findFact(db, revision, { type, id });
  if (row) return row;
  const newId = await findIdAt(db, revision, { type, id });
  if (newId !== null) throw new PermanentRedirect(newId);
  throw new Problem(
    'not-found',
    `${capitalize(noun)} ${id} not found in these sources at revision ${revision}`,
  );
}
