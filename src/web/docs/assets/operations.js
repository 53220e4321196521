/**
 * Plugin of Swagger UI: groups operations by the x-tagGroups of the document, collapses the exports of each
 * list, searches all operations, and shows one line for each problem.
 */

const MAX_MATCHES = 30;

/** Clears the search, so that all operations are shown. */
export let resetSearch = () => {};

/** Id of the heading of a group; `page.ts` derives the same id from the name. */
const toGroupId = (name) => `group-${name.toLowerCase().replaceAll(' ', '-')}`;

/** Id of the section of a tag. */
export const toTagId = (tag) => `tag-${tag.toLowerCase().replaceAll(' ', '-')}`;

/** True for a path with a file extension, which returns the same facts in another format. */
const isExport = (operation) => /\.[a-z.]+$/.test(operation.get('path'));

const getOperationKey = (operation) => `${operation.get('method')} ${operation.get('path')}`;

const isShown = (system, tag, operation) =>
  system.layoutSelectors.isShown(['operations', tag, operation.getIn(['operation', 'operationId'])], false);

/** Text that the search matches. */
const getSearchText = (tag, operation) =>
  [
    tag,
    getOperationKey(operation),
    ...['summary', 'operationId'].map((key) => operation.getIn(['operation', key])),
  ]
    .join(' ')
    .toLowerCase();

/** Returns the URLs that explain the problems of a response; none for other responses. */
function listProblemTypes(response) {
  const { example, examples = {} } = response.toJS().content?.['application/problem+json'] ?? {};
  return [example, ...Object.values(examples).map(({ value }) => value)].flatMap((each) => each?.type ?? []);
}

export function groupedOperationsPlugin({ React, Im }) {
  const { createElement: h, useDeferredValue, useState } = React;

  /** Layout component of Swagger UI: its root. */
  function Reference(system) {
    const { specSelectors, getComponent } = system;
    const renderers = {
      success: () => [h(Operations, { ...system, key: 1 }), h(getComponent('Models', true), { key: 2 })],
      failed: () => h('p', null, 'The OpenAPI document could not be loaded. Reload the page to try again.'),
    };
    const renderLoading = () => h('p', { className: 'status' }, 'Loading the operations ...');
    return h(
      'div',
      { className: 'swagger-ui' },
      h(getComponent('SvgAssets')),
      h(getComponent('errors', true)),
      (renderers[specSelectors.loadingStatus()] ?? renderLoading)(),
    );
  }

  function Operations(system) {
    const [searchText, setSearchText] = useState('');
    resetSearch = () => setSearchText('');
    const words = useDeferredValue(searchText).toLowerCase().split(/\s+/).filter(Boolean);
    const tags = system.specSelectors.taggedOperations();
    const matches = words.length > 0 ? findOperations(tags, words) : null;
    const groups = system.specSelectors.specJson().get('x-tagGroups');
    return h(
      'div',
      null,
      h('div', { className: 'toolbar' }, renderSearchBox(searchText, setSearchText), renderKeyButton(system)),
      h('p', { role: 'status', className: 'status' }, matches && formatMatchCount(matches)),
      matches ? renderMatches(system, matches) : groups.map(createGroupRenderer(system, tags)),
    );
  }

  const renderSearchBox = (searchText, setSearchText) =>
    h(
      'label',
      { className: 'operation-search' },
      'Find an operation',
      h('input', {
        type: 'search',
        value: searchText,
        placeholder: 'csv, facets, corrections',
        onChange: (event) => setSearchText(event.target.value),
      }),
    );

  const renderKeyButton = ({ getComponent }) =>
    h(
      'div',
      { className: 'api-key' },
      'Writing requires an API key:',
      h(getComponent('AuthorizeBtnContainer', true)),
    );

  function findOperations(tags, words) {
    const matches = [];
    for (const [tag, details] of tags)
      for (const operation of details.get('operations'))
        if (words.every((word) => getSearchText(tag, operation).includes(word)))
          matches.push({ tag, operation });
    return matches;
  }

  function formatMatchCount({ length }) {
    const more = length > MAX_MATCHES ? `, showing the first ${MAX_MATCHES}` : '';
    return `${length} ${length === 1 ? 'operation' : 'operations'} found${more}`;
  }

  const renderMatches = (system, matches) =>
    matches
      .slice(0, MAX_MATCHES)
      .map((each) => h(Operation, { ...system, ...each, key: getOperationKey(each.operation) }));

  const createGroupRenderer = (system, tags) => (group) =>
    h(
      'section',
      { key: group.get('name'), className: 'group' },
      h('h2', { id: toGroupId(group.get('name')) }, group.get('name')),
      group.get('tags').map((tag) => h(Tag, { ...system, key: tag, tag, details: tags.get(tag) })),
    );

  function Tag(system) {
    const { tag, details, layoutSelectors, layoutActions } = system;
    const layoutPath = ['operations-tag', tag];
    const open = layoutSelectors.isShown(layoutPath, false);
    const toggle = () => layoutActions.show(layoutPath, !open);
    return h(
      'section',
      { id: toTagId(tag), className: 'tag' },
      h('h3', null, h('button', { 'aria-expanded': open, onClick: toggle }, tag)),
      h('p', null, details.getIn(['tagDetails', 'description'])),
      open && h(TagOperations, { ...system, operations: details.get('operations') }),
    );
  }

  function TagOperations(system) {
    const { operations } = system;
    // If all operations are exports, they are the purpose of the tag and stay visible.
    const exports = operations.every(isExport) ? Im.List() : operations.filter(isExport);
    return h(
      'div',
      { className: 'operations' },
      renderOperations(
        system,
        operations.filterNot((each) => exports.includes(each)),
      ),
      !exports.isEmpty() && h(Exports, { ...system, exports }),
    );
  }

  function Exports(system) {
    const { tag, exports } = system;
    const [open, setOpen] = useState(false);
    const hasOpenOperation = exports.some((operation) => isShown(system, tag, operation));
    const formats = new Set(exports.map((operation) => operation.get('path').replace(/^[^.]+\./, '')));
    return h(
      'details',
      {
        className: 'exports',
        open: open || hasOpenOperation,
        onToggle: (event) => setOpen(event.currentTarget.open),
      },
      h('summary', null, `In other formats: ${[...formats].join(', ')}`),
      renderOperations(system, exports),
    );
  }

  const renderOperations = (system, operations) =>
    operations.map((operation) => h(Operation, { ...system, key: getOperationKey(operation), operation }));

  function Operation({ getComponent, tag, operation }) {
    const path = operation.get('path');
    const method = operation.get('method');
    const specPath = Im.List(['paths', path, method]);
    return h(getComponent('OperationContainer', true), { specPath, op: operation, path, method, tag });
  }

  /** All problems have the same schema and a page that explains them, so one line is enough. */
  const withProblemSummary = (Response) => (properties) => {
    const types = listProblemTypes(properties.response);
    if (types.length === 0) return h(Response, properties);
    const links = types.map((type) => h('li', { key: type }, h('a', { href: type }, type)));
    const text = properties.response.get('description');
    return h(
      'tr',
      { className: 'response' },
      h('td', { className: 'response-col_status' }, properties.code),
      h('td', { className: 'response-col_description' }, text, h('ul', { className: 'problems' }, links)),
    );
  };

  return { components: { Reference }, wrapComponents: { response: withProblemSummary } };
}
