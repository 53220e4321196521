import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { JSON_BODY_MEDIA_TYPE, YAML_BODY_MEDIA_TYPES } from '../../../http/body-media-types.ts';
import { singleValue } from '../../../http/params.ts';
import {
  defineOperation,
  type ExampleRequest,
  JSON_MEDIA_TYPE,
  type Operation,
  TEXT_FILE,
} from '../../../http/route-definition.ts';
import type { CheckInput, ImportResult, Preconditions } from '../../../ingest/dossier-service.ts';
import { createDossierEtag } from '../../../ingest/etag.ts';
import { getEssence } from '../../../lib/media-type.ts';
import { text } from '../../../model/fields.ts';
import type { ChangedFact } from '../../../store/import/import-dossier.ts';
import type { Store } from '../../../store/open.ts';
import type { ImportQueue } from '../../../workers/import-queue.ts';
import { buildFactLinks } from '../../serialize/serialize-facts.ts';
import { buildDossierPathParameters } from './read.ts';
import { CheckResultSchema, ImportResultSchema, loadDossierSchema } from './schemas.ts';
import { createWriteGuard, getImportSlot } from './write-guard.ts';

const MAX_NOTE_LENGTH = 2_000;

/** Returns the schema of a note; the pattern tells OpenAPI clients that no white space may surround it. */
const buildTextParameter = (maxLength: number) => text(maxLength).meta({ pattern: '^\\S([\\s\\S]*\\S)?$' });

const noteParam = singleValue(buildTextParameter(MAX_NOTE_LENGTH))
  .optional()
  .meta({
    description:
      `Note on the import, at most ${MAX_NOTE_LENGTH} characters. Required as the reason if the dossier corrects ` +
      'its own facts.',
    example: 'The meeting in Riga',
  });
const reviewerParam = singleValue(buildTextParameter(200))
  .optional()
  .meta({ description: 'Name of the reviewer, at most 200 characters.', example: 'Anna Berzina' });

const IfMatchHeader = z
  .string()
  .optional()
  .meta({
    description:
      'ETag of the dossier as you read it, or `*`. Required if the dossier exists. A weak ETag (`W/"..."`), as ' +
      'proxies that compress responses make them, never matches: send it without `W/`.',
    example: '*',
  });
const PreconditionHeaders = z.object({
  'If-Match': IfMatchHeader,
  'If-None-Match': z
    .string()
    .optional()
    .meta({ description: '`*` to create the dossier only if it does not exist.', example: '*' }),
});

const dossierBody: NonNullable<Operation['body']> = {
  description: 'The dossier as JSON or YAML; `text` may be left out if it has not changed.',
  content: { [JSON_BODY_MEDIA_TYPE]: loadDossierSchema, [YAML_BODY_MEDIA_TYPES[0] as string]: TEXT_FILE },
};

const EXAMPLE_ID = 'riga-2031-05-02';
const EXAMPLE_PATH = `/v1/dossiers/${EXAMPLE_ID}`;
const EXAMPLE_DOSSIER = {
  document: {
    id: EXAMPLE_ID,
    title: 'Ministers meet in Riga',
    language: 'en',
    publishedOn: '2031-05-02',
    rights: { statement: 'Written as an example', display: 'full' },
  },
  facts: [
    {
      type: 'event',
      id: 'riga-meeting-2031-05-02',
      name: 'Meeting of ministers in Riga',
      kind: 'meeting',
      status: 'held',
      startDate: '2031-05-02',
      datePrecision: 'day',
      participants: [{ actor: 'organization/nato', attendance: 'in-person' }],
      evidence: [
        {
          quote: 'Ministers of the alliance met in Riga on Friday',
          supports: ['name', 'kind', 'status', 'participants'],
        },
      ],
      inferences: [
        {
          fields: ['startDate'],
          kind: 'derived',
          note: '"Friday", read against the publication date, Friday 2 May 2031',
        },
      ],
    },
  ],
  text: 'Ministers of the alliance met in Riga on Friday.\n',
};

export function checkDossierRoute(app: FastifyInstance, store: Store, importQueue: ImportQueue): void {
  const options = defineOperation({
    operationId: 'checkDossier',
    tag: 'Dossiers',
    summary: 'Check a dossier',
    description:
      'Dry run of an import: returns the facts that it would add, modify and retract, and every problem that ' +
      'prevents it. Nothing is written.',
    path: buildDossierPathParameters(EXAMPLE_ID),
    query: () => z.strictObject({ note: noteParam }),
    body: dossierBody,
    response: {
      description: 'Result of the dry run.',
      mediaType: JSON_MEDIA_TYPE,
      schema: CheckResultSchema,
    },
    conditional: false,
    scope: 'write',
    problems: ['invalid-dossier', 'imports-full'],
    example: { method: 'POST', url: `${EXAMPLE_PATH}/check`, body: EXAMPLE_DOSSIER },
  });
  app.post(
    '/v1/dossiers/:id/check',
    { ...options, ...createWriteGuard(store, importQueue, { takesBody: true, writes: false }) },
    async (request, reply) => {
      const { problems, problemCount, ...changes } = await importQueue.check(
        toCheckInput(request),
        getImportSlot(request),
      );
      reply.header('cache-control', 'no-store').type(JSON_MEDIA_TYPE);
      return { ...serializeImportChanges(changes), problems, problemCount };
    },
  );
}

export function putDossierRoute(app: FastifyInstance, store: Store, importQueue: ImportQueue): void {
  const options = defineOperation({
    operationId: 'putDossier',
    tag: 'Dossiers',
    summary: 'Import a dossier',
    description:
      'Creates or replaces the dossier as one revision, or changes nothing. The author is the name of the API key. ' +
      'If the store already has the same dossier, the response is 200 with or without If-Match and If-None-Match, so ' +
      'that a request whose response was lost can be sent again. YAML is stored byte for byte. JSON is stored as ' +
      'JSON; if it replaces YAML, comments and the order of fields are lost.',
    path: buildDossierPathParameters(EXAMPLE_ID),
    query: () => z.strictObject({ note: noteParam, reviewer: reviewerParam }),
    headers: PreconditionHeaders,
    body: dossierBody,
    response: {
      description: 'The dossier was replaced, or was the same already.',
      createdDescription: 'The dossier was created.',
      mediaType: JSON_MEDIA_TYPE,
      schema: ImportResultSchema,
      headers: ['ETag'],
    },
    conditional: false,
    scope: 'write',
    problems: [
      'read-only',
      'precondition-required',
      'precondition-failed',
      'conflict',
      'invalid-dossier',
      'imports-full',
    ],
    example: {
      method: 'PUT',
      url: `${EXAMPLE_PATH}?note=The%20meeting%20in%20Riga`,
      headers: { 'if-none-match': '*' },
      body: EXAMPLE_DOSSIER,
    },
  });
  app.put(
    '/v1/dossiers/:id',
    { ...options, ...createWriteGuard(store, importQueue, { takesBody: true, writes: true }) },
    async (request, reply) => {
      const { reviewer = null } = request.query as { reviewer?: string };
      const input = toCheckInput(request);
      const job = {
        ...input,
        ...parsePreconditions(request),
        author: getAuthor(request),
        reviewer,
      };
      const result = await importQueue.import(job, getImportSlot(request));
      reply.code(result.action === 'created' ? 201 : 200);
      reply.header('etag', createDossierEtag({ id: input.id, revision: result.revision }));
      return respondImportResult(reply, input.id, result);
    },
  );
}

const reasonParam = singleValue(buildTextParameter(MAX_NOTE_LENGTH)).meta({
  description: `Reason for the retraction, recorded in the history; at most ${MAX_NOTE_LENGTH} characters.`,
  example: 'An invented meeting',
});

export function deleteDossierRoute(app: FastifyInstance, store: Store, importQueue: ImportQueue): void {
  const example: ExampleRequest = {
    method: 'DELETE',
    url: `${EXAMPLE_PATH}?reason=An%20invented%20meeting`,
    headers: { 'if-match': '*' },
  };
  const options = defineOperation({
    operationId: 'deleteDossier',
    tag: 'Dossiers',
    summary: 'Delete a dossier',
    description:
      'Retracts the facts of the dossier and what it said about facts of other dossiers, as one revision. ' +
      'Retracted facts stay readable by id, and earlier revisions with asOf.',
    path: buildDossierPathParameters(EXAMPLE_ID),
    query: () => z.strictObject({ reason: reasonParam, reviewer: reviewerParam }),
    headers: z.object({ 'If-Match': IfMatchHeader }),
    response: {
      description: 'The dossier was deleted.',
      mediaType: JSON_MEDIA_TYPE,
      schema: ImportResultSchema,
    },
    conditional: false,
    scope: 'write',
    problems: [
      'read-only',
      'not-found',
      'precondition-required',
      'precondition-failed',
      'conflict',
      'invalid-request',
      'unsupported-media-type',
      'imports-full',
    ],
    example,
  });
  app.delete(
    '/v1/dossiers/:id',
    { ...options, ...createWriteGuard(store, importQueue, { takesBody: false, writes: true }) },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const { reason, reviewer = null } = request.query as { reason: string; reviewer?: string };
      const job = { id, ...parsePreconditions(request), author: getAuthor(request), reason, reviewer };
      return respondImportResult(reply, id, await importQueue.delete(job, getImportSlot(request)));
    },
  );
}

function toCheckInput(request: FastifyRequest): CheckInput {
  const { id } = request.params as { id: string };
  const { note = null } = request.query as { note?: string };
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const mediaType = getEssence(request.headers['content-type'] ?? '')
    .trim()
    .toLowerCase();
  return { id, note, mediaType, body };
}

const parsePreconditions = ({ headers }: FastifyRequest): Preconditions => ({
  ifMatch: headers['if-match'] ?? null,
  ifNoneMatch: headers['if-none-match'] ?? null,
});

const getAuthor = ({ apiKey }: FastifyRequest): string => apiKey?.name ?? '';

function respondImportResult(reply: FastifyReply, id: string, result: ImportResult): unknown {
  const { action, revision, ...changes } = result;
  reply.header('cache-control', 'no-store').type(JSON_MEDIA_TYPE);
  const links = { self: `/v1/dossiers/${id}`, revision: `/v1/revisions/${revision}` };
  return { id, action, revision, ...serializeImportChanges(changes), links };
}

function serializeImportChanges({
  added,
  modified,
  retracted,
  unchanged,
}: Omit<ImportResult, 'action' | 'revision'>) {
  const addLinks = (facts: ChangedFact[]) => facts.map((fact) => ({ ...fact, links: buildFactLinks(fact) }));
  return { added: addLinks(added), modified: addLinks(modified), retracted: addLinks(retracted), unchanged };
}
