/** Paths with a slash at the end or several in a row, which people and programs write by mistake. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import { getPath } from './method-not-allowed.ts';

/**
 * Redirects reads of a path with extra slashes to the path without them if it exists there; other methods get a
 * 404 that names it, because few clients repeat a body.
 */
export function redirectExtraSlashes(
  app: FastifyInstance,
  findAllowedMethods: (path: string) => string[],
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { method, url } = request;
    const path = removeExtraSlashes(request);
    if (path === null || !findAllowedMethods(path).includes(method)) return done();
    const requestedPath = getPath(request);
    if (method === 'GET' || method === 'HEAD')
      return void reply.redirect(path + url.slice(requestedPath.length), 308);
    const detail = `There is nothing at ${app.basePath}${requestedPath}: leave out the extra slash, as in ${app.basePath}${path}`;
    throw new Problem('no-such-route', detail);
  });
}

/** Returns the path without extra slashes, or null if it has none. It starts with one slash, so it names no host. */
function removeExtraSlashes(request: FastifyRequest): string | null {
  const path = getPath(request);
  // A route such as /docs/ has the slash itself.
  if (!/\/\/|.\/$/.test(path) || request.routeOptions.url === path) return null;
  return path.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}
