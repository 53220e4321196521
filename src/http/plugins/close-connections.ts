import type { FastifyInstance } from 'fastify';

/** Sends `Connection: close` during a shutdown, which waits until all keep-alive connections are closed. */
export function closeConnectionsOnShutdown(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}
