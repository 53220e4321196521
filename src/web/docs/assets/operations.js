/**
 * A plugin of Swagger UI: the operations under the groups of the document's x-tagGroups, the exports of each list put
 * together, a search over all of them, and a line for each problem.
 */

const MOST_FOUND = 30;

/** Shows all operations again, where a search has been typed. */
export let forgetSearch = () => {};

/** The id of the heading of a group; the page makes the same of the name. */
const groupId = (name) => `group-${name.toLowerCase().replaceAll(' ', '-')}`;

/** The ids that `showTag` and `showOperation` bring on the page. */
export const tagId = (tag) => `tag-${tag.toLowerCase().replaceAll(' ', '-')}`;

/** What ends in the name of a format gives the same facts in another form. */
const isExport = (operation) => /\.[a-z.]+$/.test(operation.get('path'));

const keyOf = (operation) => `${operation.get('method')} ${operation.get('path')}`;

const isShown = (system, tag, operation) =>
  system.layoutSelectors.isShown(['operations', tag, operation.getIn(['operation', 'operationId'])], false);

/** What the search looks into. */
const textOf = (tag, operation) =>
  [tag, keyOf(operation), ...['summary', 'operationId'].map((key) => operation.getIn(['operation', key]))]
    .join(' ')
    .toLowerCase();

/** Where the problems of an answer are explained; none of what is no problem. */
function problemTypes(response) {
  const { example, examples = {} } = response.toJS().content?.['application/problem+json'] ?? {};
  return [example, ...Object.values(examples).map(({ value }) => value)].flatMap((each) => each?.type ?? []);
}

export function groupedOperations({ React, Im }) {
  const { createElement: h, useDeferredValue, useState } = React;

  /** What Swagger UI calls the layout: all that it draws. */
  function Reference(system) {
    const { specSelectors, getComponent } = system;
    const drawn = {
      success: () => [h(Operations, { ...system, key: 1 }), h(getComponent('Models', true), { key: 2 })],
      failed: () => h('p', null, 'The OpenAPI document cannot be read: load the page once more.'),
    };
    const reading = () => h('p', { className: 'status' }, 'The operations are being read ...');
    return h(
      'div',
      { className: 'swagger-ui' },
      h(getComponent('SvgAssets')),
      h(getComponent('errors', true)),
      (drawn[specSelectors.loadingStatus()] ?? reading)(),
    );
  }

  function Operations(system) {
    const [typed, setTyped] = useState('');
    forgetSearch = () => setTyped('');
    const words = useDeferredValue(typed).toLowerCase().split(/\s+/).filter(Boolean);
    const tags = system.specSelectors.taggedOperations();
    const found = words.length > 0 ? find(tags, words) : null;
    const groups = system.specSelectors.specJson().get('x-tagGroups');
    return h(
      'div',
      null,
      h('div', { className: 'tools' }, searchBox(typed, setTyped), keyButton(system)),
      h('p', { role: 'status', className: 'status' }, found && countOf(found)),
      found ? foundList(system, found) : groups.map(groupOf(system, tags)),
    );
  }

  const searchBox = (typed, setTyped) =>
    h(
      'label',
      { className: 'find' },
      'Find an operation',
      h('input', {
        type: 'search',
        value: typed,
        placeholder: 'csv, facets, corrections',
        onChange: (event) => setTyped(event.target.value),
      }),
    );

  const keyButton = ({ getComponent }) =>
    h(
      'div',
      { className: 'key' },
      'Whoever writes needs a key:',
      h(getComponent('AuthorizeBtnContainer', true)),
    );

  function find(tags, words) {
    const found = [];
    for (const [tag, details] of tags)
      for (const operation of details.get('operations'))
        if (words.every((word) => textOf(tag, operation).includes(word))) found.push({ tag, operation });
    return found;
  }

  function countOf({ length }) {
    const more = length > MOST_FOUND ? `, and here the first ${MOST_FOUND}` : '';
    return `${length} ${length === 1 ? 'operation' : 'operations'} found${more}`;
  }

  const foundList = (system, found) =>
    found
      .slice(0, MOST_FOUND)
      .map((each) => h(Operation, { ...system, ...each, key: keyOf(each.operation) }));

  const groupOf = (system, tags) => (group) =>
    h(
      'section',
      { key: group.get('name'), className: 'group' },
      h('h2', { id: groupId(group.get('name')) }, group.get('name')),
      group.get('tags').map((tag) => h(Tag, { ...system, key: tag, tag, details: tags.get(tag) })),
    );

  function Tag(system) {
    const { tag, details, layoutSelectors, layoutActions } = system;
    const place = ['operations-tag', tag];
    const open = layoutSelectors.isShown(place, false);
    const toggle = () => layoutActions.show(place, !open);
    return h(
      'section',
      { id: tagId(tag), className: 'tag' },
      h('h3', null, h('button', { 'aria-expanded': open, onClick: toggle }, tag)),
      h('p', null, details.getIn(['tagDetails', 'description'])),
      open && h(OperationsOf, { ...system, operations: details.get('operations') }),
    );
  }

  function OperationsOf(system) {
    const { operations } = system;
    // Where all are exports, they are what somebody comes for.
    const aside = operations.every(isExport) ? Im.List() : operations.filter(isExport);
    return h(
      'div',
      { className: 'operations' },
      list(
        system,
        operations.filterNot((each) => aside.includes(each)),
      ),
      !aside.isEmpty() && h(Exports, { ...system, exports: aside }),
    );
  }

  function Exports(system) {
    const { tag, exports } = system;
    const [open, setOpen] = useState(false);
    const asked = exports.some((operation) => isShown(system, tag, operation));
    const formats = new Set(exports.map((operation) => operation.get('path').replace(/^[^.]+\./, '')));
    return h(
      'details',
      { className: 'exports', open: open || asked, onToggle: (event) => setOpen(event.currentTarget.open) },
      h('summary', null, `In other formats: ${[...formats].join(', ')}`),
      list(system, exports),
    );
  }

  const list = (system, operations) =>
    operations.map((operation) => h(Operation, { ...system, key: keyOf(operation), operation }));

  function Operation({ getComponent, tag, operation }) {
    const path = operation.get('path');
    const method = operation.get('method');
    const specPath = Im.List(['paths', path, method]);
    return h(getComponent('OperationContainer', true), { specPath, op: operation, path, method, tag });
  }

  /** A problem has the same form everywhere, and a page: a line says enough. */
  const shortProblem = (Response) => (properties) => {
    const types = problemTypes(properties.response);
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

  return { components: { Reference }, wrapComponents: { response: shortProblem } };
}
