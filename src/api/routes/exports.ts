/** The facts of a list in every format that they can be had in, whole: each format is an operation of its own. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Format } from '../../formats/format.ts';
import { formatsOf } from '../../formats/index.ts';
import { canonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { operation } from '../../http/route-definition.ts';
import { pascal } from '../../lib/case.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { findFacts, type ListQuestion, type Place } from '../../store/queries/list.ts';
import { conditionsOf, exportParameters, type ListParameters, sortOf } from '../params/list-params.ts';
import { asOf } from '../respond/as-of.ts';
import type { Alternate } from '../respond/content-negotiation.ts';
import { withoutPage } from '../respond/respond.ts';
import { answerStream } from '../respond/respond-stream.ts';
import { Labels } from '../serialize/label-cache.ts';
import { represent, writtenFacts } from '../serialize/serialize-facts.ts';
import { embedding } from './oembed.ts';

/** A list in each of its formats. */
export function exportsOf(app: FastifyInstance, store: Store, resource: Resource): void {
  for (const format of formatsOf(resource)) listAs(app, store, resource, format);
}

function listAs(app: FastifyInstance, store: Store, resource: Resource, format: Format<unknown>): void {
  const { type, collection, plural, title } = resource;
  const { extension, mediaType } = format;
  const path = `/v1/${collection}.${extension}`;
  const options = operation({
    operationId: `export${plural}${pascal(extension)}`,
    tag: title,
    summary: `Export ${collection.replaceAll('-', ' ')} as ${format.title}`,
    description: `${format.describe(resource)} The whole list at one revision, by the same filters, in one answer.`,
    query: () =>
      z.strictObject({
        ...exportParameters(resource, format.sort).shape,
        ...format.parameters?.(resource),
        asOf,
      } as z.ZodRawShape),
    answer: {
      description: `The facts as ${format.title}.`,
      mediaType,
      schema: () => format.schema(resource),
    },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?${format.example?.(resource) ?? `ids=${resource.example}`}`,
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as ListParameters;
    const conditions = conditionsOf(resource, parameters, store.synonyms);
    const sort = sortOf(parameters.sort);
    const retracted = parameters['include'] !== undefined;
    // All pages are of one revision.
    const labels = new Labels();
    return answerStream<unknown, Place>(
      { store, request, reply },
      {
        mediaType,
        filename: `${collection}.${extension}`,
        async read(db, revision, after, count) {
          const question: ListQuestion = {
            type,
            revision,
            conditions,
            retracted,
            sort,
            after,
            limit: count,
          };
          const { rows, next } = await findFacts(db, question);
          if (format.written?.(parameters)) {
            return { rows: await writtenFacts(db, revision, rows, labels), next };
          }
          const facts: Fact[] = await represent(db, revision, rows, labels);
          return {
            rows: (await format.rows?.(db, revision, facts, { resource, parameters })) ?? facts,
            next,
          };
        },
        write: (pages, context) => format.write(pages, { ...context, resource }),
      },
    );
  });
}

/** The other formats of a list that was asked for with `values`. */
export function listAlternates(resource: Resource, values: QueryValues): Alternate[] {
  const query = canonicalQuery(withoutPage(values));
  return formatsOf(resource).map(({ extension, mediaType, title }) => ({
    mediaType,
    title,
    url: `/v1/${resource.collection}.${extension}${query}`,
  }));
}

/** The other formats of one fact, at a URL of its own or else as a list that has only it; and its card. */
export function itemAlternates(
  resource: Resource,
  id: string,
  { asOf }: QueryValues,
  publicUrl: string,
): Alternate[] {
  const pinned = asOf ? { asOf } : {};
  const alone = canonicalQuery(pinned);
  const listed = canonicalQuery({ ids: [id], include: ['retracted'], ...pinned });
  const formats = formatsOf(resource).map(({ extension, mediaType, title, item }) => ({
    mediaType,
    title,
    url: `/v1/${resource.collection}${item ? `/${id}.${extension}${alone}` : `.${extension}${listed}`}`,
  }));
  return [...formats, embedding(resource, id, asOf, publicUrl)];
}
