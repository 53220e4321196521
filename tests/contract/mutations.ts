/** Breaking changes to a document, one for each of its parts, with the finding that the check must report. */
import { getComponentName, type Json, resolveReference } from './differences.ts';

export interface Mutation {
  /** Only finding that the check must report. */
  expected: string;
  /** Applies the mutation. Of several in one list or object, the last must be applied first. */
  apply: (document: Json) => void;
}

/** Lists the mutations by kind, in the order of the document. */
export function listMutations(document: Json): Record<string, Mutation[]> {
  const operations = listOperations(document);
  const responses = listResponses(document, operations);
  const schemas = [...generateSchemas(document, operations)];
  const requestBodies = operations.flatMap(({ at, where, node }) =>
    node.requestBody
      ? [{ at: [...at, 'requestBody'], where: `${where}, request body`, node: node.requestBody }]
      : [],
  );
  return {
    operations: operations.map(({ at, where }) => createRemoval(at, `${where}: the operation was removed`)),
    parameters: operations.flatMap(({ at, where, node }) =>
      (node.parameters ?? []).map((each: Json, index: number) => {
        const { in: place, name } = resolveReference(document, each);
        const parameterName = place === 'header' ? name.toLowerCase() : name;
        return createRemoval(
          [...at, 'parameters', index],
          `${where}, ${place} parameter ${parameterName}: the parameter was removed`,
        );
      }),
    ),
    statuses: operations.flatMap(({ at, where, node }) =>
      Object.keys(node.responses).map((status) =>
        createRemoval([...at, 'responses', status], `${where}, status ${status}: the status was removed`),
      ),
    ),
    headers: responses.flatMap(({ at, where, node }) =>
      Object.keys(node.headers ?? {}).map((name) =>
        createRemoval(
          [...at, 'headers', name],
          `${where}, header ${name.toLowerCase()}: the header was removed`,
        ),
      ),
    ),
    mediaTypes: [...responses, ...requestBodies].flatMap(({ at, where, node }) =>
      Object.keys(node.content ?? {}).map((type) =>
        createRemoval([...at, 'content', type], `${where}, ${type}: the media type was removed`),
      ),
    ),
    fields: schemas.flatMap(({ at, where, node }) =>
      Object.keys(node.properties ?? {}).map((name) => createFieldRemoval(at, where, name)),
    ),
    requiredFields: schemas.flatMap(({ at, where, node }) =>
      (node.required ?? []).map((name: string) => ({
        expected: `${where}/properties/${name}: it is now optional in responses`,
        apply: (changed: Json) => removeFromRequired(changed, at, name),
      })),
    ),
    values: schemas.flatMap(({ at, where, node }) =>
      (node.enum ?? []).flatMap((value: Json, index: number) =>
        value === null
          ? []
          : [
              createRemoval(
                [...at, 'enum', index],
                `${where}: the value ${JSON.stringify(value)} was removed`,
              ),
            ],
      ),
    ),
    nulls: schemas
      .filter(
        ({ at, node }) =>
          at[1] === 'schemas' && at.length > 3 && typeof node.type === 'string' && !node.enum && !node.const,
      )
      .map(({ at, where, node }) => ({
        expected: `${where}: responses may now contain null`,
        apply: (changed: Json) => {
          getNode(changed, at).type = [node.type, 'null'];
        },
      })),
  };
}

type Key = string | number;

/** Part of the document, with its path and the name of the place in findings. */
interface Part {
  at: Key[];
  where: string;
  node: Json;
}

const getNode = (document: Json, at: Key[]): Json => at.reduce((inner, key) => inner[key], document);

function createRemoval(at: Key[], expected: string): Mutation {
  const key = at.at(-1) as Key;
  return {
    expected,
    apply: (document) => {
      const parent = getNode(document, at.slice(0, -1));
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
    },
  };
}

function createFieldRemoval(at: Key[], where: string, name: string): Mutation {
  return {
    expected: `${where}/properties/${name}: the field was removed`,
    apply: (document) => {
      delete getNode(document, at).properties[name];
      removeFromRequired(document, at, name);
    },
  };
}

function removeFromRequired(document: Json, at: Key[], name: string): void {
  const schema = getNode(document, at);
  schema.required = (schema.required ?? []).filter((each: string) => each !== name);
}

const listOperations = (document: Json): Part[] =>
  Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, node]) => ({
      at: ['paths', path, method],
      where: `${method.toUpperCase()} ${path}`,
      node,
    })),
  );

const listResponses = (document: Json, operations: Part[]): Part[] => [
  ...operations.flatMap(({ at, where, node }) =>
    Object.entries<Json>(node.responses)
      .filter(([, response]) => !response.$ref)
      .map(([status, response]) => ({
        at: [...at, 'responses', status],
        where: `${where}, status ${status}`,
        node: response,
      })),
  ),
  ...listUsedResponses(document, operations).map(([name, node]) => ({
    at: ['components', 'responses', name],
    where: `components/responses/${name}`,
    node,
  })),
];

/** Lists the shared responses that operations use; clients cannot see the others. */
function listUsedResponses(document: Json, operations: Part[]): [string, Json][] {
  const used = new Set(
    operations.flatMap(({ node }) => Object.values<Json>(node.responses).map(getComponentName)),
  );
  return Object.entries<Json>(document.components.responses).filter(([name]) =>
    used.has(`responses/${name}`),
  );
}

/** Generates the schemas of components and parameters, including nested ones. */
function* generateSchemas(document: Json, operations: Part[]): Generator<Part> {
  for (const [name, node] of Object.entries<Json>(document.components.schemas))
    yield* generateSubschemas({
      at: ['components', 'schemas', name],
      where: `components/schemas/${name}`,
      node,
    });
  for (const [name, { schema }] of Object.entries<Json>(document.components.parameters))
    yield* generateSubschemas({
      at: ['components', 'parameters', name, 'schema'],
      where: `components/parameters/${name}`,
      node: schema,
    });
  for (const { at, where, node } of operations)
    for (const [index, { in: place, name, schema }] of (node.parameters ?? []).entries())
      if (schema)
        yield* generateSubschemas({
          at: [...at, 'parameters', index, 'schema'],
          where: `${where}, ${place} parameter ${place === 'header' ? name.toLowerCase() : name}`,
          node: schema,
        });
}

function* generateSubschemas(part: Part): Generator<Part> {
  yield part;
  const { at, where, node } = part;
  for (const [name, field] of Object.entries<Json>(node.properties ?? {}))
    yield* generateSubschemas({
      at: [...at, 'properties', name],
      where: `${where}/properties/${name}`,
      node: field,
    });
  if (node.items)
    yield* generateSubschemas({ at: [...at, 'items'], where: `${where}/items`, node: node.items });
}
