/** Lists of the changes to all facts and of the corrections among them. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import type { QueryValues } from '../../http/query-string.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { createPageSchema, FactLinks } from '../../model/response-schemas.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type ChangeRow, findChanges } from '../../store/queries/history.ts';
import { deferIfSlow } from '../../workers/slow-query.ts';
import {
  afterParam,
  assertAfterInRange,
  type ChangeParameters,
  changeParameters,
  parseChangeQuery,
} from '../params/change-params.ts';
import type { Alternate } from '../respond/content-negotiation.ts';
import { pageParameters, respondPage, takePage } from '../respond/respond.ts';
import {
  changeShape,
  FieldChangeList,
  loadReferenceLabels,
  NumberText,
  revisionShape,
  toChangeFields,
  toRevisionFields,
} from '../serialize/changes.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import { buildChangeAlternates } from './change-feeds.ts';

const ChangedFact = z
  .object({
    type: z.string(),
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

export function changeRoutes(app: FastifyInstance, store: Store): void {
  const { cause: _, ...correctionParameters } = changeParameters;
  changeListRoute(app, store, {
    operationId: 'listChanges',
    path: '/v1/changes',
    summary: 'List changes',
    description:
      'Changes to all facts, oldest first, for keeping a copy up to date. After the last page, come back with ' +
      '`after` set to `meta.revision`; until something changes, a request with `If-None-Match` gets a 304.',
    query: {
      after: afterParam,
      ...changeParameters,
      ...pageParameters,
    },
    example: '/v1/changes?type=sanctions-round&limit=1',
    newestFirst: false,
    alternates: buildChangeAlternates,
  });
  changeListRoute(app, store, {
    operationId: 'listCorrections',
    path: '/v1/corrections',
    summary: 'List corrections and retractions',
    description: 'Corrections and retractions of all facts, newest first, each with its reason.',
    query: { ...correctionParameters, ...pageParameters },
    example: '/v1/corrections',
    newestFirst: true,
  });
}

interface ChangeListOptions {
  operationId: string;
  path: string;
  summary: string;
  description: string;
  query: z.core.$ZodShape;
  example: string;
  newestFirst: boolean;
  /** Returns the other formats of the list. */
  alternates?: (values: QueryValues) => Alternate[];
}

const ChangePositionSchema = z.tuple([NumberText, NumberText]);

function changeListRoute(
  app: FastifyInstance,
  store: Store,
  { path, query, newestFirst, alternates, ...rest }: ChangeListOptions,
): void {
  const options = defineOperation({
    ...rest,
    tag: 'History',
    query: () => z.strictObject(query as z.ZodRawShape),
    response: { description: 'A page of changes.', mediaType: JSON_MEDIA_TYPE, schema: ChangePage },
    conditional: true,
    ...(alternates && { alternates: true }),
    problems: [],
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as ChangeParameters;
    const changeQuery = { ...parseChangeQuery(parameters), newestFirst };
    if (newestFirst) changeQuery.causes = ['correction', 'retraction'];
    const context = { store, request, reply };
    return respondPage(
      context,
      {
        positionSchema: ChangePositionSchema,
        ...(alternates && { alternates: alternates(getCanonicalUrl(request).values) }),
      },
      async (db, { revision }, position, limit) => {
        assertAfterInRange(changeQuery.after, revision);
        // No index covers these filters in this order.
        if (parameters.type || parameters.cause) await deferIfSlow(context, db);
        const after = position && { revision: Number(position[0]), row: Number(position[1]) };
        const matches = await findChanges(db, revision, changeQuery, after, limit + 1);
        const { rows, next } = takePage(matches, limit, (last): [string, string] => [
          String(last.revision),
          String(last.row),
        ]);
        return { data: await serializeChanges(db, revision, rows), next };
      },
    );
  });
}

/** Returns changes as the API has them, with labels at `revision`. */
export async function serializeChanges(db: Reader, revision: number, rows: ChangeRow[]) {
  const getLabel = await loadReferenceLabels(db, revision, rows);
  return rows.map((row) => ({
    ...toRevisionFields(row),
    ...toChangeFields(row, getLabel),
    fact: { type: row.type, id: row.id, label: row.label, links: buildFactLinks(row) },
    version: row.version,
    document: row.dossier,
  }));
}
