import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { integerBetween } from '../../http/params.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { CHANGE_CAUSES } from '../../model/change.ts';
import { closedVocabulary } from '../../model/fields.ts';
import { createPageSchema } from '../../model/response-schemas.ts';
import { CURRENT } from '../../store/schema.ts';
import { pageParameters } from '../params/page-params.ts';
import { respond, respondPage } from '../respond/respond.ts';
import { attributionShape, NumberPositionSchema, revisionShape } from '../serialize/changes.ts';
import { getRevision, listRevisions } from '../service/history.ts';
import { createLookup } from '../service/query.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const Revision = z
  .object({
    ...revisionShape,
    ...attributionShape,
    action: closedVocabulary(
      'RevisionAction',
      ['import', 'delete', 'redact'],
      'import: a dossier was imported; delete: a dossier was deleted; redact: a text was redacted.',
    ),
    dossier: z.string().nullable().describe('Id of the dossier.'),
    changes: z
      .object(Object.fromEntries(CHANGE_CAUSES.map((name) => [name, z.int().min(0)])))
      .meta({ id: 'ChangeCounts', description: 'Number of changed facts by cause.' }),
    links: z
      .object({
        self: z.string(),
        changes: z.string().describe('Path-absolute URL of the changes of the revision.'),
      })
      .meta({ id: 'RevisionLinks' }),
  })
  .meta({
    id: 'Revision',
    description: 'Accepted import, deletion or redaction.',
  });

const RevisionPage = createPageSchema('RevisionPage', 'A page of revisions.', Revision);

export function revisionRoutes(app: FastifyInstance, service: FactService): void {
  const listOptions = defineOperation({
    operationId: 'listRevisions',
    tag: 'History',
    summary: 'List revisions',
    description: 'All accepted imports, deletions and redactions, newest first.',
    query: () => z.strictObject(pageParameters),
    asOf: true,
    response: { description: 'A page of revisions.', mediaType: JSON_MEDIA_TYPE, schema: RevisionPage },
    conditional: true,
    problems: [],
    example: '/v1/revisions',
  });
  app.get('/v1/revisions', listOptions, (request, reply) =>
    respondPage(
      { service, request, reply },
      { positionSchema: NumberPositionSchema, alwaysExists: true },
      (after, limit) => createLookup((reader) => listRevisions(reader, { after, limit })),
    ),
  );

  const getOptions = defineOperation({
    operationId: 'getRevision',
    tag: 'History',
    summary: 'Get a revision',
    description:
      'One revision, with its author, its time, its note and the number of changed facts by cause.',
    path: () =>
      z.strictObject({
        revision: integerBetween(1, CURRENT - 1).meta({
          description: 'Number of the revision, from 1.',
          example: 1,
        }),
      }),
    asOf: true,
    response: { description: 'The revision.', mediaType: JSON_MEDIA_TYPE, schema: Revision },
    conditional: true,
    problems: ['not-found'],
    example: '/v1/revisions/1',
  });
  app.get('/v1/revisions/:revision', getOptions, (request, reply) => {
    const { revision } = request.params as { revision: number };
    return respond({ service, request, reply }, {}, (reader) => getRevision(reader, revision));
  });
}
