/** Where readers find the server: what absolute links in answers begin with. */
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Without a slash at the end. */
    publicUrl(): string;
  }
}

/** `configured`, or else the address that the server listens on. */
export function registerPublicUrl(app: FastifyInstance, configuredUrl: string | null): void {
  let origin = configuredUrl;
  app.decorate('publicUrl', () => {
    if (origin === null && app.server.listening) origin = app.listeningOrigin;
    return origin ?? 'http://localhost';
  });
}
