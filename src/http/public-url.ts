/**
 * Public URL of the server, at which clients reach it through proxies. Handlers and formats write URLs as
 * absolute paths; the hook below adds what stands before them.
 */
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns the configured URL, or the address that the server listens on, without a trailing slash. */
    publicUrl(): string;
    /** Path of the configured URL, such as `/facts`; usually empty. */
    basePath: string;
    /** Start of links: the configured URL, or an empty string, so that they are paths. */
    linkBase: string;
  }
}

export function registerPublicUrl(app: FastifyInstance, configuredUrl: string | null): void {
  let origin = configuredUrl;
  app.decorate('publicUrl', () => {
    if (origin === null && app.server.listening) origin = app.listeningOrigin;
    return origin ?? 'http://localhost';
  });
  const linkBase = configuredUrl ?? '';
  const basePath = getBasePath(linkBase);
  app.decorate('basePath', basePath);
  app.decorate('linkBase', linkBase);
  if (linkBase === '') return;

  app.addHook('onSend', (_request, reply, payload, done) => {
    const { location, link, 'content-type': contentType } = reply.getHeaders();
    if (typeof location === 'string' && location.startsWith('/'))
      reply.header('location', basePath + location);
    if (typeof link === 'string')
      reply.header(
        'link',
        link.replaceAll('</', () => `<${linkBase}/`),
      );
    if (!String(contentType).startsWith('application/json') || reply.hasHeader('content-encoding'))
      return done();
    if (typeof payload === 'string') return done(null, addBaseToLinks(payload, linkBase));
    if (!Buffer.isBuffer(payload)) return done();
    // Latin-1 keeps every byte, and links are ASCII.
    done(null, Buffer.from(addBaseToLinks(payload.toString('latin1'), linkBase), 'latin1'));
  });
}

/** Returns the path of a URL without a trailing slash; empty for a URL without a path. */
const getBasePath = (url: string): string => url.replace(/^https?:\/\/[^/]*/, '');

/** Nothing else matches: inside a JSON string the quotes would be escaped. */
const LINKS = /"links":\{[^{}]*\}/g;

/** Adds the base to all `links` of JSON texts, which are paths. */
export const addBaseToLinks = (json: string, linkBase: string): string =>
  linkBase === '' ? json : json.replace(LINKS, (links) => links.replaceAll('":"/', () => `":"${linkBase}/`));
