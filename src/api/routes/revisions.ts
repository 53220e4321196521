/** The revisions, and what each did. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { wholeNumber } from '../../http/params.ts';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import { CAUSES, type Cause } from '../../model/change.ts';
import { vocabulary } from '../../model/fields.ts';
import { pageOf } from '../../model/response-schemas.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import {
  type CauseCount,
  countChanges,
  findRevisions,
  type RevisionRow,
} from '../../store/queries/history.ts';
import { OPEN_END } from '../../store/schema.ts';
import { asOf } from '../respond/as-of.ts';
import { answer, answerPage, cut, pageParameters } from '../respond/respond.ts';
import { atNumber, headOf, NumberPlace, revisionHead, told, toldBy } from '../serialize/changes.ts';

const Revision = z
  .object({
    ...revisionHead,
    ...told,
    action: vocabulary(
      'RevisionAction',
      ['import', 'delete', 'redact'],
      'import: a dossier came in; delete: it was withdrawn whole; redact: its text was taken out.',
    ),
    dossier: z.string().nullable().describe('The id of the dossier.'),
    changes: z
      .object(Object.fromEntries(CAUSES.map((name) => [name, z.int().min(0)])))
      .meta({ id: 'ChangeCounts', description: 'How many facts it changed, by cause.' }),
    links: z
      .object({ self: z.string(), changes: z.string().describe('What it changed, fact by fact.') })
      .meta({ id: 'RevisionLinks' }),
  })
  .meta({
    id: 'Revision',
    description: 'One thing that was done to the record, whole: most often an import.',
  });

const RevisionPage = pageOf('RevisionPage', 'A page of revisions.', Revision);

/** The revisions, and one of them. */
export function revisions(app: FastifyInstance, store: Store): void {
  const list = operation({
    operationId: 'listRevisions',
    tag: 'History',
    summary: 'List the revisions',
    description: 'Every accepted import, the newest first.',
    query: () => z.strictObject(pageParameters),
    answer: { description: 'A page of revisions.', mediaType: JSON_TYPE, schema: RevisionPage },
    conditional: true,
    problems: [],
    example: '/v1/revisions',
  });
  app.get('/v1/revisions', list, (request, reply) =>
    answerPage(
      { store, request, reply },
      { places: NumberPlace, always: true },
      async (db, { revision }, place, limit) => {
        const found = await findRevisions(db, revision, atNumber(place), limit + 1);
        const { rows, next } = cut(found, limit, ({ n }): [string] => [String(n)]);
        return { data: await describeRevisions(db, rows), next };
      },
    ),
  );

  const one = operation({
    operationId: 'getRevision',
    tag: 'History',
    summary: 'Get one revision',
    description: 'Who imported what, when and why, and how many facts it changed.',
    path: () =>
      z.strictObject({
        revision: wholeNumber(1, OPEN_END - 1).describe('The number of the revision.'),
      }),
    query: () => z.strictObject({ asOf }),
    answer: { description: 'The revision.', mediaType: JSON_TYPE, schema: Revision },
    conditional: true,
    problems: ['not-found'],
    example: '/v1/revisions/1',
  });
  app.get('/v1/revisions/:revision', one, (request, reply) => {
    const { revision: n } = request.params as { revision: number };
    return answer({ store, request, reply }, {}, async (db, { revision }) => {
      const rows = n > revision ? [] : await findRevisions(db, n, null, 1);
      if (rows.length === 0)
        throw new Problem('not-found', `There is no revision ${n} up to revision ${revision}.`);
      return (await describeRevisions(db, rows))[0];
    });
  });
}

/** Revisions as the API tells them. */
export async function describeRevisions(
  db: Reader,
  rows: RevisionRow[],
): Promise<z.output<typeof Revision>[]> {
  const counts = await countChanges(
    db,
    rows.map(({ n }) => n),
  );
  return rows.map((row) => ({
    ...headOf({ revision: row.n, recorded_at: row.recorded_at }),
    ...toldBy(row),
    action: row.action,
    dossier: row.dossier,
    changes: Object.fromEntries(CAUSES.map((name) => [name, countOf(counts, row.n, name)])),
    links: { self: `/v1/revisions/${row.n}`, changes: `/v1/changes?after=${row.n - 1}&asOf=${row.n}` },
  }));
}

const countOf = (counts: CauseCount[], n: number, name: Cause): number =>
  counts.find(({ revision, cause }) => revision === n && cause === name)?.count ?? 0;
