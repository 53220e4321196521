/** Lists of the changes to all facts and of the corrections among them. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import type { QueryValues } from '../../http/query-string.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { createPageSchema, FactLinks, factTypeName } from '../../model/response-schemas.ts';
import {
  buildChangeListParameters,
  type ChangeParameters,
  changeParameters,
  parseChangeQuery,
  parseCorrectionQuery,
} from '../params/change-params.ts';
import { pageParameters } from '../params/page-params.ts';
import { respondPage } from '../respond/respond.ts';
import { changeShape, FieldChangeList, NumberText, revisionShape } from '../serialize/changes.ts';
import type { Alternate } from '../service/alternates.ts';
import { buildChangeAlternates } from '../service/change-feeds.ts';
import { type ChangePagePosition, type ChangesInput, listChanges } from '../service/changes.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const ChangedFact = z
  .object({
    type: factTypeName().describe('Type of the fact; later versions may add types.'),
    id: z.string(),
    label: z.string().describe('Label after the change.'),
    links: FactLinks,
  })
  .meta({ id: 'ChangedFact', description: 'Fact that was changed.' });

const Change = z
  .object({
    ...revisionShape,
    ...changeShape,
    fact: ChangedFact,
    version: z.int().min(1).describe('Version of the fact after the change.'),
    document: z.string().nullable().describe('Id of the dossier that made the change.'),
    fields: FieldChangeList,
  })
  .meta({ id: 'Change', description: 'Change to one fact by one revision.' });

const ChangePage = createPageSchema('ChangePage', 'A page of changes.', Change);

export function changeRoutes(app: FastifyInstance, service: FactService): void {
  const { cause: _, ...correctionParameters } = changeParameters;
  changeListRoute(app, service, {
    operationId: 'listChanges',
    path: '/v1/changes',
    summary: 'List changes',
    description:
      'Changes to all facts, oldest first by default, for keeping a copy up to date. After the last page, come back ' +
      'with `after` set to `meta.revision`; until something changes, a request with `If-None-Match` gets a 304.',
    query: {
      ...buildChangeListParameters('recordedAt'),
      ...pageParameters,
    },
    example: '/v1/changes?type=sanctions-round&limit=1',
    parseQuery: parseChangeQuery,
    alternates: buildChangeAlternates,
  });
  changeListRoute(app, service, {
    operationId: 'listCorrections',
    path: '/v1/corrections',
    summary: 'List corrections and retractions',
    description: 'Corrections and retractions of all facts, newest first, each with its reason.',
    query: { ...correctionParameters, ...pageParameters },
    example: '/v1/corrections',
    parseQuery: parseCorrectionQuery,
  });
}

interface ChangeListOptions {
  operationId: string;
  path: string;
  summary: string;
  description: string;
  query: z.core.$ZodShape;
  example: string;
  parseQuery(parameters: ChangeParameters): ChangesInput['query'];
  /** Returns the other formats of the list. */
  alternates?: (values: QueryValues) => Alternate[];
}

const ChangePositionSchema: z.ZodType<ChangePagePosition> = z.tuple([NumberText, NumberText]);

function changeListRoute(
  app: FastifyInstance,
  service: FactService,
  { path, query: queryShape, parseQuery, alternates, ...rest }: ChangeListOptions,
): void {
  const options = defineOperation({
    ...rest,
    tag: 'History',
    query: () => z.strictObject(queryShape as z.ZodRawShape),
    response: { description: 'A page of changes.', mediaType: JSON_MEDIA_TYPE, schema: ChangePage },
    asOf: true,
    conditional: true,
    ...(alternates && { alternates: true }),
    problems: [],
  });
  app.get(path, options, (request, reply) => {
    const query = parseQuery(request.query as ChangeParameters);
    return respondPage(
      { service, request, reply },
      {
        positionSchema: ChangePositionSchema,
        ...(alternates && { alternates: alternates(getCanonicalUrl(request).values) }),
      },
      (after, limit) => listChanges({ query, after, limit }),
    );
  });
}
