/** Whether the process lives, and whether it can answer. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { notReady } from '../../lib/problem-details.ts';
import type { Store } from '../../store/open.ts';
import { newestRevision } from '../../store/queries/revisions.ts';
import { JSON_TYPE, operation } from '../route-definition.ts';

const Health = z
  .object({ status: z.literal('ok') })
  .meta({ id: 'Health', description: 'The process lives.' });
const Readiness = z
  .object({
    status: z.literal('ready'),
    revision: z.int().min(0).describe('The newest revision; 0 of an empty store.'),
  })
  .meta({ id: 'Readiness', description: 'The server can answer from its store.' });

export function health(app: FastifyInstance, store: Store): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });

  const alive = operation({
    operationId: 'getHealth',
    tag: 'Service',
    summary: 'Whether the process lives',
    description: 'Answers as long as the process does, whatever the store is doing.',
    answer: { description: 'It lives.', mediaType: JSON_TYPE, schema: Health },
    conditional: false,
    limited: false,
    problems: [],
    example: '/healthz',
  });
  app.get('/healthz', alive, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });

  const ready = operation({
    operationId: 'getReadiness',
    tag: 'Service',
    summary: 'Whether the server can answer',
    description: 'Answers 503 while the store cannot be read, and when the server is about to stop.',
    answer: { description: 'It can.', mediaType: JSON_TYPE, schema: Readiness },
    conditional: false,
    limited: false,
    problems: ['not-ready'],
    example: '/readyz',
  });
  app.get('/readyz', ready, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (closing) throw notReady('The server is about to stop.');
    const newest = await store.read(newestRevision).catch((error: unknown) => {
      app.log.error({ err: error }, 'store does not answer');
      throw notReady('The store does not answer.');
    });
    return { status: 'ready', revision: newest?.n ?? 0 };
  });
}
