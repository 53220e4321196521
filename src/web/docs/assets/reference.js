/** Has Swagger UI draw the operations, and leads the links of the page to them. */
import { accessibilityPlugin } from './accessibility.js';
import { groupedOperationsPlugin, resetSearch, toTagId } from './operations.js';

/* global SwaggerUIBundle */
const ui = SwaggerUIBundle({
  dom_id: '#reference',
  url: '/openapi.json',
  layout: 'Reference',
  plugins: [groupedOperationsPlugin, accessibilityPlugin],
  deepLinking: true,
  docExpansion: 'none',
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { theme: 'obsidian' },
  validatorUrl: null,
  // The headings are there only now.
  onComplete: () =>
    location.hash.startsWith('#group-') && document.querySelector(location.hash)?.scrollIntoView(),
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (!link || link.closest('#reference')) return;
  resetSearch();
  if (!link.hash.startsWith('#/')) return;
  event.preventDefault();
  history.pushState(null, '', link.hash);
  if (link.dataset.path) fillParameters(link.dataset.path, link.closest('[data-url]').dataset.url);
  openOperation(...link.hash.slice(2).split('/').map(decodeURIComponent));
});

/** Opens a tag, or an operation in it, and goes there. */
function openOperation(tag, operationId) {
  ui.layoutActions.show(['operations-tag', tag], true);
  if (operationId) ui.layoutActions.show(['operations', tag, operationId], true);
  const id = operationId ? `operations-${tag.replaceAll(' ', '_')}-${operationId}` : toTagId(tag);
  // It is there once Swagger UI has drawn it.
  requestAnimationFrame(() => {
    const element = document.getElementById(id);
    element?.scrollIntoView();
    element?.querySelector('button')?.focus({ preventScroll: true });
  });
}

/** Puts the parameters of `url` into the form of the operation at `path`, and takes out those of another question. */
function fillParameters(path, url) {
  const { pathname, searchParams } = new URL(url, location.href);
  const segments = pathname.split('/');
  for (const parameter of getOpenApiDocument().getIn(['paths', path, 'get', 'parameters'])) {
    const { name, in: parameterLocation, schema } = resolveReference(parameter).toJS();
    const value =
      parameterLocation === 'path'
        ? decodeURIComponent(segments[path.split('/').indexOf(`{${name}}`)])
        : searchParams.get(name);
    // Several values stand in fields of their own.
    const isList = schema.type === 'array' && value !== null;
    ui.specActions.changeParam(
      [path, 'get'],
      name,
      parameterLocation,
      isList ? value.split(',') : (value ?? schema.default),
    );
  }
}

/** What many operations take is declared once, among the components. */
const resolveReference = (parameter) =>
  parameter.has('$ref') ? getOpenApiDocument().getIn(parameter.get('$ref').slice(2).split('/')) : parameter;

const getOpenApiDocument = () => ui.specSelectors.specJson();

const darkScheme = matchMedia('(prefers-color-scheme: dark)');
const applyColorScheme = () => document.documentElement.classList.toggle('dark-mode', darkScheme.matches);
darkScheme.addEventListener('change', applyColorScheme);
applyColorScheme();
