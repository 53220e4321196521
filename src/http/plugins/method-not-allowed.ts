/** 405 with `Allow` for a path that supports other methods, 404 for an unknown path. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import type { sendProblem } from './error-handler.ts';

/**
 * Rejects methods that the path does not support before the body is read, so that errors in the body do not
 * take precedence. Writing methods are checked even if the router has a match: otherwise
 * `PUT /v1/dossiers/a.yaml` would write a dossier `a.yaml`.
 */
export function methodNotAllowed(app: FastifyInstance, findAllowedMethods: (path: string) => string[]): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404 && SAFE_METHODS.has(request.method)) return done();
    if (!request.is404 && findAllowedMethods(getPath(request)).includes(request.method)) return done();
    const problem = createRoutingProblem(request, findAllowedMethods);
    if (problem.code === 'method-not-allowed') throw problem;
    done();
  });
}

/** Handler for requests without a route: 405 if the path supports another method, otherwise 404. */
export function createNotFoundHandler(
  findAllowedMethods: (path: string) => string[],
  send: typeof sendProblem,
) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    send(request, reply, createRoutingProblem(request, findAllowedMethods));
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Returns the path of the request without its query. */
export const getPath = ({ url }: FastifyRequest): string => url.split('?')[0] as string;

function createRoutingProblem(
  request: FastifyRequest,
  findAllowedMethods: (path: string) => string[],
): Problem {
  const { basePath } = request.server;
  const path = basePath + getPath(request);
  const allowedMethods = findAllowedMethods(getPath(request));
  if (allowedMethods.length === 0) {
    const detail = `There is nothing at ${path}; ${basePath}/docs lists the paths of the API`;
    return new Problem('no-such-route', detail);
  }
  const detail = `${path} does not support ${request.method}; allowed: ${allowedMethods.join(', ')}`;
  return new Problem('method-not-allowed', detail, [], { allow: allowedMethods.join(', ') });
}

/** Returns a lookup of the methods that a path supports, from all routes that are added after this call. */
export function collectAllowedMethods(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const pattern = new RegExp(`^${url.replace(/[.$()+]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
    const route = routes.get(url) ?? { pattern, methods: new Set() };
    for (const each of [method].flat()) route.methods.add(each);
    routes.set(url, route);
  });
  return (path) => {
    const matches = [...routes].filter(([, { pattern }]) => pattern.test(path));
    // The router prefers the route with more literal characters: `/dossiers/:id.yaml` to `/dossiers/:id`.
    const [mostSpecific] = matches.sort(([a], [b]) => countLiteralCharacters(b) - countLiteralCharacters(a));
    return mostSpecific ? [...new Set([...mostSpecific[1].methods, 'OPTIONS'])].sort() : [];
  };
}

const countLiteralCharacters = (url: string): number => url.replace(/:\w+/g, '').length;
