import type { FastifyReply } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';

/** Returns a signal that aborts when the client disconnects, or after the response. */
export function createClientSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(new Problem('request-timeout', 'The client has disconnected'));
  raw.once('close', abort);
  // The connection may already be closed.
  if (raw.destroyed) abort();
  return controller.signal;
}
