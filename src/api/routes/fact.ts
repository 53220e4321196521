/** One fact by its id. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { canonicalUrl } from '../../http/canonical-url.ts';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import { Moved, Problem } from '../../lib/problem-details.ts';
import type { Resource } from '../../model/fact-type.ts';
import { FactId } from '../../model/fields.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type FactRow, findFact } from '../../store/queries/facts.ts';
import { idAt } from '../../store/queries/identities.ts';
import { asOf } from '../respond/as-of.ts';
import { answer } from '../respond/respond.ts';
import type { WrittenFacts } from '../serialize/fact-cache.ts';
import { itemAlternates } from './exports.ts';

export function item(
  app: FastifyInstance,
  store: Store,
  facts: WrittenFacts,
  resource: Resource,
  fact: () => z.ZodType,
): void {
  const { collection, noun } = resource;
  const options = operation({
    operationId: `get${resource.component}`,
    tag: resource.title,
    summary: `Get one ${noun}`,
    description: `One ${noun}, with the words that carry it, what was inferred, and when it was recorded.`,
    path: () => pathOf(resource),
    query: () => z.strictObject({ asOf }),
    answer: { description: `The ${noun}.`, mediaType: JSON_TYPE, schema: fact },
    conditional: true,
    alternates: true,
    problems: ['not-found'],
    renamed: true,
    example: `/v1/${collection}/${resource.example}`,
  });
  app.get(`/v1/${collection}/:id`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    const alternates = itemAlternates(resource, id, canonicalUrl(request).values, app.publicUrl());
    return answer({ store, request, reply }, { alternates }, async (db, reading) => {
      const { row } = await existing(db, resource, id, reading.revision);
      const [written] = await facts.written(db, reading, [row]);
      return written?.subarray(1);
    });
  });
}

/** The path parameters of one fact. */
export const pathOf = ({ noun }: Resource) =>
  z.strictObject({ id: FactId.describe(`The id of the ${noun}.`) });

/** The fact with this id at `revision`, a redirect to its id then, or a 404. */
export async function existing(
  db: Reader,
  { type, noun }: Resource,
  id: string,
  revision: number,
): Promise<FactRow> {
  const row = await findFact(db, revision, { type, id });
  if (row) return row;
  const now = await idAt(db, revision, { type, id });
  if (now !== null) throw new Moved(now);
  throw new Problem('not-found', `There is no ${noun} with the id ${id} at revision ${revision}.`);
}
