import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { serviceUnavailable } from '../../lib/problem-details.ts';
import type { Store } from '../../store/open.ts';
import { latestRevision } from '../../store/queries/revisions.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../route-definition.ts';

const Health = z
  .object({ status: z.literal('ok') })
  .meta({ id: 'Health', description: 'The process is running.' });
const Readiness = z
  .object({
    status: z.literal('ready'),
    revision: z.int().min(0).describe('Newest revision; 0 for an empty database.'),
  })
  .meta({ id: 'Readiness', description: 'The server can query its database.' });

export function healthRoutes(app: FastifyInstance, store: Store): void {
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
    return { status: 'ok' };
  });

  const readinessRoute = defineOperation({
    operationId: 'getReadiness',
    tag: 'Service',
    summary: 'Check that the server can handle requests',
    description: 'Returns 503 while the database cannot be read, and while the server is shutting down.',
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
    return { status: 'ready', revision: latest?.n ?? 0 };
  });
}
