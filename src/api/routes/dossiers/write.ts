import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
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
import { JSON_BODY_MEDIA_TYPE, YAML_BODY_MEDIA_TYPES } from '../../../ingest/media-types.ts';
import { text } from '../../../model/fields.ts';
import type { ChangedFact } from '../../../store/import/import-dossier.ts';
import type { Store } from '../../../store/open.ts';
import type { ImportQueue } from '../../../workers/import-queue.ts';
import { buildFactLinks } from '../../serialize/serialize-facts.ts';
import { dossierPathParameters } from './read.ts';
import { CheckResultSchema, DossierSchema, ImportResultSchema } from './schemas.ts';
import { createWriteGuard, getImportSlot } from './write-guard.ts';

const MAX_NOTE_LENGTH = 2_000;

/** Words for whoever reads the record later; the document says too that no white space stands around them. */
const buildTextParameter = (maxLength: number) => text(maxLength).meta({ pattern: '^\\S([\\s\\S]*\\S)?$' });

const noteParam = singleValue(buildTextParameter(MAX_NOTE_LENGTH))
  .optional()
  .describe(
    "What the import is about. Where the dossier's own facts are corrected, it is the reason, and needed.",
  );
const reviewerParam = singleValue(buildTextParameter(200)).optional().describe('Who looked it over.');

const IfMatchHeader = z
  .string()
  .optional()
  .describe('The ETag that the dossier was read with; needed where there is one already.');
const PreconditionHeaders = z.object({
  'If-Match': IfMatchHeader,
  'If-None-Match': z.string().optional().describe('`*` to make a dossier only where there is none.'),
});

const dossierBody: NonNullable<Operation['body']> = {
  description: 'The dossier, in JSON or YAML; `text` may be left out where it stays as it is.',
  content: { [JSON_BODY_MEDIA_TYPE]: DossierSchema, [YAML_BODY_MEDIA_TYPES[0] as string]: TEXT_FILE },
};

const EXAMPLE_PATH = '/v1/dossiers/riga-2031-05-02';
const EXAMPLE_DOSSIER = {
  document: {
    id: 'riga-2031-05-02',
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
      'What an import of it would add, modify, retract and leave, and every problem that stands in its way. Nothing is ' +
      'written.',
    path: dossierPathParameters,
    query: () => z.strictObject({ note: noteParam }),
    body: dossierBody,
    response: {
      description: 'What an import would do.',
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
    { ...options, ...createWriteGuard(store, importQueue, { takesBody: true }) },
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
      'Makes the dossier, or replaces it, as one revision or not at all; the author is the name of the key. One that the ' +
      'store has just so is a 200 whatever If-Match or If-None-Match says, so that a request whose answer was lost can be sent again. YAML is ' +
      'kept to the letter, JSON as JSON: put over a YAML file, it replaces comments and order too.',
    path: dossierPathParameters,
    query: () => z.strictObject({ note: noteParam, reviewer: reviewerParam }),
    headers: PreconditionHeaders,
    body: dossierBody,
    response: {
      description: 'It was replaced, or was just so already.',
      createdDescription: 'It was made.',
      mediaType: JSON_MEDIA_TYPE,
      schema: ImportResultSchema,
      headers: ['ETag'],
    },
    conditional: false,
    scope: 'write',
    problems: ['precondition-required', 'precondition-failed', 'conflict', 'invalid-dossier', 'imports-full'],
    example: {
      method: 'PUT',
      url: `${EXAMPLE_PATH}?note=The%20meeting%20in%20Riga`,
      headers: { 'if-none-match': '*' },
      body: EXAMPLE_DOSSIER,
    },
  });
  app.put(
    '/v1/dossiers/:id',
    { ...options, ...createWriteGuard(store, importQueue, { takesBody: true }) },
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

const reasonParam = singleValue(buildTextParameter(MAX_NOTE_LENGTH)).describe(
  'Why it is withdrawn, for whoever asks later.',
);

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
      'Retracts its facts, and takes back what it said about those of others, as one revision. What was known stays ' +
      'readable, by id and by asOf.',
    path: dossierPathParameters,
    query: () => z.strictObject({ reason: reasonParam, reviewer: reviewerParam }),
    headers: z.object({ 'If-Match': IfMatchHeader }),
    response: { description: 'It was deleted.', mediaType: JSON_MEDIA_TYPE, schema: ImportResultSchema },
    conditional: false,
    scope: 'write',
    problems: [
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
    { ...options, ...createWriteGuard(store, importQueue, { takesBody: false }) },
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
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
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
