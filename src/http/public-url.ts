/** Public URL of the server, with which absolute links in responses begin. */
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns the URL without a trailing slash. */
    publicUrl(): string;
  }
}

/** Uses `configuredUrl`, or the address that the server listens on. */
export function registerPublicUrl(app: FastifyInstance, configuredUrl: string | null): void {
  let origin = configuredUrl;
  app.decorate('publicUrl', () => {
    if (origin === null && app.server.listening) origin = app.listeningOrigin;
    return origin ?? 'http://localhost';
  });
}
