/** Renders the operations with Swagger UI, and connects the links of the page to them. */
import { accessibilityPlugin } from './accessibility.js';
import { groupedOperationsPlugin, resetSearch, toTagId } from './operations.js';

/* global SwaggerUIBundle */
const ui = SwaggerUIBundle({
  dom_id: '#reference',
  spec: await loadDocument(),
  layout: 'Reference',
  plugins: [groupedOperationsPlugin, accessibilityPlugin],
  deepLinking: true,
  docExpansion: 'none',
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { theme: 'obsidian' },
  validatorUrl: null,
  // The headings exist only after the document has loaded.
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

/**
 * Loads the OpenAPI document. All lists share the parameter `ids`, whose example has a fact of each type: here a
 * form gets that of its own collection.
 */
async function loadDocument() {
  // A proxy may serve the pages under a path of its own.
  const response = await fetch(new URL('../../openapi.json', import.meta.url));
  const document = await response.json();
  const { IdsQuery, ...parameters } = document.components.parameters;
  const resolve = ({ $ref, ...parameter }) => ($ref ? parameters[$ref.split('/').at(-1)] : parameter);
  for (const [path, { get }] of Object.entries(document.paths)) {
    const [, , collection] = path.split(/[/.]/);
    const item = document.paths[`/v1/${collection}/{id}`];
    if (!get?.parameters || !item) continue;
    const [{ example }] = item.get.parameters.map(resolve).filter((parameter) => parameter?.in === 'path');
    get.parameters = get.parameters.map((parameter) =>
      parameter.$ref?.endsWith('/IdsQuery') ? { ...IdsQuery, example: [example] } : parameter,
    );
  }
  return document;
}

/** Opens a tag, or an operation in it, and scrolls to it. */
function openOperation(tag, operationId) {
  ui.layoutActions.show(['operations-tag', tag], true);
  if (operationId) ui.layoutActions.show(['operations', tag, operationId], true);
  const id = operationId ? `operations-${tag.replaceAll(' ', '_')}-${operationId}` : toTagId(tag);
  // Swagger UI renders the element in the next frame.
  requestAnimationFrame(() => {
    const element = document.getElementById(id);
    element?.scrollIntoView();
    element?.querySelector('button')?.focus({ preventScroll: true });
  });
}

/** Fills the form of the operation at `path` with the parameters of `url`, and clears all others. */
function fillParameters(path, url) {
  const { pathname, searchParams } = new URL(url, location.href);
  const pathSegments = path.split('/');
  // Without the path under which a proxy serves the API.
  const segments = pathname.split('/').slice(-pathSegments.length);
  for (const parameter of getOpenApiDocument().getIn(['paths', path, 'get', 'parameters'])) {
    const { name, in: parameterLocation, schema } = resolveReference(parameter).toJS();
    const value =
      parameterLocation === 'path'
        ? decodeURIComponent(segments[pathSegments.indexOf(`{${name}}`)])
        : searchParams.get(name);
    // Each value of a list has a separate field. Without a value, Swagger UI would fill in the example.
    const empty = schema.default ?? null;
    ui.specActions.changeParam(
      [path, 'get'],
      name,
      parameterLocation,
      value === null ? empty : schema.type === 'array' ? value.split(',') : value,
    );
  }
}

/** Shared parameters are declared once, in the components. */
const resolveReference = (parameter) =>
  parameter.has('$ref') ? getOpenApiDocument().getIn(parameter.get('$ref').slice(2).split('/')) : parameter;

const getOpenApiDocument = () => ui.specSelectors.specJson();

const darkScheme = matchMedia('(prefers-color-scheme: dark)');
const applyColorScheme = () => document.documentElement.classList.toggle('dark-mode', darkScheme.matches);
darkScheme.addEventListener('change', applyColorScheme);
applyColorScheme();
