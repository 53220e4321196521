/** The routes that every collection has: the list and the item. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { id } from '../facts/fields.ts';
import { factSchema, pageSchema } from '../facts/representation.ts';
import type { Resource } from '../facts/resource.ts';
import { freshness } from '../http/conditional.ts';
import { JSON_TYPE, operation, undocumented } from '../http/operation.ts';
import { canonicalQuery, type QueryValues, splitUrl } from '../http/query-string.ts';
import { Problem } from '../problem.ts';
import { countFacts, findPage, type ListQuestion } from '../store/list.ts';
import type { Store } from '../store/open.ts';
import { findFact } from '../store/read.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { conditionsOf, type ListParameters, listParameters, sortOf } from './query.ts';
import { asOf, readingAsOf, readingAtCursor } from './reading.ts';
import { represent } from './represent.ts';

export function collectionRoutes(app: FastifyInstance, store: Store, resource: Resource): void {
  const fact = factSchema(resource);
  list(app, store, resource, fact);
  item(app, store, resource, fact);
  page(app, resource);
}

function list(app: FastifyInstance, store: Store, resource: Resource, fact: z.ZodType): void {
  const { type, collection, noun } = resource;
  const options = operation({
    operationId: `list${pascal(collection)}`,
    tag: titled(collection),
    summary: `List ${collection.replaceAll('-', ' ')}`,
    description:
      `${resource.summary}. Different parameters must all hold; of several values of one parameter any may. ` +
      `A ${noun} that is not here is not in the sources; it may still exist in the world.`,
    query: listParameters(resource),
    answer: { description: 'A page of the list.', mediaType: JSON_TYPE, schema: pageSchema(resource, fact) },
    conditional: true,
    problems: [],
    example: `/v1/${collection}?ids=${resource.example}&count=true`,
  });
  app.get(`/v1/${collection}`, options, async (request, reply) => {
    const parameters = request.query as ListParameters;
    const { path, values } = splitUrl(request.url);
    const self = path + canonicalQuery(values);
    const asked = path + canonicalQuery(withoutPage(values));
    const cursor = parameters.cursor === undefined ? null : decodeCursor(parameters.cursor, asked);
    const conditions = conditionsOf(resource, parameters, store.synonyms);
    const reading = cursor
      ? await readingAtCursor(store.reader, cursor.revision)
      : await readingAsOf(store.reader, parameters.asOf);
    const fresh = freshness(request, reply, reading, { url: self, mediaType: JSON_TYPE });
    if (fresh !== 'no') return reply.code(304).send();

    const { revision } = reading;
    const { limit } = parameters;
    const sort = sortOf(parameters.sort);
    const question: ListQuestion = { type, revision, conditions, sort, after: cursor?.place ?? null, limit };
    const page = await findPage(store.reader, question);
    const total = parameters.count === 'true' ? await countFacts(store.reader, question) : undefined;
    const nextCursor = page.next && encodeCursor({ revision, list: asked, place: page.next });
    const next = nextCursor && path + canonicalQuery({ ...values, cursor: [nextCursor] });
    reply.header('link', next ? `<${self}>; rel="self", <${next}>; rel="next"` : `<${self}>; rel="self"`);
    return {
      data: await represent(store.reader, revision, page.rows),
      links: { self, next },
      meta: { revision, limit, ...(total !== undefined && { total }) },
    };
  });
}

/** What a list was asked for, the page aside: what its cursors are bound to. */
function withoutPage({ limit: _, cursor: __, count: ___, ...rest }: QueryValues): QueryValues {
  return rest;
}

function item(app: FastifyInstance, store: Store, resource: Resource, fact: z.ZodType): void {
  const { type, collection, noun } = resource;
  const options = operation({
    operationId: `get${resource.component}`,
    tag: titled(collection),
    summary: `Get one ${noun}`,
    description: `One ${noun}, with the words that carry it, what was inferred, and when it was recorded.`,
    path: z.strictObject({ id: id.describe(`The id of the ${noun}.`) }),
    query: z.strictObject({ asOf }),
    answer: { description: `The ${noun}.`, mediaType: JSON_TYPE, schema: fact },
    conditional: true,
    problems: ['not-found'],
    example: `/v1/${collection}/${resource.example}`,
  });
  app.get(`/v1/${collection}/:id`, options, async (request, reply) => {
    const { id } = request.params as { id: string };
    const reading = await readingAsOf(store.reader, (request.query as { asOf?: string }).asOf);
    const { path, values } = splitUrl(request.url);
    const url = path + canonicalQuery(values);
    const fresh = freshness(request, reply, reading, { url, mediaType: JSON_TYPE });
    if (fresh === 'proved') return reply.code(304).send();

    const row = await findFact(store.reader, reading.revision, { type, id });
    if (!row) {
      throw new Problem(
        'not-found',
        `There is no ${noun} with the id ${id} at revision ${reading.revision}.`,
      );
    }
    if (fresh === 'if-there') return reply.code(304).send();
    const [found] = await represent(store.reader, reading.revision, [row]);
    return found;
  });
}

/** `links.html`: until facts have pages of their own, it leads to the JSON. */
function page(app: FastifyInstance, { collection }: Resource): void {
  app.get(`/${collection}/:id`, undocumented, async (request, reply) => {
    const { id } = request.params as { id: string };
    return reply.redirect(`/v1/${collection}/${encodeURIComponent(id)}`, 302);
  });
}

/** `battle-group-deployments` → `BattleGroupDeployments` */
const pascal = (words: string): string =>
  words.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `battle-group-deployments` → `Battle group deployments` */
const titled = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1).replaceAll('-', ' ');
