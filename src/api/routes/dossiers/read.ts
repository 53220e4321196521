import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { matches } from '../../../http/etag.ts';
import { JSON_TYPE, operation, TEXT_FILE } from '../../../http/route-definition.ts';
import { dossierTag } from '../../../ingest/etag.ts';
import { Problem } from '../../../lib/problem-details.ts';
import { FactId } from '../../../model/fields.ts';
import type { Store } from '../../../store/open.ts';
import { dossierAt, findDossiers, type StoredDossier } from '../../../store/queries/dossiers.ts';
import { asOf, readingAsOf } from '../../respond/as-of.ts';
import { answerPage, cut, pageParameters } from '../../respond/respond.ts';
import { byKey, isShownToAll, readerOf, refuseRedacted } from '../../respond/text-access.ts';
import { DossierPage, DossierSchema } from './schemas.ts';

const YAML_TYPE = 'application/yaml; charset=utf-8';

export const dossierPath = z.strictObject({ id: FactId.describe('The id of the dossier.') });

/** Where a dossier is to be had. */
export const dossierLinks = (dossier: string) => ({
  self: `/v1/dossiers/${dossier}`,
  yaml: `/v1/dossiers/${dossier}.yaml`,
  document: `/v1/documents/${dossier}`,
});

export function dossierList(app: FastifyInstance, store: Store): void {
  const options = operation({
    operationId: 'listDossiers',
    tag: 'Dossiers',
    summary: 'List the dossiers',
    description: 'Every dossier by its id: the texts, and the facts that were drawn from them.',
    query: () => z.strictObject(pageParameters),
    answer: { description: 'A page of dossiers.', mediaType: JSON_TYPE, schema: DossierPage },
    conditional: true,
    problems: [],
    example: '/v1/dossiers',
  });
  app.get('/v1/dossiers', options, (request, reply) =>
    answerPage(
      { store, request, reply },
      { places: z.tuple([z.string()]), always: true },
      async (db, { revision }, place, limit) => {
        const found = await findDossiers(db, revision, place?.[0] ?? null, limit + 1);
        const { rows, next } = cut(found, limit, (row): [string] => [row.id]);
        return { data: rows.map((row) => ({ ...row, links: dossierLinks(row.id) })), next };
      },
    ),
  );
}

/** One dossier, as JSON and as the file that was authored. */
export function dossierFiles(app: FastifyInstance, store: Store): void {
  const common = {
    tag: 'Dossiers',
    path: dossierPath,
    query: () => z.strictObject({ asOf }),
    conditional: true,
    scope: 'optional',
    problems: ['not-found', 'redacted'],
  } as const;
  const example = '/v1/dossiers/riga-2031-05-02';
  const json = operation({
    ...common,
    operationId: 'getDossier',
    summary: 'Get one dossier',
    description:
      'The dossier with its text, to be changed and put back. Where the rights let only excerpts be shown, a key is needed. ' +
      'Its ETag changes only with the dossier itself, and is what If-Match takes.',
    answer: { description: 'The dossier.', mediaType: JSON_TYPE, schema: DossierSchema },
    example,
  });
  app.get('/v1/dossiers/:id', json, (request, reply) =>
    answerDossier(store, request, reply, JSON_TYPE, jsonOf),
  );
  const yaml = operation({
    ...common,
    operationId: 'getDossierFile',
    summary: 'Get the authored file of one dossier',
    description:
      'The file as it was received, without the text. One that came as JSON is JSON, which is YAML too.',
    answer: { description: 'The file.', mediaType: YAML_TYPE, schema: TEXT_FILE },
    example: `${example}.yaml`,
  });
  app.get('/v1/dossiers/:id.yaml', yaml, (request, reply) =>
    answerDossier(store, request, reply, YAML_TYPE, ({ facts }) => facts),
  );
}

/** JSON is put together from what is kept: nothing large is parsed where requests are answered. */
const jsonOf = ({ source, as_json }: StoredDossier): string =>
  `${as_json.slice(0, -1)},"text":${JSON.stringify(source)}}`;

async function answerDossier(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  mediaType: string,
  represent: (dossier: StoredDossier) => string,
): Promise<unknown> {
  const { id } = request.params as { id: string };
  const mayRead = await readerOf(store, request);
  const dossier = await store.read(async (db) => {
    const { revision } = await readingAsOf(db, (request.query as { asOf?: string }).asOf);
    await refuseRedacted(db, id);
    const found = await dossierAt(db, revision, id);
    if (!found)
      throw new Problem('not-found', `There is no dossier with the id ${id} at revision ${revision}.`);
    mayRead(await isShownToAll(db, id, revision), id);
    return found;
  });
  const etag = dossierTag(dossier);
  // Never immutable: the rights may change, and then bind the past too.
  reply.headers({
    etag,
    'cache-control': 'public, no-cache',
    'last-modified': new Date(dossier.recordedAt).toUTCString(),
  });
  byKey(request, reply);
  const { 'if-none-match': ifNoneMatch } = request.headers;
  if (ifNoneMatch !== undefined && (ifNoneMatch === '*' || matches(ifNoneMatch, etag))) {
    return reply.code(304).send();
  }
  reply.type(mediaType);
  return represent(dossier);
}
