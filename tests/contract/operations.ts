/** Operations: their names and who may call them, what they take, what they answer. */
import {
  type Addition,
  broken,
  type Contract,
  type Difference,
  type Direction,
  type Json,
  keysOf,
  type Pair,
  resolve,
  throughComponents,
  unknownChanges,
} from './differences.ts';
import { compareSchemas } from './schemas.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export function comparePaths(contract: Contract): Difference[] {
  const { released, present } = contract.documents;
  return keysOf(released.paths, present.paths).flatMap((path) => {
    const items = { released: released.paths?.[path] ?? {}, present: present.paths?.[path] ?? {} };
    return [
      ...unknownChanges(items, [...METHODS, 'parameters'], path),
      ...METHODS.flatMap((method) => {
        const [before, after] = [items.released[method], items.present[method]];
        const where = `${method.toUpperCase()} ${path}`;
        if (before && !after) return [broken(where, 'the operation is gone')];
        if (!before && after) return [addedOperation(where, after)];
        if (!before) return [];
        const whole = {
          released: withShared(items.released, before),
          present: withShared(items.present, after),
        };
        return compareOperations(contract, whole, where);
      }),
    ];
  });
}

const addedOperation = (where: string, node: Json): Addition => ({
  kind: 'addition',
  where,
  of: 'operation',
  name: node.operationId,
  node,
});

/** With the parameters of the whole path, which its own replace. */
const withShared = (item: Json, operation: Json): Json => ({
  ...operation,
  parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
});

function compareOperations(contract: Contract, pair: Pair, where: string): Difference[] {
  const { released, present } = pair;
  return [
    ...nameBreaks(pair, where),
    ...unknownChanges(
      pair,
      ['operationId', 'tags', 'parameters', 'requestBody', 'responses', 'security'],
      where,
    ),
    ...securityBreaks(contract, pair, where),
    ...compareParameters(contract, pair, where),
    ...compareBodies(contract, { released: released.requestBody, present: present.requestBody }, where),
    ...compareResponses(contract, { released: released.responses, present: present.responses }, where),
  ];
}

/** Generated clients name functions after the id, and classes or modules after the first tag. */
function nameBreaks({ released, present }: Pair, where: string): Difference[] {
  const names: [string, string, string][] = [
    ['operationId', released.operationId, present.operationId],
    ['first tag', released.tags?.[0], present.tags?.[0]],
  ];
  return names
    .filter(([, before, after]) => before !== undefined && before !== after)
    .map(([name, before, after]) => broken(where, `its ${name} was ${before}, is ${after}`));
}

/** Who was let in, with a key or without, is let in. */
function securityBreaks({ documents }: Contract, pair: Pair, where: string): Difference[] {
  const waysIn = (operation: Json, document: Json): Json[] => {
    const ways = operation.security ?? document.security ?? [];
    return ways.length === 0 ? [{}] : ways;
  };
  const after = waysIn(pair.present, documents.present);
  const suffices = (needed: Json, given: Json) =>
    Object.entries<string[]>(needed).every(
      ([scheme, scopes]) => given[scheme] && scopes.every((scope) => given[scheme].includes(scope)),
    );
  return waysIn(pair.released, documents.released)
    .filter((given) => !after.some((needed) => suffices(needed, given)))
    .map((given) => {
      const schemes = Object.keys(given);
      return broken(
        where,
        schemes.length === 0 ? 'it needs a key now' : `${schemes.join(' and ')} no longer lets in`,
      );
    });
}

function compareParameters(contract: Contract, pair: Pair, where: string): Difference[] {
  const { documents } = contract;
  const before = byKey(documents.released, pair.released.parameters);
  const after = byKey(documents.present, pair.present.parameters);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Difference[] => {
    const [released, present] = [before.get(key), after.get(key)];
    const place = `${where}, ${key}`;
    if (!present) return [broken(place, 'the parameter is gone')];
    const { name, required } = resolve(documents.present, present);
    if (!released)
      return required
        ? [broken(place, 'the parameter is new and required')]
        : [{ kind: 'addition', where: place, of: 'parameter', name, node: present }];
    return throughComponents(contract, { released, present }, place, (each, there) =>
      compareParameter(contract, each, there),
    );
  });
}

const byKey = (document: Json, parameters: Json[]): Map<string, Json> =>
  new Map(
    parameters.map((each) => {
      const { in: place, name } = resolve(document, each);
      return [`${place} parameter ${place === 'header' ? name.toLowerCase() : name}`, each];
    }),
  );

function compareParameter(contract: Contract, { released, present }: Pair, where: string): Difference[] {
  const pair = { released: withStyle(released), present: withStyle(present) };
  const { required } = pair.released;
  return [
    ...(present.required && !required ? [broken(where, 'the parameter is required now')] : []),
    ...(['style', 'explode'] as const)
      .filter((key) => pair.released[key] !== pair.present[key])
      .map((key) => broken(where, `its ${key} was ${pair.released[key]}, is ${pair.present[key]}`)),
    ...unknownChanges(pair, ['name', 'in', 'required', 'style', 'explode', 'schema'], where),
    ...compareSchemas(contract, { released: released.schema, present: present.schema }, 'requests', where),
  ];
}

/** With what OpenAPI takes for granted. */
function withStyle(parameter: Json): Json {
  const style = parameter.style ?? (['query', 'cookie'].includes(parameter.in) ? 'form' : 'simple');
  return { ...parameter, style, explode: parameter.explode ?? style === 'form' };
}

function compareBodies(contract: Contract, pair: Pair, where: string): Difference[] {
  const place = `${where}, request body`;
  if (!pair.released && !pair.present) return [];
  if (!pair.present) return [broken(place, 'it is taken no longer')];
  if (!pair.released)
    return resolve(contract.documents.present, pair.present).required
      ? [broken(place, 'it is new and required')]
      : [{ kind: 'addition', where: place, of: 'field', name: 'request body', node: pair.present }];
  return throughComponents(contract, pair, place, ({ released, present }, there) => [
    ...(present.required && !released.required ? [broken(there, 'it is required now')] : []),
    ...unknownChanges({ released, present }, ['required', 'content'], there),
    ...compareContents(contract, { released, present }, 'requests', there),
  ]);
}

function compareResponses(contract: Contract, { released, present }: Pair, where: string): Difference[] {
  return keysOf(released, present).flatMap((status): Difference[] => {
    const place = `${where}, status ${status}`;
    if (!(status in present)) return [broken(place, 'the status is gone')];
    if (!(status in released))
      // Clients treat failures alike, follow redirects, and take no other success than those they know.
      return status.startsWith('2') ? [broken(place, 'the status is new among the successes')] : [];
    const pair = { released: released[status], present: present[status] };
    return throughComponents(contract, pair, place, (response, there) => [
      ...unknownChanges(response, ['headers', 'content', 'links'], there),
      ...unknownChanges(
        { released: response.released.links, present: linksOf(response) },
        [],
        `${there}, links`,
      ),
      ...compareHeaders(contract, response, there),
      ...compareContents(contract, response, 'answers', there),
    ]);
  });
}

/** Those that were there before; more are welcome. */
const linksOf = ({ released, present }: Pair): Json =>
  Object.fromEntries(keysOf(released.links).map((name) => [name, present.links?.[name]]));

function compareHeaders(contract: Contract, { released, present }: Pair, where: string): Difference[] {
  const before = byLowerCase(released.headers);
  const after = byLowerCase(present.headers);
  return keysOf(before, after).flatMap((name): Difference[] => {
    const place = `${where}, header ${name}`;
    if (!after[name]) return [broken(place, 'the header is gone')];
    if (!before[name]) return [{ kind: 'addition', where: place, of: 'header', name, node: after[name] }];
    return throughComponents(
      contract,
      { released: before[name], present: after[name] },
      place,
      (pair, there) => [
        ...(pair.released.required && !pair.present.required
          ? [broken(there, 'answers may leave it out now')]
          : []),
        ...unknownChanges(pair, ['required', 'schema'], there),
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

/** Bodies by their media types. */
function compareContents(
  contract: Contract,
  { released, present }: Pair,
  direction: Direction,
  where: string,
): Difference[] {
  const before = byLowerCase(released.content);
  const after = byLowerCase(present.content);
  return keysOf(before, after).flatMap((type): Difference[] => {
    const place = `${where}, ${type}`;
    if (!after[type]) return [broken(place, 'the media type is gone')];
    if (!before[type])
      // Who does not ask for one by name may get the other.
      return direction === 'answers' && released.content
        ? [broken(place, 'the media type is new beside others')]
        : [];
    return [
      ...unknownChanges({ released: before[type], present: after[type] }, ['schema'], place),
      ...compareSchemas(
        contract,
        { released: before[type].schema, present: after[type].schema },
        direction,
        place,
      ),
    ];
  });
}

const byLowerCase = (named: Json): Record<string, Json> =>
  Object.fromEntries(Object.entries(named ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
