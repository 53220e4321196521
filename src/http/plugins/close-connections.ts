import type { FastifyInstance } from 'fastify';

/** Interval at which a shutdown closes connections that have become idle. */
const IDLE_CHECK_INTERVAL_MS = 50;

/**
 * Closes connections during a shutdown, which waits for them: a response whose headers have not been sent has
 * `Connection: close`; after the others, the connection would stay open until its idle timeout.
 */
export function closeConnectionsOnShutdown(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    // An app that only gets injected requests has no connections, and its server never closes.
    if (!app.server.listening) return;
    const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_INTERVAL_MS).unref();
    app.server.once('close', () => clearInterval(timer));
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}
