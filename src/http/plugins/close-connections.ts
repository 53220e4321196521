/** Closes keep-alive connections while the server shuts down. */
import type { FastifyInstance } from 'fastify';

/** Once the server is told to stop, each answer is the last on its connection: stopping waits for all of them to end. */
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
