/** Has Swagger UI draw the operations, and leads the links of the page to them. */
import { accessible } from './accessibility.js';
import { forgetSearch, groupedOperations, tagId } from './operations.js';

/* global SwaggerUIBundle */
const ui = SwaggerUIBundle({
  dom_id: '#reference',
  url: '/openapi.json',
  layout: 'Reference',
  plugins: [groupedOperations, accessible],
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
  forgetSearch();
  if (!link.hash.startsWith('#/')) return;
  event.preventDefault();
  history.pushState(null, '', link.hash);
  if (link.dataset.path) fillIn(link.dataset.path, link.closest('[data-url]').dataset.url);
  open(...link.hash.slice(2).split('/').map(decodeURIComponent));
});

/** Opens a tag, or an operation in it, and goes there. */
function open(tag, operationId) {
  ui.layoutActions.show(['operations-tag', tag], true);
  if (operationId) ui.layoutActions.show(['operations', tag, operationId], true);
  const id = operationId ? `operations-${tag.replaceAll(' ', '_')}-${operationId}` : tagId(tag);
  // It is there once Swagger UI has drawn it.
  requestAnimationFrame(() => {
    const there = document.getElementById(id);
    there?.scrollIntoView();
    there?.querySelector('button')?.focus({ preventScroll: true });
  });
}

/** Puts the parameters of `url` into the form of the operation at `path`, and takes out those of another question. */
function fillIn(path, url) {
  const { pathname, searchParams } = new URL(url, location.href);
  const steps = pathname.split('/');
  for (const declared of document31().getIn(['paths', path, 'get', 'parameters'])) {
    const { name, in: place, schema } = resolved(declared).toJS();
    const text =
      place === 'path'
        ? decodeURIComponent(steps[path.split('/').indexOf(`{${name}}`)])
        : searchParams.get(name);
    // Several values stand in fields of their own.
    const several = schema.type === 'array' && text !== null;
    ui.specActions.changeParam(
      [path, 'get'],
      name,
      place,
      several ? text.split(',') : (text ?? schema.default),
    );
  }
}

/** What many operations take is declared once, among the components. */
const resolved = (declared) =>
  declared.has('$ref') ? document31().getIn(declared.get('$ref').slice(2).split('/')) : declared;

const document31 = () => ui.specSelectors.specJson();

const dark = matchMedia('(prefers-color-scheme: dark)');
const showScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', showScheme);
showScheme();
