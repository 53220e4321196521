/** Page at `/docs`: an introduction, example questions with responses, and the operations by task. */
import { type Html, html, join } from '../../lib/html.ts';
import { renderDocument } from '../document.ts';
import { type Example, examples } from './examples.ts';
import { findOperation, type OpenApiDocument, toDeepLink } from './operations.ts';

/** Renders the page, into which Swagger UI and `assets/operations.js` render the list of operations. */
export function renderDocsPage(document: OpenApiDocument): string {
  const { title, version, summary, description } = document.info;
  const body = html`<a class="skip-link" href="#operations">Skip to operations</a>
<header>
<p class="home"><a href="/">Summit Facts</a></p>
<h1>${title} <small>API ${version}</small></h1>
<p class="lead">${summary}.</p>
<p>${description}</p>
<p>Reading requires no API key. Download the complete description of the API: <a href="/openapi.yaml">OpenAPI 3.1 as YAML</a>
or <a href="/openapi.json">as JSON</a>; <a href="/openapi-3.0.yaml">OpenAPI 3.0 as YAML</a>
or <a href="/openapi-3.0.json">as JSON</a>.</p>
</header>
${renderContents(document)}
<main>
<section id="questions" aria-labelledby="questions-title" tabindex="-1">
<h2 id="questions-title">Questions</h2>
<p>Open a question to send its request to this server and see the response.</p>
<ul class="questions">
${examples.map((example) => renderExample(document, example))}</ul>
</section>
<section id="operations" aria-label="Operations" tabindex="-1">
<div id="reference"><p class="status">Loading the operations from the OpenAPI document ...</p></div>
<noscript><p>The list of operations requires JavaScript. All operations are described in
<a href="/openapi.yaml">/openapi.yaml</a>.</p></noscript>
</section>
</main>
`;
  return renderDocument({
    title: `${title}: the API`,
    description: summary,
    styles: ['swagger-ui.css', 'page.css', 'operations.css'].map(toAssetUrl),
    // Deferred scripts and modules run in this order.
    head: html`<script src="${toAssetUrl('swagger-ui-bundle.js')}" defer></script>
<script src="${toAssetUrl('reference.js')}" type="module"></script>
<script src="${toAssetUrl('examples.js')}" type="module"></script>
`,
    body,
  }).text;
}

const toAssetUrl = (name: string): string => `/docs/assets/${name}`;

const renderContents = (document: OpenApiDocument): Html => html`<nav aria-label="On this page">
<ul>
<li><a href="#questions">Questions</a></li>
${document['x-tagGroups'].map(
  ({ name, tags }) => html`<li><a href="#${toGroupId(name)}">${name}</a>
<ul>
${join(
  tags.map((tag) => html`<li><a href="${toDeepLink(tag)}">${tag}</a></li>`),
  '\n',
)}
</ul></li>
`,
)}</ul>
</nav>`;

/** `assets/operations.js` derives the same id from the name. */
const toGroupId = (name: string): string => `group-${name.toLowerCase().replaceAll(' ', '-')}`;

/** Renders a question; without JavaScript, its link still leads to the response. */
function renderExample(document: OpenApiDocument, { question, url }: Example): Html {
  const { path, operationId, summary, tags } = findOperation(document, url);
  return html`<li><details class="question" data-url="${url}">
<summary>${question}</summary>
<p class="request"><code>GET <a href="${url}">${url}</a></code></p>
<p><a class="operation" href="${toDeepLink(tags[0], operationId)}" data-path="${path}">Try other parameters: ${summary}</a></p>
<div class="example-response" aria-live="polite"></div>
</details></li>
`;
}
