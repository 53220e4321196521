/** What went wrong, as a page: for people who came by a link or typed a URL. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy } from '../http/csp.ts';
import { asProblem, onError, problemFrom, sendProblem } from '../http/plugins/error-handler.ts';
import { type Html, html } from '../lib/html.ts';
import { Elsewhere, Moved, type Problem, problems } from '../lib/problem-details.ts';
import { CARD_POLICY, cardPage } from './embed/layout.ts';
import { layout } from './layout.ts';
import { HTML_TYPE } from './page-route.ts';

/** The error handler of pages. */
export function onPageError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Moved || error instanceof Elsewhere) return onError(error, request, reply);
  return sendPage(request, reply, problemFrom(error, request));
}

/** Addresses are shared with a slash at their end too. */
export const withoutSlash = (url: string): string => url.replace(/\/(?=\?|$)/, '');

/**
 * A page for whoever looks for pages where there is nothing, and a problem document for everybody else; but the way to the
 * page where only a slash is too much.
 */
export const sendNotFound =
  (allowedAt: (path: string) => string[]) =>
  (request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply => {
    const { method, url, headers } = request;
    const [path = ''] = url.split('?');
    const reads = ['GET', 'HEAD'].includes(method) && !path.startsWith('/v1/');
    if (reads && /.\/$/.test(path) && allowedAt(path.slice(0, -1)).includes('GET')) {
      return reply.redirect(withoutSlash(url), 308);
    }
    const looking = reads && /\btext\/html\b/.test(headers.accept ?? '');
    return looking ? sendPage(request, reply, problem) : sendProblem(request, reply, problem);
  };

function sendPage(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const card = isCard(request);
  if (card) reply.removeHeader('x-frame-options');
  const { text } = card ? problemCard(problem) : problemPage(problem, request);
  return asProblem(request, reply, problem)
    .header('content-security-policy', contentSecurityPolicy(card ? CARD_POLICY : PAGE_POLICY))
    .type(HTML_TYPE)
    .send(text);
}

const PAGE_POLICY = { 'form-action': "'self'" };

const isCard = ({ url }: FastifyRequest): boolean => url.startsWith('/embed/');

/** What stands in a frame of somebody else's page must be seen there, whatever is wrong with it. */
const problemCard = (problem: Problem): Html => {
  const { title } = problems[problem.code];
  const main = html`<h1>${title}</h1>
<p>${problem.message}</p>
<p class="small"><a href="/" target="_blank" rel="noopener">Summit Facts</a></p>`;
  return cardPage(title, null, main);
};

function problemPage(problem: Problem, { url, id }: FastifyRequest): Html {
  const { status, title, detail, errors, code } = problem.document(url, id);
  const main = html`<section class="problem">
<p class="status">${status}</p>
<h1>${title}</h1>
${errors.length === 0 ? html`<p>${detail}</p>` : html`<ul>${errors.map(({ parameter, detail }) => html`<li>${parameter === undefined ? null : html`<code>${parameter}</code> `}${detail}</li>`)}</ul>`}
${hints(problem, url)}
<p class="small">What it means: <a href="/problems/${code}">${code}</a>. For whoever runs this server, the request is <code>${id}</code>.</p>
</section>`;
  return layout({ title, description: title, main }, null);
}

/** Where to go from here. */
function hints({ code, headers }: Problem, url: string): Html {
  if (code === 'not-found' || code === 'no-such-route')
    return html`<p>What is not found is not in these sources; it may still be true. <a href="/explore">Look through all facts</a>, or search above.</p>`;
  if (code === 'invalid-parameter')
    return html`<p><a href="${url.split('?')[0] ?? '/'}">Begin again without parameters</a>, or <a href="/explore">look through all facts</a>.</p>`;
  const { 'retry-after': wait } = headers;
  if (wait !== undefined) return html`<p>Try again in ${wait} seconds.</p>`;
  return html`<p><a href="/">To the front page</a></p>`;
}
