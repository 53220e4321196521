import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { serviceUnavailable } from '../../lib/problem-details.ts';
import type { Store } from '../../store/open.ts';
import { latestRevision } from '../../store/queries/revisions.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../route-definition.ts';
import type { ServerStatus } from '../server-status.ts';

const readOnlyField = z
  .literal(true)
  .optional()
  .describe('Present if the server does not write to its database: imports and deletions return 403.');
const Health = z
  .object({ status: z.literal('ok'), readOnly: readOnlyField })
  .meta({ id: 'Health', description: 'The process is running.' });
/** Maximum number of folders that `/readyz` names. */
const MAX_REJECTED_DOSSIERS = 20;

const RejectedDossier = z
  .object({
    folder: z.string(),
    problems: z.int().min(1).describe('Number of problems, which the log lists.'),
    detail: z.string().describe('First problem.'),
  })
  .meta({ id: 'RejectedDossier', description: 'Folder that could not be imported.' });
const Readiness = z
  .object({
    status: z.literal('ready'),
    revision: z.int().min(0).describe('Newest revision; 0 for an empty database.'),
    readOnly: readOnlyField,
    rejectedDossiers: z
      .array(RejectedDossier)
      .max(MAX_REJECTED_DOSSIERS)
      .optional()
      .describe(
        'Folders in `db/dossiers` that could not be imported when the server started, at most ' +
          `${MAX_REJECTED_DOSSIERS}; absent if there are none. \`seed_rejected_dossiers\` in \`/metrics\` counts all.`,
      ),
  })
  .meta({ id: 'Readiness', description: 'The server can query its database.' });

export function healthRoutes(app: FastifyInstance, store: Store, status: ServerStatus): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });

  const livenessRoute = defineOperation({
    operationId: 'getHealth',
    tag: 'Service',
    summary: 'Check that the process is running',
    description: 'Succeeds as long as the process is running, regardless of the state of the database.',
    response: { description: 'The process is running.', mediaType: JSON_MEDIA_TYPE, schema: Health },
    conditional: false,
    rateLimited: false,
    problems: [],
    example: '/healthz',
  });
  app.get('/healthz', livenessRoute, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok', ...describeAccess(status) };
  });

  const readinessRoute = defineOperation({
    operationId: 'getReadiness',
    tag: 'Service',
    summary: 'Check that the server can handle requests',
    description:
      'Returns 503 while the database cannot be read, and while the server is shutting down. A dossier that could ' +
      'not be imported does not make it less ready.',
    response: { description: 'The server is ready.', mediaType: JSON_MEDIA_TYPE, schema: Readiness },
    conditional: false,
    rateLimited: false,
    problems: ['not-ready'],
    example: '/readyz',
  });
  app.get('/readyz', readinessRoute, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (closing) throw serviceUnavailable('The server is shutting down');
    const latest = await store.read(latestRevision).catch((error: unknown) => {
      app.log.error({ err: error }, 'the database does not respond');
      throw serviceUnavailable('The database does not respond');
    });
    return {
      status: 'ready',
      revision: latest?.n ?? 0,
      ...describeAccess(status),
      ...describeRejected(status),
    };
  });
}

const describeAccess = ({ isReadOnly }: ServerStatus): { readOnly?: true } =>
  isReadOnly ? { readOnly: true } : {};

function describeRejected({ rejectedFolders }: ServerStatus): Partial<z.output<typeof Readiness>> {
  if (rejectedFolders.length === 0) return {};
  const rejectedDossiers = rejectedFolders.slice(0, MAX_REJECTED_DOSSIERS).map(({ folder, messages }) => ({
    folder,
    problems: messages.length,
    detail: messages[0] ?? '',
  }));
  return { rejectedDossiers };
}
