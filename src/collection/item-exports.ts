/** One fact by its id in the formats that have it alone: each is an operation of its own. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { pascal } from '../facts/names.ts';
import type { Fact } from '../facts/representation.ts';
import type { Resource } from '../facts/resource.ts';
import type { Format } from '../formats/format.ts';
import { formatsOf } from '../formats/index.ts';
import { operation } from '../http/operation.ts';
import type { Store } from '../store/open.ts';
import { answer } from './answer.ts';
import { existing, pathOf } from './item.ts';
import { asOf } from './reading.ts';
import { represent } from './represent.ts';

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
