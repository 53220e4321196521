/** Answers with a problem document, whoever found the error: a handler, the router, or Node's HTTP parser. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Elsewhere, Moved, notReady, Problem, type ProblemCode } from '../../lib/problem-details.ts';
import { StoreUnavailable } from '../../store/database.ts';
import { MAX_URL_LENGTH } from '../limits.ts';

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
