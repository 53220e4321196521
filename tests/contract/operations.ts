/** Comparison of operations: names, security, parameters, bodies and responses. */
import {
  type Addition,
  type ComparisonState,
  compareComponents,
  createBreak,
  type Difference,
  type Direction,
  findUnknownChanges,
  type Json,
  listKeys,
  type Pair,
  resolveReference,
} from './differences.ts';
import { compareSchemas } from './schemas.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export function comparePaths(contract: ComparisonState): Difference[] {
  const { released, present } = contract.documents;
  return listKeys(released.paths, present.paths).flatMap((path) => {
    const items = { released: released.paths?.[path] ?? {}, present: present.paths?.[path] ?? {} };
    return [
      ...findUnknownChanges(items, [...METHODS, 'parameters'], path),
      ...METHODS.flatMap((method) => {
        const [before, after] = [items.released[method], items.present[method]];
        const where = `${method.toUpperCase()} ${path}`;
        if (before && !after) return [createBreak(where, 'the operation was removed')];
        if (!before && after) return [createOperationAddition(where, after)];
        if (!before) return [];
        const operations = {
          released: addSharedParameters(items.released, before),
          present: addSharedParameters(items.present, after),
        };
        return compareOperations(contract, operations, where);
      }),
    ];
  });
}

const createOperationAddition = (where: string, node: Json): Addition => ({
  kind: 'addition',
  where,
  of: 'operation',
  name: node.operationId,
  node,
});

/** Adds the parameters of the path to an operation, whose own parameters replace them. */
const addSharedParameters = (item: Json, operation: Json): Json => ({
  ...operation,
  parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
});

function compareOperations(contract: ComparisonState, pair: Pair, where: string): Difference[] {
  const { released, present } = pair;
  return [
    ...findNameBreaks(pair, where),
    ...findUnknownChanges(
      pair,
      ['operationId', 'tags', 'parameters', 'requestBody', 'responses', 'security'],
      where,
    ),
    ...findSecurityBreaks(contract, pair, where),
    ...compareParameters(contract, pair, where),
    ...compareBodies(contract, { released: released.requestBody, present: present.requestBody }, where),
    ...compareResponses(contract, { released: released.responses, present: present.responses }, where),
  ];
}

/** Generated clients name functions after the id, and classes or modules after the first tag. */
function findNameBreaks({ released, present }: Pair, where: string): Difference[] {
  const names: [string, string, string][] = [
    ['operationId', released.operationId, present.operationId],
    ['first tag', released.tags?.[0], present.tags?.[0]],
  ];
  return names
    .filter(([, before, after]) => before !== undefined && before !== after)
    .map(([name, before, after]) => createBreak(where, `its ${name} was ${before}, is ${after}`));
}

/** Finds credentials, or their absence, that were accepted and no longer are. */
function findSecurityBreaks({ documents }: ComparisonState, pair: Pair, where: string): Difference[] {
  const listSecurityRequirements = (operation: Json, document: Json): Json[] => {
    const ways = operation.security ?? document.security ?? [];
    return ways.length === 0 ? [{}] : ways;
  };
  const after = listSecurityRequirements(pair.present, documents.present);
  const isSatisfiedBy = (needed: Json, given: Json) =>
    Object.entries<string[]>(needed).every(
      ([scheme, scopes]) => given[scheme] && scopes.every((scope) => given[scheme].includes(scope)),
    );
  return listSecurityRequirements(pair.released, documents.released)
    .filter((given) => !after.some((needed) => isSatisfiedBy(needed, given)))
    .map((given) => {
      const schemes = Object.keys(given);
      return createBreak(
        where,
        schemes.length === 0 ? 'it now requires a key' : `it no longer accepts ${schemes.join(' and ')}`,
      );
    });
}

function compareParameters(contract: ComparisonState, pair: Pair, where: string): Difference[] {
  const { documents } = contract;
  const before = mapParameters(documents.released, pair.released.parameters);
  const after = mapParameters(documents.present, pair.present.parameters);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Difference[] => {
    const [released, present] = [before.get(key), after.get(key)];
    const place = `${where}, ${key}`;
    if (!present) return [createBreak(place, 'the parameter was removed')];
    const { name, required } = resolveReference(documents.present, present);
    if (!released)
      return required
        ? [createBreak(place, 'the parameter is new and required')]
        : [{ kind: 'addition', where: place, of: 'parameter', name, node: present }];
    return compareComponents(contract, { released, present }, place, (each, there) =>
      compareParameter(contract, each, there),
    );
  });
}

const mapParameters = (document: Json, parameters: Json[]): Map<string, Json> =>
  new Map(
    parameters.map((each) => {
      const { in: place, name } = resolveReference(document, each);
      return [`${place} parameter ${place === 'header' ? name.toLowerCase() : name}`, each];
    }),
  );

function compareParameter(
  contract: ComparisonState,
  { released, present }: Pair,
  where: string,
): Difference[] {
  const pair = { released: addDefaultStyle(released), present: addDefaultStyle(present) };
  const { required } = pair.released;
  return [
    ...(present.required && !required ? [createBreak(where, 'the parameter is now required')] : []),
    ...(['style', 'explode'] as const)
      .filter((key) => pair.released[key] !== pair.present[key])
      .map((key) => createBreak(where, `its ${key} was ${pair.released[key]}, is ${pair.present[key]}`)),
    ...findUnknownChanges(pair, ['name', 'in', 'required', 'style', 'explode', 'schema'], where),
    ...compareSchemas(contract, { released: released.schema, present: present.schema }, 'requests', where),
  ];
}

/** Adds the defaults of OpenAPI. */
function addDefaultStyle(parameter: Json): Json {
  const style = parameter.style ?? (['query', 'cookie'].includes(parameter.in) ? 'form' : 'simple');
  return { ...parameter, style, explode: parameter.explode ?? style === 'form' };
}

function compareBodies(contract: ComparisonState, pair: Pair, where: string): Difference[] {
  const place = `${where}, request body`;
  if (!pair.released && !pair.present) return [];
  if (!pair.present) return [createBreak(place, 'it is no longer accepted')];
  if (!pair.released)
    return resolveReference(contract.documents.present, pair.present).required
      ? [createBreak(place, 'it is new and required')]
      : [{ kind: 'addition', where: place, of: 'field', name: 'request body', node: pair.present }];
  return compareComponents(contract, pair, place, ({ released, present }, there) => [
    ...(present.required && !released.required ? [createBreak(there, 'it is now required')] : []),
    ...findUnknownChanges({ released, present }, ['required', 'content'], there),
    ...compareContents(contract, { released, present }, 'requests', there),
  ]);
}

function compareResponses(
  contract: ComparisonState,
  { released, present }: Pair,
  where: string,
): Difference[] {
  return listKeys(released, present).flatMap((status): Difference[] => {
    const place = `${where}, status ${status}`;
    if (!(status in present)) return [createBreak(place, 'the status was removed')];
    if (!(status in released))
      // Clients treat all failures alike and follow redirects, but know only the documented success statuses.
      return status.startsWith('2') ? [createBreak(place, 'the success status is new')] : [];
    const pair = { released: released[status], present: present[status] };
    return compareComponents(contract, pair, place, (response, there) => [
      ...findUnknownChanges(response, ['headers', 'content', 'links'], there),
      ...findUnknownChanges(
        { released: response.released.links, present: selectReleasedLinks(response) },
        [],
        `${there}, links`,
      ),
      ...compareHeaders(contract, response, there),
      ...compareContents(contract, response, 'answers', there),
    ]);
  });
}

/** Selects the links that were released; new ones are allowed. */
const selectReleasedLinks = ({ released, present }: Pair): Json =>
  Object.fromEntries(listKeys(released.links).map((name) => [name, present.links?.[name]]));

function compareHeaders(contract: ComparisonState, { released, present }: Pair, where: string): Difference[] {
  const before = lowerCaseKeys(released.headers);
  const after = lowerCaseKeys(present.headers);
  return listKeys(before, after).flatMap((name): Difference[] => {
    const place = `${where}, header ${name}`;
    if (!after[name]) return [createBreak(place, 'the header was removed')];
    if (!before[name]) return [{ kind: 'addition', where: place, of: 'header', name, node: after[name] }];
    return compareComponents(
      contract,
      { released: before[name], present: after[name] },
      place,
      (pair, there) => [
        ...(pair.released.required && !pair.present.required
          ? [createBreak(there, 'it is now optional in responses')]
          : []),
        ...findUnknownChanges(pair, ['required', 'schema'], there),
        ...compareSchemas(
          contract,
          { released: pair.released.schema, present: pair.present.schema },
          'answers',
          there,
        ),
      ],
    );
  });
}

/** Compares the bodies of each media type. */
function compareContents(
  contract: ComparisonState,
  { released, present }: Pair,
  direction: Direction,
  where: string,
): Difference[] {
  const before = lowerCaseKeys(released.content);
  const after = lowerCaseKeys(present.content);
  return listKeys(before, after).flatMap((type): Difference[] => {
    const place = `${where}, ${type}`;
    if (!after[type]) return [createBreak(place, 'the media type was removed')];
    if (!before[type])
      // A client that does not request a specific media type may receive the new one.
      return direction === 'answers' && released.content
        ? [createBreak(place, 'the media type is new, in addition to others')]
        : [];
    return [
      ...findUnknownChanges({ released: before[type], present: after[type] }, ['schema'], place),
      ...compareSchemas(
        contract,
        { released: before[type].schema, present: after[type].schema },
        direction,
        place,
      ),
    ];
  });
}

const lowerCaseKeys = (named: Json): Record<string, Json> =>
  Object.fromEntries(Object.entries(named ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
