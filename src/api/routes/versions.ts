import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { createPageSchema } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { findVersions } from '../../store/queries/history.ts';
import { pageParameters, respondPage, takePage } from '../respond/respond.ts';
import {
  attributionShape,
  changeShape,
  FieldChangeList,
  loadReferenceLabels,
  NumberPositionSchema,
  parseNumberPosition,
  revisionShape,
  toAttributionFields,
  toChangeFields,
  toRevisionFields,
} from '../serialize/changes.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import { buildFactPathParameters, findFactOrThrow } from './fact.ts';

const FactVersion = z
  .object({
    version: z.int().min(1),
    id: z.string().describe('Id of the fact in this version.'),
    ...revisionShape,
    ...attributionShape,
    ...changeShape,
    fields: FieldChangeList,
    links: z
      .object({ self: z.string().describe('Path-absolute URL of the version.') })
      .meta({ id: 'FactVersionLinks' }),
  })
  .meta({
    id: 'FactVersion',
    description: 'Version of a fact, with its author, its cause and what it changed.',
  });

const FactVersionPage = createPageSchema('FactVersionPage', 'A page of versions of a fact.', FactVersion);

export function versionRoute(app: FastifyInstance, store: Store, factType: FactType): void {
  const { type, collection, noun, componentName, title, exampleId } = factType;
  const options = defineOperation({
    operationId: `list${componentName}Versions`,
    tag: title,
    summary: `List versions of ${withArticle(noun)}`,
    description: `All versions of the ${noun}, oldest first, each with its author, cause and changed fields.`,
    path: () => buildFactPathParameters(factType),
    query: () => z.strictObject(pageParameters),
    response: { description: 'A page of versions.', mediaType: JSON_MEDIA_TYPE, schema: FactVersionPage },
    conditional: true,
    problems: ['not-found'],
    redirectsRenamed: true,
    example: `/v1/${collection}/${exampleId}/versions?limit=1`,
  });
  app.get(`/v1/${collection}/:id/versions`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return respondPage(
      { store, request, reply },
      { positionSchema: NumberPositionSchema },
      async (db, { revision }, position, limit) => {
        await findFactOrThrow(db, factType, id, revision);
        const matches = await findVersions(
          db,
          revision,
          { type, id },
          parseNumberPosition(position),
          limit + 1,
        );
        const { rows, next } = takePage(matches, limit, ({ version }): [string] => [String(version)]);
        const getLabel = await loadReferenceLabels(db, revision, rows);
        const data = rows.map((row) => ({
          version: row.version,
          id: row.id,
          ...toRevisionFields(row),
          ...toAttributionFields(row),
          ...toChangeFields(row, getLabel),
          links: { self: `${buildFactLinks(row).self}?asOf=${row.revision}` },
        }));
        return { data, next };
      },
    );
  });
}
