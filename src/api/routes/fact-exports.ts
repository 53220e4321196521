/** Exports of one fact, in the formats that support a single fact; each format is a separate operation. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Format } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import { defineOperation } from '../../http/route-definition.ts';
import { pascalCase, withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { asOfParam } from '../respond/as-of.ts';
import { respond } from '../respond/respond.ts';
import { toFacts } from '../serialize/serialize-facts.ts';
import { buildFactPathParameters, findFactOrThrow } from './fact.ts';

export function factExportRoutes(app: FastifyInstance, store: Store, factType: FactType): void {
  for (const format of getFormats(factType)) {
    if (format.item) factExportRoute(app, store, factType, format, format.item);
  }
}

function factExportRoute(
  app: FastifyInstance,
  store: Store,
  factType: FactType,
  { extension, mediaType, title, describe }: Format<unknown>,
  format: NonNullable<Format['item']>,
): void {
  const { collection, noun, componentName } = factType;
  const options = defineOperation({
    operationId: `get${componentName}${pascalCase(extension)}`,
    tag: factType.title,
    summary: `Get ${withArticle(noun)} as ${title}`,
    description: `One ${noun}, in the form that the list in this format has. ${describe(factType)}`,
    path: () => buildFactPathParameters(factType),
    query: () => z.strictObject({ asOf: asOfParam }),
    response: { description: `The ${noun} as ${title}.`, mediaType, schema: () => format.schema(factType) },
    conditional: true,
    problems: ['not-found'],
    redirectsRenamed: true,
    example: `/v1/${collection}/${factType.exampleId}.${extension}`,
  });
  app.get(`/v1/${collection}/:id.${extension}`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return respond(
      { store, request, reply },
      { mediaType, hasAbsoluteUrls: true },
      async (db, { revision }) => {
        const row = await findFactOrThrow(db, factType, id, revision);
        const [fact] = (await toFacts(db, revision, [row])) as [Fact];
        return format.toObject(fact, { factType, publicUrl: app.publicUrl() });
      },
    );
  });
}
