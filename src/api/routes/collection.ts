/** The routes that every collection has: list, facets, item, its versions, what refers to it, and how it is cited. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { canonicalUrl } from '../../http/canonical-url.ts';
import { JSON_TYPE, once, operation } from '../../http/route-definition.ts';
import type { Resource } from '../../model/fact-type.ts';
import { factSchema, pageSchema } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { countFacts, findPage, type ListQuestion } from '../../store/queries/list.ts';
import { planFor } from '../../store/queries/list-plan.ts';
import { mayScan, mayScanBackTo } from '../../workers/slow-query.ts';
import { conditionsOf, type ListParameters, listParameters, sortOf } from '../params/list-params.ts';
import { answerPage, Written } from '../respond/respond.ts';
import type { WrittenFacts } from '../serialize/fact-cache.ts';
import { cite } from './citations.ts';
import { exportsOf, listAlternates } from './exports.ts';
import { facets } from './facets.ts';
import { item } from './fact.ts';
import { itemExports } from './fact-exports.ts';
import { references } from './references.ts';
import { versions } from './versions.ts';

export function collectionRoutes(
  app: FastifyInstance,
  store: Store,
  facts: WrittenFacts,
  resource: Resource,
): void {
  const fact = once(() => factSchema(resource));
  list(app, store, facts, resource, fact);
  exportsOf(app, store, resource);
  facets(app, store, resource);
  item(app, store, facts, resource, fact);
  itemExports(app, store, resource);
  references(app, store, resource);
  versions(app, store, resource);
  cite(app, store, resource);
}

/** Where a page of a list ended: the value that it is sorted by, and the id. */
const ListPlace = z.tuple([z.string().nullable(), z.string()]);

function list(
  app: FastifyInstance,
  store: Store,
  facts: WrittenFacts,
  resource: Resource,
  fact: () => z.ZodType,
): void {
  const { type, collection, noun } = resource;
  const options = operation({
    operationId: `list${resource.plural}`,
    tag: resource.title,
    summary: `List ${collection.replaceAll('-', ' ')}`,
    description:
      `${resource.summary}. Different parameters must all hold, each by any of its values, and each for any entry of a ` +
      'list in the fact. ' +
      `A ${noun} that is not here is not in the sources; it may still exist in the world.`,
    query: () => listParameters(resource),
    answer: {
      description: 'A page of the list.',
      mediaType: JSON_TYPE,
      schema: () => pageSchema(resource, fact()),
    },
    conditional: true,
    alternates: true,
    problems: [],
    example: `/v1/${collection}?ids=${resource.example}&count=true`,
  });
  app.get(`/v1/${collection}`, options, (request, reply) => {
    const parameters = request.query as ListParameters;
    const conditions = conditionsOf(resource, parameters, store.synonyms);
    const sort = sortOf(parameters.sort);
    const exchange = { store, request, reply };
    const alternates = listAlternates(resource, canonicalUrl(request).values);
    return answerPage(
      exchange,
      { places: ListPlace, always: true, alternates },
      async (db, reading, place, limit) => {
        const { revision } = reading;
        const after = place && { value: place[0], id: place[1] };
        const retracted = parameters['include'] !== undefined;
        const question: ListQuestion = { type, revision, conditions, retracted, sort, after, limit };
        const plan = await planFor(db, question);
        if (plan.scans || (parameters.count && !plan.rare)) await mayScan(exchange, db);
        if (!plan.rare) await mayScanBackTo(exchange, db, reading);
        const { keys, next } = await findPage(db, question, plan);
        const rows = keys.map(({ row }) => row);
        const data = new Written(await facts.written(db, reading, rows));
        const end: z.output<typeof ListPlace> | null = next && [next.value, next.id];
        if (!parameters.count) return { data, next: end };
        return { data, next: end, total: await countFacts(db, question) };
      },
    );
  });
}
