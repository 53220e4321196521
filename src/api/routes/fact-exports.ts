/** One fact by its id in the formats that have it alone: each is an operation of its own. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Format } from '../../formats/format.ts';
import { formatsOf } from '../../formats/index.ts';
import { operation } from '../../http/route-definition.ts';
import { pascal } from '../../lib/case.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { asOf } from '../respond/as-of.ts';
import { answer } from '../respond/respond.ts';
import { represent } from '../serialize/serialize-facts.ts';
import { existing, pathOf } from './fact.ts';

/** One fact in each of the formats that have it at a URL of its own. */
export function itemExports(app: FastifyInstance, store: Store, resource: Resource): void {
  for (const format of formatsOf(resource)) {
    if (format.item) itemAs(app, store, resource, format, format.item);
  }
}

function itemAs(
  app: FastifyInstance,
  store: Store,
  resource: Resource,
  { extension, mediaType, title, describe }: Format<unknown>,
  format: NonNullable<Format['item']>,
): void {
  const { collection, noun, component } = resource;
  const options = operation({
    operationId: `get${component}${pascal(extension)}`,
    tag: resource.title,
    summary: `Get one ${noun} as ${title}`,
    description: `One ${noun} alone, as the list in this format has it. ${describe(resource)}`,
    path: () => pathOf(resource),
    query: () => z.strictObject({ asOf }),
    answer: { description: `The ${noun} as ${title}.`, mediaType, schema: () => format.schema(resource) },
    conditional: true,
    problems: ['not-found'],
    renamed: true,
    example: `/v1/${collection}/${resource.example}.${extension}`,
  });
  app.get(`/v1/${collection}/:id.${extension}`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return answer({ store, request, reply }, { mediaType, absolute: true }, async (db, { revision }) => {
      const row = await existing(db, resource, id, revision);
      const [fact] = (await represent(db, revision, [row])) as [Fact];
      return format.write(fact, { resource, publicUrl: app.publicUrl() });
    });
  });
}
