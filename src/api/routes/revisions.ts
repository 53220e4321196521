/** The revisions, and what each did. */
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
      'import: a dossier came in; delete: it was withdrawn whole; redact: its text was taken out.',
    ),
    dossier: z.string().nullable().describe('The id of the dossier.'),
    changes: z
      .object(Object.fromEntries(CHANGE_CAUSES.map((name) => [name, z.int().min(0)])))
      .meta({ id: 'ChangeCounts', description: 'How many facts it changed, by cause.' }),
    links: z
      .object({ self: z.string(), changes: z.string().describe('What it changed, fact by fact.') })
      .meta({ id: 'RevisionLinks' }),
  })
  .meta({
    id: 'Revision',
    description: 'One thing that was done to the record, whole: most often an import.',
  });

const RevisionPage = createPageSchema('RevisionPage', 'A page of revisions.', Revision);

/** The revisions, and one of them. */
export function revisionRoutes(app: FastifyInstance, store: Store): void {
  const listOptions = defineOperation({
    operationId: 'listRevisions',
    tag: 'History',
    summary: 'List the revisions',
    description: 'Every accepted import, the newest first.',
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
    summary: 'Get one revision',
    description: 'Who imported what, when and why, and how many facts it changed.',
    path: () =>
      z.strictObject({
        revision: integerBetween(1, CURRENT - 1).describe('The number of the revision.'),
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
        throw new Problem('not-found', `There is no revision ${revisionNumber} up to revision ${revision}.`);
      return (await serializeRevisions(db, rows))[0];
    });
  });
}

/** Revisions as the API tells them. */
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
