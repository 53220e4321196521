/** Exports of complete lists; each format is a separate operation. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Format } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import { formatCanonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { defineOperation } from '../../http/route-definition.ts';
import { pascalCase } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { findFacts, type ListQuery, type SortPosition } from '../../store/queries/list.ts';
import {
  buildExportParameters,
  type ListParameters,
  parseFilters,
  parseSort,
} from '../params/list-params.ts';
import { asOfParam } from '../respond/as-of.ts';
import type { Alternate } from '../respond/content-negotiation.ts';
import { stripPagination } from '../respond/respond.ts';
import { respondStream } from '../respond/respond-stream.ts';
import { LabelCache } from '../serialize/label-cache.ts';
import { serializeFacts, toFacts } from '../serialize/serialize-facts.ts';
import { buildOembedAlternate } from './oembed.ts';

export function exportRoutes(app: FastifyInstance, store: Store, factType: FactType): void {
  for (const format of getFormats(factType)) exportRoute(app, store, factType, format);
}

function exportRoute(app: FastifyInstance, store: Store, factType: FactType, format: Format<unknown>): void {
  const { type, collection, pluralComponentName, title } = factType;
  const { extension, mediaType } = format;
  const path = `/v1/${collection}.${extension}`;
  const options = defineOperation({
    operationId: `export${pluralComponentName}${pascalCase(extension)}`,
    tag: title,
    summary: `Export ${collection.replaceAll('-', ' ')} as ${format.title}`,
    description: `${format.describe(factType)} Complete list at one revision, with the same filters, not paginated.`,
    query: () =>
      z.strictObject({
        ...buildExportParameters(factType, format.defaultSort).shape,
        ...format.parameters?.(factType),
        asOf: asOfParam,
      } as z.ZodRawShape),
    response: {
      description: `Facts as ${format.title}.`,
      mediaType,
      schema: () => format.schema(factType),
    },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?${format.exampleQuery?.(factType) ?? `ids=${factType.exampleId}`}`,
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as ListParameters;
    const filters = parseFilters(factType, parameters, store.synonyms);
    const sort = parseSort(parameters.sort);
    const includeRetracted = parameters['include'] !== undefined;
    // All pages are read at one revision, so they share labels.
    const labelCache = new LabelCache();
    return respondStream<unknown, SortPosition>(
      { store, request, reply },
      {
        mediaType,
        filename: `${collection}.${extension}`,
        async read(db, revision, after, count) {
          const query: ListQuery = {
            type,
            revision,
            filters,
            includeRetracted,
            sort,
            after,
            limit: count,
          };
          const { rows, next } = await findFacts(db, query);
          if (format.acceptsSerialized?.(parameters)) {
            return { rows: await serializeFacts(db, revision, rows, labelCache), next };
          }
          const facts: Fact[] = await toFacts(db, revision, rows, labelCache);
          return {
            rows: (await format.loadRows?.(db, revision, facts, { factType, parameters })) ?? facts,
            next,
          };
        },
        serialize: (pages, context) => format.serialize(pages, { ...context, factType }),
      },
    );
  });
}

/** Returns the other formats of the list that has the query `values`. */
export function buildListAlternates(factType: FactType, values: QueryValues): Alternate[] {
  const query = formatCanonicalQuery(stripPagination(values));
  return getFormats(factType).map(({ extension, mediaType, title }) => ({
    mediaType,
    title,
    url: `/v1/${factType.collection}.${extension}${query}`,
  }));
}

/** Returns the other formats of a fact, at its own URL or as a list of one fact, and its oEmbed card. */
export function buildFactAlternates(
  factType: FactType,
  id: string,
  { asOf }: QueryValues,
  publicUrl: string,
): Alternate[] {
  const asOfValues = asOf ? { asOf } : {};
  const factQuery = formatCanonicalQuery(asOfValues);
  const listQuery = formatCanonicalQuery({ ids: [id], include: ['retracted'], ...asOfValues });
  const formats = getFormats(factType).map(({ extension, mediaType, title, item }) => ({
    mediaType,
    title,
    url: `/v1/${factType.collection}${item ? `/${id}.${extension}${factQuery}` : `.${extension}${listQuery}`}`,
  }));
  return [...formats, buildOembedAlternate(factType, id, asOf, publicUrl)];
}
