import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { single } from '../../../http/params.ts';
import {
  type ExampleRequest,
  JSON_TYPE,
  type Operation,
  operation,
  TEXT_FILE,
} from '../../../http/route-definition.ts';
import type { Preconditions, Receipt, Sent } from '../../../ingest/dossier-service.ts';
import { dossierTag } from '../../../ingest/etag.ts';
import { JSON_BODY, YAML_BODIES } from '../../../ingest/media-types.ts';
import { text } from '../../../model/fields.ts';
import type { Touched } from '../../../store/import/import-dossier.ts';
import type { Store } from '../../../store/open.ts';
import type { Importer } from '../../../workers/import-queue.ts';
import { linksOf } from '../../serialize/serialize-facts.ts';
import { dossierPath } from './read.ts';
import { DossierSchema, ReceiptSchema, VerdictSchema } from './schemas.ts';
import { admission, placeOf } from './write-guard.ts';

const MAX_NOTE_LENGTH = 2_000;

/** Words for whoever reads the record later; the document says too that no white space stands around them. */
const remark = (maxLength: number) => text(maxLength).meta({ pattern: '^\\S([\\s\\S]*\\S)?$' });

const note = single(remark(MAX_NOTE_LENGTH))
  .optional()
  .describe(
    "What the import is about. Where the dossier's own facts are corrected, it is the reason, and needed.",
  );
const reviewer = single(remark(200)).optional().describe('Who looked it over.');

const ifMatch = z
  .string()
  .optional()
  .describe('The ETag that the dossier was read with; needed where there is one already.');
const preconditions = z.object({
  'If-Match': ifMatch,
  'If-None-Match': z.string().optional().describe('`*` to make a dossier only where there is none.'),
});

const body: NonNullable<Operation['body']> = {
  description: 'The dossier, in JSON or YAML; `text` may be left out where it stays as it is.',
  content: { [JSON_BODY]: DossierSchema, [YAML_BODIES[0] as string]: TEXT_FILE },
};

const EXAMPLE_PATH = '/v1/dossiers/riga-2031-05-02';
const EXAMPLE = {
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

export function dossierChecks(app: FastifyInstance, store: Store, importer: Importer): void {
  const options = operation({
    operationId: 'checkDossier',
    tag: 'Dossiers',
    summary: 'Check a dossier',
    description:
      'What an import of it would add, modify, retract and leave, and every problem that stands in its way. Nothing is ' +
      'written.',
    path: dossierPath,
    query: () => z.strictObject({ note }),
    body,
    answer: { description: 'What an import would do.', mediaType: JSON_TYPE, schema: VerdictSchema },
    conditional: false,
    scope: 'write',
    problems: ['invalid-dossier', 'imports-full'],
    example: { method: 'POST', url: `${EXAMPLE_PATH}/check`, body: EXAMPLE },
  });
  app.post(
    '/v1/dossiers/:id/check',
    { ...options, ...admission(store, importer, { body: true }) },
    async (request, reply) => {
      const { problems, problemCount, ...touches } = await importer.check(sentIn(request), placeOf(request));
      reply.header('cache-control', 'no-store').type(JSON_TYPE);
      return { ...touchesOf(touches), problems, problemCount };
    },
  );
}

export function dossierImports(app: FastifyInstance, store: Store, importer: Importer): void {
  const options = operation({
    operationId: 'putDossier',
    tag: 'Dossiers',
    summary: 'Import a dossier',
    description:
      'Makes the dossier, or replaces it, as one revision or not at all; the author is the name of the key. One that the ' +
      'store has just so is a 200 whatever If-Match or If-None-Match says, so that a request whose answer was lost can be sent again. YAML is ' +
      'kept to the letter, JSON as JSON: put over a YAML file, it replaces comments and order too.',
    path: dossierPath,
    query: () => z.strictObject({ note, reviewer }),
    headers: preconditions,
    body,
    answer: {
      description: 'It was replaced, or was just so already.',
      created: 'It was made.',
      mediaType: JSON_TYPE,
      schema: ReceiptSchema,
      headers: ['ETag'],
    },
    conditional: false,
    scope: 'write',
    problems: ['precondition-required', 'precondition-failed', 'conflict', 'invalid-dossier', 'imports-full'],
    example: {
      method: 'PUT',
      url: `${EXAMPLE_PATH}?note=The%20meeting%20in%20Riga`,
      headers: { 'if-none-match': '*' },
      body: EXAMPLE,
    },
  });
  app.put(
    '/v1/dossiers/:id',
    { ...options, ...admission(store, importer, { body: true }) },
    async (request, reply) => {
      const { reviewer = null } = request.query as { reviewer?: string };
      const sent = sentIn(request);
      const job = {
        ...sent,
        ...preconditionsOf(request),
        author: authorOf(request),
        reviewer,
      };
      const receipt = await importer.import(job, placeOf(request));
      reply.code(receipt.action === 'created' ? 201 : 200);
      reply.header('etag', dossierTag({ id: sent.id, revision: receipt.revision }));
      return answerReceipt(reply, sent.id, receipt);
    },
  );
}

const reason = single(remark(MAX_NOTE_LENGTH)).describe('Why it is withdrawn, for whoever asks later.');

export function dossierDeletions(app: FastifyInstance, store: Store, importer: Importer): void {
  const example: ExampleRequest = {
    method: 'DELETE',
    url: `${EXAMPLE_PATH}?reason=An%20invented%20meeting`,
    headers: { 'if-match': '*' },
  };
  const options = operation({
    operationId: 'deleteDossier',
    tag: 'Dossiers',
    summary: 'Delete a dossier',
    description:
      'Retracts its facts, and takes back what it said about those of others, as one revision. What was known stays ' +
      'readable, by id and by asOf.',
    path: dossierPath,
    query: () => z.strictObject({ reason, reviewer }),
    headers: z.object({ 'If-Match': ifMatch }),
    answer: { description: 'It was deleted.', mediaType: JSON_TYPE, schema: ReceiptSchema },
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
    { ...options, ...admission(store, importer, { body: false }) },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const { reason, reviewer = null } = request.query as { reason: string; reviewer?: string };
      const job = { id, ...preconditionsOf(request), author: authorOf(request), reason, reviewer };
      return answerReceipt(reply, id, await importer.remove(job, placeOf(request)));
    },
  );
}

function sentIn(request: FastifyRequest): Sent {
  const { id } = request.params as { id: string };
  const { note = null } = request.query as { note?: string };
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return { id, note, mediaType, body };
}

const preconditionsOf = ({ headers }: FastifyRequest): Preconditions => ({
  ifMatch: headers['if-match'] ?? null,
  ifNoneMatch: headers['if-none-match'] ?? null,
});

const authorOf = ({ key }: FastifyRequest): string => key?.name ?? '';

function answerReceipt(reply: FastifyReply, id: string, receipt: Receipt): unknown {
  const { action, revision, ...touches } = receipt;
  reply.header('cache-control', 'no-store').type(JSON_TYPE);
  const links = { self: `/v1/dossiers/${id}`, revision: `/v1/revisions/${revision}` };
  return { id, action, revision, ...touchesOf(touches), links };
}

function touchesOf({ added, modified, retracted, unchanged }: Omit<Receipt, 'action' | 'revision'>) {
  const linked = (facts: Touched[]) => facts.map((fact) => ({ ...fact, links: linksOf(fact) }));
  return { added: linked(added), modified: linked(modified), retracted: linked(retracted), unchanged };
}
