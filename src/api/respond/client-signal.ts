import type { FastifyReply } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';

/** Returns a signal that aborts when the client disconnects before the response has been sent. */
export function createClientSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const abortUnlessSent = () => {
    if (!raw.writableFinished)
      controller.abort(new Problem('request-timeout', 'The client has disconnected'));
  };
  raw.once('close', abortUnlessSent);
  // The connection may already be closed.
  if (raw.destroyed) abortUnlessSent();
  return controller.signal;
}
