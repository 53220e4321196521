/** Responds with a problem document to errors of handlers, of the router and of Node's HTTP parser. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { takeGraphemes } from '../../lib/graphemes.ts';
import { formatBytes } from '../../lib/numbers.ts';
import {
  PermanentRedirect,
  Problem,
  type ProblemCode,
  serviceUnavailable,
  TemporaryRedirect,
} from '../../lib/problem-details.ts';
import { formatList } from '../../model/fields.ts';
import { isWriteDenied, StoreUnavailable } from '../../store/database.ts';
import { BODY_MEDIA_TYPES } from '../body-media-types.ts';
import { MAX_DOSSIER_BYTES, MAX_URL_LENGTH } from '../limits.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** Headers that a handler set for the successful response before it failed. */
const SUCCESS_ONLY_HEADERS = ['etag', 'last-modified', 'link'];

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return prepareProblemReply(request, reply, problem)
    .type(PROBLEM_MEDIA_TYPE)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem.toDocument(request.url, request.id, request.server.linkBase));
}

/** Sets the status and the headers of a problem response; its body may be JSON or a page. */
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

/** Fastify error handler: converts every error to a problem or a redirect. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof PermanentRedirect) return sendPermanentRedirect(request, reply, error);
  if (error instanceof TemporaryRedirect) return sendTemporaryRedirect(reply, error);
  return sendProblem(request, reply, resolveProblem(error, request));
}

/** Converts an error to a problem, and logs it if it is an internal failure. */
export function resolveProblem(error: FastifyError, request: FastifyRequest): Problem {
  const problem = error instanceof Problem ? error : toProblem(error, request);
  const isServerError = problem.status >= 500 && !EXPECTED_CODES.has(problem.code);
  if (isServerError) request.log.error({ err: error }, 'request failed');
  return problem;
}

/** Codes of 5xx responses that are no failure: a full queue, and a format that oEmbed lets providers lack. */
const EXPECTED_CODES: ReadonlySet<ProblemCode> = new Set([
  'imports-full',
  'exports-full',
  'too-busy',
  'format-not-supported',
]);

/** Redirects to the same operation on the fact under its new id. */
function sendPermanentRedirect(
  request: FastifyRequest,
  reply: FastifyReply,
  { id }: PermanentRedirect,
): FastifyReply {
  for (const name of SUCCESS_ONLY_HEADERS) reply.removeHeader(name);
  const path = String(request.routeOptions.url).replace(':id', id);
  const queryStart = request.url.indexOf('?');
  // The fact may be renamed again, so the redirect must not be cached without revalidation.
  return reply
    .header('cache-control', 'no-cache')
    .redirect(queryStart < 0 ? path : path + request.url.slice(queryStart), 308);
}

/** Redirects to the URL of the format that the client prefers. */
function sendTemporaryRedirect(reply: FastifyReply, { url }: TemporaryRedirect): FastifyReply {
  for (const name of SUCCESS_ONLY_HEADERS) reply.removeHeader(name);
  return reply.header('cache-control', 'no-store').redirect(url, 307);
}

function toProblem(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof StoreUnavailable) return serviceUnavailable(error.message);
  if (isWriteDenied(error)) return new Problem('read-only', 'The server may not write to its database');
  const { code, statusCode = 500, message } = error;
  switch (code) {
    case 'FST_ERR_BAD_URL':
      return new Problem('invalid-url', 'The path is not percent-encoded UTF-8; write a percent sign as %25');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem('url-too-long', `A path segment exceeds ${MAX_URL_LENGTH} characters`);
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('body-too-large', describeBodyLimit(request));
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', describeUnsupportedMediaType(request.headers), [], {
        accept: BODY_MEDIA_TYPES.join(', '),
      });
  }
  if (statusCode >= 400 && statusCode < 500) return new Problem('invalid-request', message);
  // Internal messages must not reach clients: they are only logged.
  return new Problem('internal-error', 'The server failed to handle the request; its log has the reason');
}

function describeUnsupportedMediaType({ 'content-type': contentType }: FastifyRequest['headers']): string {
  const subject = contentType
    ? `Content-Type ${takeGraphemes(contentType, 100)} is not supported`
    : 'The request has no Content-Type';
  return `${subject}; send ${formatList(BODY_MEDIA_TYPES)}`;
}

/** Names the limit, the size if the client has declared it, and a way out if there is one. */
function describeBodyLimit({ headers, routeOptions: { bodyLimit = 0 } }: FastifyRequest): string {
  const length = Number(headers['content-length'] ?? 0);
  const subject =
    length > bodyLimit ? `The body has ${length} bytes; at most` : 'The body is too large; at most';
  const advice = bodyLimit === MAX_DOSSIER_BYTES ? '; split the source into several dossiers' : '';
  return `${subject} ${bodyLimit} bytes (${formatBytes(bodyLimit)}) are allowed${advice}`;
}
