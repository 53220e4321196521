/** Error pages, for people who follow a link or type a URL. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { buildContentSecurityPolicy } from '../http/csp.ts';
import {
  handleError,
  prepareProblemReply,
  resolveProblem,
  sendProblem,
} from '../http/plugins/error-handler.ts';
import { type Html, html } from '../lib/html.ts';
import { PermanentRedirect, PROBLEM_TYPES, type Problem, TemporaryRedirect } from '../lib/problem-details.ts';
import { addBasePath } from './base-path.ts';
import { EMBED_POLICY, renderEmbedLayout } from './embed/layout.ts';
import { renderLayout } from './layout.ts';
import { HTML_TYPE } from './page-route.ts';

/** Error handler of the pages. */
export function handlePageError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof PermanentRedirect || error instanceof TemporaryRedirect)
    return handleError(error, request, reply);
  return sendErrorPage(request, reply, resolveProblem(error, request));
}

/** Sends an error page to browsers, and a problem document to all other clients. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { method, url, headers } = request;
  const isPageRead = ['GET', 'HEAD'].includes(method) && !url.startsWith('/v1/');
  const acceptsHtml = isPageRead && /\btext\/html\b/.test(headers.accept ?? '');
  return acceptsHtml ? sendErrorPage(request, reply, problem) : sendProblem(request, reply, problem);
}

function sendErrorPage(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const isEmbed = isEmbedRequest(request);
  if (isEmbed) reply.removeHeader('x-frame-options');
  const { text } = isEmbed ? renderEmbeddedError(problem) : renderErrorPage(problem, request);
  return prepareProblemReply(request, reply, problem)
    .header('content-security-policy', buildContentSecurityPolicy(isEmbed ? EMBED_POLICY : ERROR_PAGE_POLICY))
    .type(HTML_TYPE)
    .send(addBasePath(text, request.server.basePath));
}

const ERROR_PAGE_POLICY = { 'form-action': "'self'" };

const isEmbedRequest = ({ url }: FastifyRequest): boolean => url.startsWith('/embed/');

/** Error page for a frame on another site, where readers must see the error as well. */
const renderEmbeddedError = (problem: Problem): Html => {
  const { title } = PROBLEM_TYPES[problem.code];
  const main = html`<h1>${title}</h1>
<p>${problem.message}</p>
<p class="small"><a href="/" target="_blank" rel="noopener">Summit Facts</a></p>`;
  return renderEmbedLayout(title, null, main);
};

function renderErrorPage(problem: Problem, { url, id }: FastifyRequest): Html {
  const { status, title, detail, errors, code } = problem.toDocument(url, id);
  const main = html`<section class="problem">
<p class="status">${status}</p>
<h1>${title}</h1>
${errors.length === 0 ? html`<p>${detail}</p>` : html`<ul>${errors.map(({ parameter, detail }) => html`<li>${parameter === undefined ? null : html`<code>${parameter}</code> `}${detail}</li>`)}</ul>`}
${renderNextSteps(problem, url)}
<p class="small">About this error: <a href="/problems/${code}">${code}</a>. Request ID, for the operator of this server: <code>${id}</code>.</p>
</section>`;
  return renderLayout({ title, description: title, main }, null);
}

function renderNextSteps({ code, headers }: Problem, url: string): Html {
  if (code === 'not-found' || code === 'no-such-route')
    return html`<p>\u201cNot found\u201d means \u201cnot in these sources\u201d; it may still be true. <a href="/explore">Browse all facts</a>, or search above.</p>`;
  if (code === 'invalid-parameter')
    return html`<p><a href="${url.split('?')[0] ?? '/'}">Open this page without parameters</a>, or <a href="/explore">browse all facts</a>.</p>`;
  const { 'retry-after': retryAfter } = headers;
  if (retryAfter !== undefined) return html`<p>Try again in ${retryAfter} seconds.</p>`;
  return html`<p><a href="/">Go to the home page</a></p>`;
}
