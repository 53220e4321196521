/** The changes of all facts, in order, and those that set the record right. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { canonicalUrl } from '../../http/canonical-url.ts';
import type { QueryValues } from '../../http/query-string.ts';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import { FactLinks, pageOf } from '../../model/response-schemas.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type ChangeRow, findChanges } from '../../store/queries/history.ts';
import { mayScan } from '../../workers/slow-query.ts';
import {
  after,
  type ChangeParameters,
  changeParameters,
  questionOf,
  refuseTooLate,
} from '../params/change-params.ts';
import type { Alternate } from '../respond/content-negotiation.ts';
import { answerPage, cut, pageParameters } from '../respond/respond.ts';
import { fields, headOf, namesIn, numberText, revisionHead, what, whatDid } from '../serialize/changes.ts';
import { linksOf } from '../serialize/serialize-facts.ts';
import { changesAlternates } from './change-feeds.ts';

const ChangedFact = z
  .object({
    type: z.string(),
    id: z.string(),
    label: z.string().describe('Its label since the change.'),
    links: FactLinks,
  })
  .meta({ id: 'ChangedFact', description: 'The fact that was changed.' });

const Change = z
  .object({
    ...revisionHead,
    ...what,
    fact: ChangedFact,
    version: z.int().min(1).describe('Which version of the fact it made.'),
    document: z.string().nullable().describe('The id of the dossier that made the change.'),
    fields,
  })
  .meta({ id: 'Change', description: 'One fact, changed by one revision.' });

const ChangePage = pageOf('ChangePage', 'A page of changes.', Change);

export function changes(app: FastifyInstance, store: Store): void {
  const { cause: _, ...unlessCorrections } = changeParameters;
  listOfChanges(app, store, {
    operationId: 'listChanges',
    path: '/v1/changes',
    summary: 'List the changes of all facts',
    description:
      'In the order in which they were recorded, for a copy of the facts to follow. When there is no next page, come back ' +
      'with `after` set to `meta.revision`; as long as nothing is new, `If-None-Match` gets a 304.',
    query: {
      after,
      ...changeParameters,
      ...pageParameters,
    },
    example: '/v1/changes?type=sanctions-round&limit=1',
    newestFirst: false,
    alternates: changesAlternates,
  });
  listOfChanges(app, store, {
    operationId: 'listCorrections',
    path: '/v1/corrections',
    summary: 'List corrections and retractions',
    description: 'What the record had wrong, the newest first, each with the reason.',
    query: { ...unlessCorrections, ...pageParameters },
    example: '/v1/corrections',
    newestFirst: true,
  });
}

interface ChangeList {
  operationId: string;
  path: string;
  summary: string;
  description: string;
  query: z.core.$ZodShape;
  example: string;
  newestFirst: boolean;
  /** The other formats that it can be had in. */
  alternates?: (values: QueryValues) => Alternate[];
}

const ChangePlaces = z.tuple([numberText, numberText]);

function listOfChanges(
  app: FastifyInstance,
  store: Store,
  { path, query, newestFirst, alternates, ...rest }: ChangeList,
): void {
  const options = operation({
    ...rest,
    tag: 'History',
    query: () => z.strictObject(query as z.ZodRawShape),
    answer: { description: 'A page of changes.', mediaType: JSON_TYPE, schema: ChangePage },
    conditional: true,
    ...(alternates && { alternates: true }),
    problems: [],
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as ChangeParameters;
    const question = { ...questionOf(parameters), newestFirst };
    if (newestFirst) question.causes = ['correction', 'retraction'];
    const exchange = { store, request, reply };
    return answerPage(
      exchange,
      { places: ChangePlaces, ...(alternates && { alternates: alternates(canonicalUrl(request).values) }) },
      async (db, { revision }, place, limit) => {
        refuseTooLate(question.after, revision);
        // No index has them in this order.
        if (parameters.type || parameters.cause) await mayScan(exchange, db);
        const after = place && { revision: Number(place[0]), row: Number(place[1]) };
        const found = await findChanges(db, revision, question, after, limit + 1);
        const { rows, next } = cut(found, limit, (last): [string, string] => [
          String(last.revision),
          String(last.row),
        ]);
        return { data: await describeChanges(db, revision, rows), next };
      },
    );
  });
}

/** Changes as the API tells them, at `revision`. */
export async function describeChanges(db: Reader, revision: number, rows: ChangeRow[]) {
  const name = await namesIn(db, revision, rows);
  return rows.map((row) => ({
    ...headOf(row),
    ...whatDid(row, name),
    fact: { type: row.type, id: row.id, label: row.label, links: linksOf(row) },
    version: row.version,
    document: row.dossier,
  }));
}
