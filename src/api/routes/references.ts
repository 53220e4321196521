/** What refers to a fact. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import type { Resource } from '../../model/fact-type.ts';
import { factHead, pageOf } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { findReferences } from '../../store/queries/references.ts';
import { answerPage, cut, pageParameters } from '../respond/respond.ts';
import { linksOf } from '../serialize/serialize-facts.ts';
import { existing, pathOf } from './fact.ts';

const Referrer = z
  .object({
    ...factHead,
    field: z.string().describe('The path of the field that refers, such as participants.actor.'),
  })
  .meta({ id: 'Referrer', description: 'A fact that refers to the one asked about.' });

const ReferrerPage = pageOf('ReferrerPage', 'A page of what refers to a fact.', Referrer);

/** Ordered by type, id and field. */
const ReferrerPlace = z.tuple([z.string(), z.string(), z.string()]);

export function references(app: FastifyInstance, store: Store, resource: Resource): void {
  const { type, collection, noun } = resource;
  const options = operation({
    operationId: `list${resource.component}References`,
    tag: resource.title,
    summary: `List what refers to one ${noun}`,
    description: `Every fact that refers to the ${noun}, with the field that does, by type, id and field.`,
    path: () => pathOf(resource),
    query: () => z.strictObject(pageParameters),
    answer: { description: 'A page of what refers to it.', mediaType: JSON_TYPE, schema: ReferrerPage },
    conditional: true,
    problems: ['not-found'],
    renamed: true,
    example: `/v1/${collection}/${resource.example}/references?limit=2`,
  });
  app.get(`/v1/${collection}/:id/references`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return answerPage(
      { store, request, reply },
      { places: ReferrerPlace },
      async (db, { revision }, after, limit) => {
        await existing(db, resource, id, revision);
        const found = await findReferences(db, revision, { type, id }, after, limit + 1);
        const { rows, next } = cut(found, limit, ({ type, id, field }): [string, string, string] => [
          type,
          id,
          field,
        ]);
        return { data: rows.map((row) => ({ ...row, links: linksOf(row) })), next };
      },
    );
  });
}
