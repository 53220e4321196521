/** Answers 405 with `Allow` where a path takes other methods, and 404 where it takes none. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import type { sendProblem } from './error-handler.ts';

/**
 * Refuses a method that the path does not take before its body is read: what the body is does not matter then. Whatever
 * writes is looked at too where there is a route: `PUT /v1/dossiers/a.yaml` would else be about a dossier `a.yaml`.
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

/** Answers at paths that no route has: 405 if another method would do, else 404. */
export function createNotFoundHandler(
  findAllowedMethods: (path: string) => string[],
  send: typeof sendProblem,
) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    send(request, reply, createRoutingProblem(request, findAllowedMethods));
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const getPath = ({ url }: FastifyRequest): string => url.split('?')[0] as string;

function createRoutingProblem(
  request: FastifyRequest,
  findAllowedMethods: (path: string) => string[],
): Problem {
  const path = getPath(request);
  const allowedMethods = findAllowedMethods(path);
  if (allowedMethods.length === 0) return new Problem('no-such-route', `There is nothing at ${path}.`);
  const detail = `${request.method} is not allowed here; allowed are ${allowedMethods.join(', ')}.`;
  return new Problem('method-not-allowed', detail, [], { allow: allowedMethods.join(', ') });
}

/** Knows which methods each path takes, from the routes as they are added. Call it before the first of them. */
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
    // The router prefers the one that says more of the path word for word: `/dossiers/:id.yaml` to `/dossiers/:id`.
    const [mostSpecific] = matches.sort(([a], [b]) => countLiteralCharacters(b) - countLiteralCharacters(a));
    return mostSpecific ? [...new Set([...mostSpecific[1].methods, 'OPTIONS'])].sort() : [];
  };
}

const countLiteralCharacters = (url: string): number => url.replace(/:\w+/g, '').length;
