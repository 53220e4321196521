/** Answers with a problem document, whoever found the error: a handler, the router, or Node's HTTP parser. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  PermanentRedirect,
  Problem,
  type ProblemCode,
  serviceUnavailable,
  TemporaryRedirect,
} from '../../lib/problem-details.ts';
import { StoreUnavailable } from '../../store/database.ts';
import { MAX_URL_LENGTH } from '../limits.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** Headers that describe the answer that did not come about. */
const SUCCESS_ONLY_HEADERS = ['etag', 'last-modified', 'link'];

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return prepareProblemReply(request, reply, problem)
    .type(PROBLEM_MEDIA_TYPE)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem.toDocument(request.url, request.id));
}

/** Status and headers of the answer that tells a problem, whatever its body is. */
export function prepareProblemReply(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  for (const name of SUCCESS_ONLY_HEADERS) reply.removeHeader(name);
  return reply
    .code(problem.status)
    .headers({ 'x-request-id': request.id, 'access-control-allow-origin': '*', ...problem.headers })
    .header('cache-control', 'no-store');
}

/** The error handler: what is not yet a problem becomes one. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof PermanentRedirect) return sendPermanentRedirect(request, reply, error);
  if (error instanceof TemporaryRedirect) return sendTemporaryRedirect(reply, error);
  return sendProblem(request, reply, resolveProblem(error, request));
}

/** What is told of an error; what failed inside is in the log. */
export function resolveProblem(error: FastifyError, request: FastifyRequest): Problem {
  const problem = error instanceof Problem ? error : toProblem(error);
  // That too many wait is no failure.
  const isCapacityProblem = CAPACITY_CODES.has(problem.code);
  const isServerError = problem.status >= 500 && !isCapacityProblem;
  if (isServerError) request.log.error({ err: error }, 'request failed');
  return problem;
}

const CAPACITY_CODES: ReadonlySet<ProblemCode> = new Set(['imports-full', 'exports-full', 'too-busy']);

/** The same question about the same fact, under the id that it has. */
function sendPermanentRedirect(
  request: FastifyRequest,
  reply: FastifyReply,
  { id }: PermanentRedirect,
): FastifyReply {
  for (const name of SUCCESS_ONLY_HEADERS) reply.removeHeader(name);
  const path = String(request.routeOptions.url).replace(':id', id);
  const queryStart = request.url.indexOf('?');
  // A rename may be followed by another, so nobody should keep this for ever.
  return reply
    .header('cache-control', 'no-cache')
    .redirect(queryStart < 0 ? path : path + request.url.slice(queryStart), 308);
}

/** The format that the client would rather have has a URL of its own. */
function sendTemporaryRedirect(reply: FastifyReply, { url }: TemporaryRedirect): FastifyReply {
  for (const name of SUCCESS_ONLY_HEADERS) reply.removeHeader(name);
  return reply.header('cache-control', 'no-store').redirect(url, 307);
}

function toProblem(error: FastifyError): Problem {
  if (error instanceof StoreUnavailable) return serviceUnavailable(error.message);
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
