/** Paths with a slash at the end or several in a row, which people and programs write by mistake. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';

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
    const [requestedPath = ''] = url.split('?', 1);
    if (method === 'GET' || method === 'HEAD')
      return void reply.redirect(path + url.slice(requestedPath.length), 308);
    const detail = `There is nothing at ${requestedPath}: leave out the extra slash, as in ${path}`;
    throw new Problem('no-such-route', detail);
  });
}

/** Returns the path without extra slashes, or null if it has none. It starts with one slash, so it names no host. */
function removeExtraSlashes({ url, routeOptions }: FastifyRequest): string | null {
  const path = url.split('?')[0] as string;
  // A route such as /docs/ has the slash itself.
  if (!/\/\/|.\/$/.test(path) || routeOptions.url === path) return null;
  return path.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}
