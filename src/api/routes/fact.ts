/** One fact by its id. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
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
    summary: `Get one ${noun}`,
    description: `One ${noun}, with the words that carry it, what was inferred, and when it was recorded.`,
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

/** The path parameters of one fact. */
export const buildFactPathParameters = ({ noun }: FactType) =>
  z.strictObject({ id: FactId.describe(`The id of the ${noun}.`) });

/** The fact with this id at `revision`, a redirect to its id then, or a 404. */
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
  throw new Problem('not-found', `There is no ${noun} with the id ${id} at revision ${revision}.`);
}
