/** Answers with a problem document, whoever found the error: a handler, the router, or Node's HTTP parser. */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Elsewhere, Moved, notReady, Problem, type ProblemCode } from '../../lib/problem-details.ts';
import { StoreUnavailable } from '../../store/database.ts';
import { MAX_URL_LENGTH } from '../limits.ts';
import { requestIdOf } from '../request-id.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Headers that describe the answer that did not come about. */
const NOT_ON_PROBLEMS = ['etag', 'last-modified', 'link'];

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return asProblem(request, reply, problem)
    .type(PROBLEM_TYPE)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem.document(request.url, request.id));
}

/** Status and headers of the answer that tells a problem, whatever its body is. */
export function asProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  for (const name of NOT_ON_PROBLEMS) reply.removeHeader(name);
  return reply
    .code(problem.status)
    .headers({ 'x-request-id': request.id, 'access-control-allow-origin': '*', ...problem.headers })
    .header('cache-control', 'no-store');
}

/** The error handler: what is not yet a problem becomes one. */
export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Moved) return sendMoved(request, reply, error);
  if (error instanceof Elsewhere) return sendElsewhere(reply, error);
  return sendProblem(request, reply, problemFrom(error, request));
}

/** What is told of an error; what failed inside is in the log. */
export function problemFrom(error: FastifyError, request: FastifyRequest): Problem {
  const problem = error instanceof Problem ? error : problemOf(error);
  // That too many wait is no failure.
  const full = FULL.has(problem.code);
  const failed = problem.status >= 500 && !full;
  if (failed) request.log.error({ err: error }, 'request failed');
  return problem;
}

const FULL: ReadonlySet<ProblemCode> = new Set(['imports-full', 'exports-full', 'too-busy']);

/** The same question about the same fact, under the id that it has. */
function sendMoved(request: FastifyRequest, reply: FastifyReply, { id }: Moved): FastifyReply {
  for (const name of NOT_ON_PROBLEMS) reply.removeHeader(name);
  const path = String(request.routeOptions.url).replace(':id', id);
  const query = request.url.indexOf('?');
  // A rename may be followed by another, so nobody should keep this for ever.
  return reply
    .header('cache-control', 'no-cache')
    .redirect(query < 0 ? path : path + request.url.slice(query), 308);
}

/** The format that the client would rather have has a URL of its own. */
function sendElsewhere(reply: FastifyReply, { url }: Elsewhere): FastifyReply {
  for (const name of NOT_ON_PROBLEMS) reply.removeHeader(name);
  return reply.header('cache-control', 'no-store').redirect(url, 307);
}

function problemOf(error: FastifyError): Problem {
  if (error instanceof StoreUnavailable) return notReady(error.message);
  const { code, statusCode = 500, message } = error;
  switch (code) {
    case 'FST_ERR_BAD_URL':
      return new Problem('invalid-url', 'The path holds a percent sign that does not encode UTF-8.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem('url-too-long', `A part of the path is longer than ${MAX_URL_LENGTH} characters.`);
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('body-too-large', message);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', message);
  }
  if (statusCode >= 400 && statusCode < 500) return new Problem('invalid-request', message);
  // What went wrong inside stays in the log.
  return new Problem('internal-error', 'The server could not answer; the log has the reason.');
}

/**
 * Refuses a method that the path does not take before its body is read: what the body is does not matter then. Whatever
 * writes is looked at too where there is a route: `PUT /v1/dossiers/a.yaml` would else be about a dossier `a.yaml`.
 */
export function refuseMethod(app: FastifyInstance, allowedAt: (path: string) => string[]): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404 && READING.has(request.method)) return done();
    if (!request.is404 && allowedAt(pathOf(request)).includes(request.method)) return done();
    const problem = notFound(request, allowedAt);
    if (problem.code === 'method-not-allowed') throw problem;
    done();
  });
}

/** Answers at paths that no route has: 405 if another method would do, else 404. */
export function onNotFound(allowedAt: (path: string) => string[], send: typeof sendProblem) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    send(request, reply, notFound(request, allowedAt));
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] as string;

function notFound(request: FastifyRequest, allowedAt: (path: string) => string[]): Problem {
  const path = pathOf(request);
  const allowed = allowedAt(path);
  if (allowed.length === 0) return new Problem('no-such-route', `There is nothing at ${path}.`);
  const detail = `${request.method} is not allowed here; allowed are ${allowed.join(', ')}.`;
  return new Problem('method-not-allowed', detail, [], { allow: allowed.join(', ') });
}

/** Knows which methods each path takes, from the routes as they are added. Call it before the first of them. */
export function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const pattern = new RegExp(`^${url.replace(/[.$()+]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
    const route = routes.get(url) ?? { pattern, methods: new Set() };
    for (const each of [method].flat()) route.methods.add(each);
    routes.set(url, route);
  });
  return (path) => {
    const found = [...routes].filter(([, { pattern }]) => pattern.test(path));
    // The router prefers the one that says more of the path word for word: `/dossiers/:id.yaml` to `/dossiers/:id`.
    const [first] = found.sort(([a], [b]) => literalsIn(b) - literalsIn(a));
    return first ? [...new Set([...first[1].methods, 'OPTIONS'])].sort() : [];
  };
}

const literalsIn = (url: string): number => url.replace(/:\w+/g, '').length;

const LINGER_MS = 2_000;
const answered = new WeakSet<Socket>();

/** Answers what Node's parser refused, before there is a request that Fastify could see. */
export function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // The parser complains again about every further chunk of the same request.
  if (answered.has(socket)) return;
  answered.add(socket);
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // Read on for a moment: closing on bytes that nobody read would reset the connection, answer and all.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  answerOn(socket, new Problem(parserProblem(error.code), 'The request could not be read as HTTP/1.1.'));
}

/** Answers where there is no reply to answer with. */
function answerOn(socket: Duplex, problem: Problem): void {
  const requestId = requestIdOf(undefined);
  const body = JSON.stringify(problem.document('', requestId));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${process.getBuiltinModule('node:http').STATUS_CODES[problem.status]}`,
      `X-Request-Id: ${requestId}`,
      `Content-Type: ${PROBLEM_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Access-Control-Allow-Origin: *',
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** Answers what Node would otherwise answer by itself, or not at all. */
export function answerUnusual(server: Server): void {
  server.on('checkExpectation', ({ headers, socket }: IncomingMessage) => {
    answerOn(
      socket,
      new Problem('expectation-failed', `Nothing here knows how to meet Expect: ${headers.expect}.`),
    );
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    answerOn(socket, new Problem('method-not-allowed', 'CONNECT is not allowed here.', [], {}));
  });
}

function parserProblem(code: string | undefined): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'invalid-request';
}
