/** What went wrong, as a page: for people who came by a link or typed a URL. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type Html, html } from '../html.ts';
import { asProblem, onError, problemFrom, sendProblem } from '../http/errors.ts';
import { contentSecurityPolicy } from '../http/policy.ts';
import { Elsewhere, Moved, type Problem } from '../problem.ts';
import { layout } from './layout.ts';
import { HTML_TYPE } from './page.ts';

/** The error handler of pages. */
export function onPageError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Moved || error instanceof Elsewhere) return onError(error, request, reply);
  return sendPage(request, reply, problemFrom(error, request));
}

/** A page for whoever looks for pages where there is nothing, and a problem document for everybody else. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { method, url, headers } = request;
  const looking = ['GET', 'HEAD'].includes(method) && /\btext\/html\b/.test(headers.accept ?? '');
  return looking && !url.startsWith('/v1/')
    ? sendPage(request, reply, problem)
    : sendProblem(request, reply, problem);
}

function sendPage(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return asProblem(request, reply, problem)
    .header('content-security-policy', contentSecurityPolicy({ 'form-action': "'self'" }))
    .type(HTML_TYPE)
    .send(problemPage(problem, request).text);
}

function problemPage(problem: Problem, { url, id }: FastifyRequest): Html {
  const { status, title, detail, errors, code } = problem.document(url, id);
  const main = html`<section class="problem">
<p class="status">${status}</p>
<h1>${title}</h1>
${errors.length === 0 ? html`<p>${detail}</p>` : html`<ul>${errors.map(({ parameter, detail }) => html`<li>${parameter === undefined ? null : html`<code>${parameter}</code> `}${detail}</li>`)}</ul>`}
${hints(problem)}
<p class="small">What it means: <a href="/problems/${code}">${code}</a>. For whoever runs this server, the request is <code>${id}</code>.</p>
</section>`;
  return layout({ title, description: title, main }, null);
}

/** Where to go from here. */
function hints({ code, headers }: Problem): Html {
  if (code === 'not-found' || code === 'no-such-route')
    return html`<p>What is not found is not in these sources; it may still be true. <a href="/explore">Look through all facts</a>, or search above.</p>`;
  if (code === 'invalid-parameter')
    return html`<p><a href="/explore">Begin again without these parameters</a>.</p>`;
  const { 'retry-after': wait } = headers;
  if (wait !== undefined) return html`<p>Try again in ${wait} seconds.</p>`;
  return html`<p><a href="/">To the front page</a></p>`;
}
