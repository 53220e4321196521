/** Whether the process lives, and whether it can answer. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { serviceUnavailable } from '../../lib/problem-details.ts';
import type { Store } from '../../store/open.ts';
import { latestRevision } from '../../store/queries/revisions.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../route-definition.ts';

const Health = z
  .object({ status: z.literal('ok') })
  .meta({ id: 'Health', description: 'The process lives.' });
const Readiness = z
  .object({
    status: z.literal('ready'),
    revision: z.int().min(0).describe('The newest revision; 0 of an empty store.'),
  })
  .meta({ id: 'Readiness', description: 'The server can answer from its store.' });

export function healthRoutes(app: FastifyInstance, store: Store): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });

  const livenessRoute = defineOperation({
    operationId: 'getHealth',
    tag: 'Service',
    summary: 'Whether the process lives',
    description: 'Answers as long as the process does, whatever the store is doing.',
    response: { description: 'It lives.', mediaType: JSON_MEDIA_TYPE, schema: Health },
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
    summary: 'Whether the server can answer',
    description: 'Answers 503 while the store cannot be read, and when the server is about to stop.',
    response: { description: 'It can.', mediaType: JSON_MEDIA_TYPE, schema: Readiness },
    conditional: false,
    rateLimited: false,
    problems: ['not-ready'],
    example: '/readyz',
  });
  app.get('/readyz', readinessRoute, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (closing) throw serviceUnavailable('The server is about to stop.');
    const latest = await store.read(latestRevision).catch((error: unknown) => {
      app.log.error({ err: error }, 'store does not answer');
      throw serviceUnavailable('The store does not answer.');
    });
    return { status: 'ready', revision: latest?.n ?? 0 };
  });
}
