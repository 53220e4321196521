import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { integerBetween } from '../../http/params.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import { type Cause, CHANGE_CAUSES } from '../../model/change.ts';
import { closedVocabulary } from '../../model/fields.ts';
import { createPageSchema } from '../../model/response-schemas.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import {
  type CauseCount,
  countChanges,
  findRevisions,
  type RevisionRow,
} from '../../store/queries/history.ts';
import { CURRENT } from '../../store/schema.ts';
import { asOfParam } from '../respond/as-of.ts';
import { pageParameters, respond, respondPage, takePage } from '../respond/respond.ts';
import {
  attributionShape,
  NumberPositionSchema,
  parseNumberPosition,
  revisionShape,
  toAttributionFields,
  toRevisionFields,
} from '../serialize/changes.ts';

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

export function revisionRoutes(app: FastifyInstance, store: Store): void {
  const listOptions = defineOperation({
    operationId: 'listRevisions',
    tag: 'History',
    summary: 'List revisions',
    description: 'All accepted imports, deletions and redactions, newest first.',
    query: () => z.strictObject(pageParameters),
    response: { description: 'A page of revisions.', mediaType: JSON_MEDIA_TYPE, schema: RevisionPage },
    conditional: true,
    problems: [],
    example: '/v1/revisions',
  });
  app.get('/v1/revisions', listOptions, (request, reply) =>
    respondPage(
      { store, request, reply },
      { positionSchema: NumberPositionSchema, alwaysExists: true },
      async (db, { revision }, position, limit) => {
        const matches = await findRevisions(db, revision, parseNumberPosition(position), limit + 1);
        const { rows, next } = takePage(matches, limit, ({ n }): [string] => [String(n)]);
        return { data: await serializeRevisions(db, rows), next };
      },
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
        revision: integerBetween(1, CURRENT - 1).describe('Number of the revision, from 1.'),
      }),
    query: () => z.strictObject({ asOf: asOfParam }),
    response: { description: 'The revision.', mediaType: JSON_MEDIA_TYPE, schema: Revision },
    conditional: true,
    problems: ['not-found'],
    example: '/v1/revisions/1',
  });
  app.get('/v1/revisions/:revision', getOptions, (request, reply) => {
    const { revision: revisionNumber } = request.params as { revision: number };
    return respond({ store, request, reply }, {}, async (db, { revision }) => {
      const rows = revisionNumber > revision ? [] : await findRevisions(db, revisionNumber, null, 1);
      if (rows.length === 0)
        throw new Problem(
          'not-found',
          `Revision ${revisionNumber} not found; the newest revision of this request is ${revision}`,
        );
      return (await serializeRevisions(db, rows))[0];
    });
  });
}

/** Returns revisions as the API has them. */
export async function serializeRevisions(
  db: Reader,
  rows: RevisionRow[],
): Promise<z.output<typeof Revision>[]> {
  const counts = await countChanges(
    db,
    rows.map(({ n }) => n),
  );
  return rows.map((row) => ({
    ...toRevisionFields({ revision: row.n, recorded_at: row.recorded_at }),
    ...toAttributionFields(row),
    action: row.action,
    dossier: row.dossier,
    changes: Object.fromEntries(CHANGE_CAUSES.map((name) => [name, getCauseCount(counts, row.n, name)])),
    links: { self: `/v1/revisions/${row.n}`, changes: `/v1/changes?after=${row.n - 1}&asOf=${row.n}` },
  }));
}

const getCauseCount = (counts: CauseCount[], n: number, name: Cause): number =>
  counts.find(({ revision, cause }) => revision === n && cause === name)?.count ?? 0;
