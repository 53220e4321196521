import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { conditionalResponse } from '../../../http/conditional-response.ts';
import { defineOperation, JSON_MEDIA_TYPE, TEXT_FILE } from '../../../http/route-definition.ts';
import { createDossierEtag } from '../../../ingest/etag.ts';
import { Problem } from '../../../lib/problem-details.ts';
import { FactId } from '../../../model/fields.ts';
import type { Store } from '../../../store/open.ts';
import { findDossierAt, findDossiers, type StoredDossier } from '../../../store/queries/dossiers.ts';
import { asOfParam, resolveAsOf } from '../../respond/as-of.ts';
import { pageParameters, respondPage, takePage } from '../../respond/respond.ts';
import { assertNotRedacted, createTextGuard, isPublicText } from '../../respond/text-access.ts';
import { DossierPage, loadDossierSchema } from './schemas.ts';

const YAML_MEDIA_TYPE = 'application/yaml; charset=utf-8';

export const dossierPathParameters = z.strictObject({ id: FactId.describe('Id of the dossier.') });

/** Returns the path-absolute URLs of a dossier. */
export const buildDossierLinks = (dossier: string) => ({
  self: `/v1/dossiers/${dossier}`,
  yaml: `/v1/dossiers/${dossier}.yaml`,
  document: `/v1/documents/${dossier}`,
});

export function listDossiersRoute(app: FastifyInstance, store: Store): void {
  const options = defineOperation({
    operationId: 'listDossiers',
    tag: 'Dossiers',
    summary: 'List dossiers',
    description: 'All dossiers, sorted by id. A dossier is a source text with the facts drawn from it.',
    query: () => z.strictObject(pageParameters),
    response: { description: 'A page of dossiers.', mediaType: JSON_MEDIA_TYPE, schema: DossierPage },
    conditional: true,
    problems: [],
    example: '/v1/dossiers',
  });
  app.get('/v1/dossiers', options, (request, reply) =>
    respondPage(
      { store, request, reply },
      { positionSchema: z.tuple([z.string()]), alwaysExists: true },
      async (db, { revision }, position, limit) => {
        const matches = await findDossiers(db, revision, position?.[0] ?? null, limit + 1);
        const { rows, next } = takePage(matches, limit, (row): [string] => [row.id]);
        return { data: rows.map((row) => ({ ...row, links: buildDossierLinks(row.id) })), next };
      },
    ),
  );
}

/** Adds the routes of one dossier: as JSON and as the authored file. */
export function getDossierRoutes(app: FastifyInstance, store: Store): void {
  const commonOptions = {
    tag: 'Dossiers',
    path: dossierPathParameters,
    query: () => z.strictObject({ asOf: asOfParam }),
    conditional: true,
    scope: 'optional',
    problems: ['not-found', 'redacted'],
  } as const;
  const example = '/v1/dossiers/riga-2031-05-02';
  const jsonOptions = defineOperation({
    ...commonOptions,
    operationId: 'getDossier',
    summary: 'Get a dossier',
    description:
      'The dossier with its text. To change it, send it back with PUT and its ETag in If-Match; the ETag changes ' +
      'only with the dossier itself. If the rights allow only excerpts to be shown, an API key is required.',
    response: { description: 'The dossier.', mediaType: JSON_MEDIA_TYPE, schema: loadDossierSchema },
    example,
  });
  app.get('/v1/dossiers/:id', jsonOptions, (request, reply) =>
    respondDossier(store, request, reply, JSON_MEDIA_TYPE, serializeDossier),
  );
  const yamlOptions = defineOperation({
    ...commonOptions,
    operationId: 'getDossierFile',
    summary: 'Get the authored file of a dossier',
    description:
      'The file as received, without the text. A dossier sent as JSON is returned as JSON, which is also YAML.',
    response: { description: 'The authored file.', mediaType: YAML_MEDIA_TYPE, schema: TEXT_FILE },
    example: `${example}.yaml`,
  });
  app.get('/v1/dossiers/:id.yaml', yamlOptions, (request, reply) =>
    respondDossier(store, request, reply, YAML_MEDIA_TYPE, ({ facts }) => facts),
  );
}

/** Joins the stored JSON and the text, because parsing a large dossier would block other requests. */
const serializeDossier = ({ source, as_json }: StoredDossier): string =>
  `${as_json.slice(0, -1)},"text":${JSON.stringify(source)}}`;

async function respondDossier(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  mediaType: string,
  serialize: (dossier: StoredDossier) => string,
): Promise<unknown> {
  const { id } = request.params as { id: string };
  const assertReadable = await createTextGuard(store, request);
  const dossier = await store.read(async (db) => {
    const { revision } = await resolveAsOf(db, (request.query as { asOf?: string }).asOf);
    await assertNotRedacted(db, id);
    const match = await findDossierAt(db, revision, id);
    if (!match) throw new Problem('not-found', `Dossier ${id} not found at revision ${revision}`);
    assertReadable(await isPublicText(db, id, revision), id);
    return match;
  });
  // Never immutable: the rights may change, and then also apply to past revisions.
  const validators = {
    etag: createDossierEtag(dossier),
    lastModified: dossier.recordedAt,
    variesByKey: true,
  };
  return conditionalResponse(request, reply, validators, { alwaysExists: true }, () => {
    reply.type(mediaType);
    return serialize(dossier);
  });
}
