/** What went wrong, as a page: for people who came by a link or typed a URL. */
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
import { EMBED_POLICY, renderEmbedLayout } from './embed/layout.ts';
import { renderLayout } from './layout.ts';
import { HTML_TYPE } from './page-route.ts';

/** The error handler of pages. */
export function handlePageError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof PermanentRedirect || error instanceof TemporaryRedirect)
    return handleError(error, request, reply);
  return sendErrorPage(request, reply, resolveProblem(error, request));
}

/** Addresses are shared with a slash at their end too. */
export const stripTrailingSlash = (url: string): string => url.replace(/\/(?=\?|$)/, '');

/**
 * A page for whoever looks for pages where there is nothing, and a problem document for everybody else; but the way to the
 * page where only a slash is too much.
 */
export const createNotFoundResponder =
  (getAllowedMethods: (path: string) => string[]) =>
  (request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply => {
    const { method, url, headers } = request;
    const [path = ''] = url.split('?');
    const isPageRead = ['GET', 'HEAD'].includes(method) && !path.startsWith('/v1/');
    if (isPageRead && /.\/$/.test(path) && getAllowedMethods(path.slice(0, -1)).includes('GET')) {
      return reply.redirect(stripTrailingSlash(url), 308);
    }
    const acceptsHtml = isPageRead && /\btext\/html\b/.test(headers.accept ?? '');
    return acceptsHtml ? sendErrorPage(request, reply, problem) : sendProblem(request, reply, problem);
  };

function sendErrorPage(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const isEmbed = isEmbedRequest(request);
  if (isEmbed) reply.removeHeader('x-frame-options');
  const { text } = isEmbed ? renderEmbeddedError(problem) : renderErrorPage(problem, request);
  return prepareProblemReply(request, reply, problem)
    .header('content-security-policy', buildContentSecurityPolicy(isEmbed ? EMBED_POLICY : ERROR_PAGE_POLICY))
    .type(HTML_TYPE)
    .send(text);
}

const ERROR_PAGE_POLICY = { 'form-action': "'self'" };

const isEmbedRequest = ({ url }: FastifyRequest): boolean => url.startsWith('/embed/');

/** What stands in a frame of somebody else's page must be seen there, whatever is wrong with it. */
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
<p class="small">What it means: <a href="/problems/${code}">${code}</a>. For whoever runs this server, the request is <code>${id}</code>.</p>
</section>`;
  return renderLayout({ title, description: title, main }, null);
}

/** Where to go from here. */
function renderNextSteps({ code, headers }: Problem, url: string): Html {
  if (code === 'not-found' || code === 'no-such-route')
    return html`<p>What is not found is not in these sources; it may still be true. <a href="/explore">Look through all facts</a>, or search above.</p>`;
  if (code === 'invalid-parameter')
    return html`<p><a href="${url.split('?')[0] ?? '/'}">Begin again without parameters</a>, or <a href="/explore">look through all facts</a>.</p>`;
  const { 'retry-after': retryAfter } = headers;
  if (retryAfter !== undefined) return html`<p>Try again in ${retryAfter} seconds.</p>`;
  return html`<p><a href="/">To the front page</a></p>`;
}
