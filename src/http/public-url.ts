/** Where readers find the server: what absolute links in answers begin with. */
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Without a slash at the end. */
    publicUrl(): string;
  }
}

/** `configured`, or else the address that the server listens on. */
export function knowPublicUrl(app: FastifyInstance, configured: string | null): void {
  let known = configured;
  app.decorate('publicUrl', () => {
    if (known === null && app.server.listening) known = app.listeningOrigin;
    return known ?? 'http://localhost';
  });
}
