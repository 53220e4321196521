import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { conditionalResponse } from '../../../http/conditional-response.ts';
import { authenticate } from '../../../http/plugins/authentication.ts';
import { defineOperation, JSON_MEDIA_TYPE, TEXT_FILE } from '../../../http/route-definition.ts';
import { createDossierEtag } from '../../../ingest/etag.ts';
import { FactId } from '../../../model/fields.ts';
import { pageParameters } from '../../params/page-params.ts';
import { formatCanonicalLink } from '../../respond/content-negotiation.ts';
import { createExcerptsOnlyProblem } from '../../respond/excerpts-only-problem.ts';
import { type RequestContext, respondPage } from '../../respond/respond.ts';
import { resolveAsOf } from '../../service/as-of.ts';
import { type Dossier, type DossierPosition, getDossier, listDossiers } from '../../service/dossiers.ts';
import { createLookup } from '../../service/query.ts';
import { createReader, type FactService } from '../../service/snapshot-reader.ts';
import { DossierPage, loadDossierSchema } from './schemas.ts';

const EXAMPLE_ID = 'brussels-2022-03-24';
const YAML_MEDIA_TYPE = 'application/yaml; charset=utf-8';

/** Returns the path parameters of an operation on a dossier such as `example`. */
export const buildDossierPathParameters = (example: string) =>
  z.strictObject({ id: FactId.meta({ description: 'Id of the dossier.', example }) });

export function listDossiersRoute(app: FastifyInstance, service: FactService): void {
  const options = defineOperation({
    operationId: 'listDossiers',
    tag: 'Dossiers',
    summary: 'List dossiers',
    description: 'All dossiers, sorted by id. A dossier is a source text with the facts drawn from it.',
    query: () => z.strictObject(pageParameters),
    asOf: true,
    response: { description: 'A page of dossiers.', mediaType: JSON_MEDIA_TYPE, schema: DossierPage },
    conditional: true,
    problems: [],
    example: '/v1/dossiers',
  });
  app.get('/v1/dossiers', options, (request, reply) =>
    respondPage(
      { service, request, reply },
      { positionSchema: DossierPositionSchema, alwaysExists: true },
      (after, limit) => createLookup((reader) => listDossiers(reader, { after, limit })),
    ),
  );
}

const DossierPositionSchema: z.ZodType<DossierPosition> = z.tuple([z.string()]);

/** Adds the routes of one dossier: as JSON and as the authored file. */
export function getDossierRoutes(app: FastifyInstance, service: FactService): void {
  const commonOptions = {
    tag: 'Dossiers',
    path: buildDossierPathParameters(EXAMPLE_ID),
    asOf: true,
    conditional: true,
    scope: 'optional',
    problems: ['not-found', 'redacted'],
  } as const;
  const example = `/v1/dossiers/${EXAMPLE_ID}`;
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
    respondDossier({ service, request, reply }, JSON_MEDIA_TYPE, serializeDossier),
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
    respondDossier({ service, request, reply }, YAML_MEDIA_TYPE, ({ facts }) => facts),
  );
}

/** Joins the stored JSON and the text, because parsing a large dossier would block other requests. */
const serializeDossier = ({ source, as_json }: Dossier): string =>
  `${as_json.slice(0, -1)},"text":${JSON.stringify(source)}}`;

async function respondDossier(
  { service, request, reply }: RequestContext,
  mediaType: string,
  serialize: (dossier: Dossier) => string,
): Promise<unknown> {
  const { id } = request.params as { id: string };
  const { asOf } = request.query as { asOf?: string };
  const hasKey = (await authenticate(service.store, request)) !== null;
  const dossier = await service.store.read(async (db) => {
    const reader = createReader(service, db, await resolveAsOf(db, asOf));
    return getDossier(reader, id, { hasKey });
  });
  if (!dossier) throw createExcerptsOnlyProblem(request, id);
  // Never immutable: the rights may change, and then also apply to past revisions.
  const validators = {
    etag: createDossierEtag(dossier),
    lastModified: dossier.recordedAt,
    variesByKey: true,
  };
  return conditionalResponse(request, reply, validators, { alwaysExists: true }, () => {
    const link = formatCanonicalLink(request);
    if (link !== '') reply.header('link', link);
    reply.type(mediaType);
    return serialize(dossier);
  });
}
