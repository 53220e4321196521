/** Examples of parameters in the committed document, sent to a server with the first dossier. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { createKey } from '../../src/store/api-keys.ts';
import { createApp, createSeededApp, createSeededStore, get, type Json } from '../support/app.ts';
import { ajv, findResponse, operations } from '../support/openapi-fuzz/document.ts';

/** A cursor is valid only for the list that returned it, so that no value works everywhere. */
const WITHOUT_EXAMPLE = ['cursor'];
/** Filters by fields in which no fact of the first dossier has a value. */
const WITHOUT_RESULTS = [
  '/v1/documents publisher',
  '/v1/memberships role',
  '/v1/sanctions-rounds from',
  '/v1/sanctions-rounds to',
];

const getExample = ({ example, schema }: Json) => example ?? schema.examples?.[0];
const readOperations = operations.filter(({ method }) => method === 'get');

/** Returns the URL of an operation with the examples of its required parameters and of those in `names`. */
function buildUrl(path: string, parameters: Json[], names: string[] = []): string {
  const query = new URLSearchParams();
  let url = path;
  for (const parameter of parameters) {
    const value = String(getExample(parameter));
    if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, value);
    else if (parameter.in === 'query' && (parameter.required || names.includes(parameter.name)))
      query.set(parameter.name, value);
  }
  return query.size > 0 ? `${url}?${query}` : url;
}

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

describe('every parameter', () => {
  it.each(operations)('of $method $path has an example that is valid for its schema', ({ operation }) => {
    for (const parameter of operation.parameters ?? []) {
      const { name, schema } = parameter;
      if (WITHOUT_EXAMPLE.includes(name)) continue;
      const validate = ajv.compile(schema);
      expect(getExample(parameter), `${name}: add .meta({ example })`).toBeDefined();
      expect(validate(getExample(parameter)) || validate.errors, name).toBe(true);
    }
  });
});

/** Parameters that have been tried: exports take those of their list, by the same schema. */
const triedParameters = new Set<string>();
const isNew = (tag: string, parameter: Json): boolean => {
  const key = `${tag} ${JSON.stringify(parameter)}`;
  return !triedParameters.has(key) && Boolean(triedParameters.add(key));
};

describe('the examples of parameters', () => {
  it.each(readOperations)('of GET $path are accepted, the required ones and each optional one', async ({
    path,
    operation: { tags, parameters = [] },
  }) => {
    const optional = parameters.filter(
      (each: Json) => each.in === 'query' && !each.required && isNew(tags[0], each),
    );
    for (const names of [[], ...optional.map(({ name }: Json) => [name])]) {
      if (names.some((name: string) => WITHOUT_EXAMPLE.includes(name))) continue;
      const url = buildUrl(path, parameters, names);
      expect([url, (await get(app, url)).status]).toEqual([url, 200]);
    }
  });

  it.each(factTypes)('of the list of $collection find facts', async ({
    collection,
    filterFields,
    getPeriod,
  }) => {
    const path = `/v1/${collection}`;
    const { parameters } = operations.find((each) => each.path === path)?.operation as Json;
    const filters = [
      'q',
      'ids',
      'document',
      'include',
      ...filterFields.keys(),
      ...(getPeriod ? ['from', 'to'] : []),
    ];
    for (const name of filters) {
      const url = buildUrl(path, parameters, [name]);
      const { body } = await get(app, url);
      const isFound = !WITHOUT_RESULTS.includes(`${path} ${name}`);
      expect([url, body.data.length > 0]).toEqual([url, isFound]);
    }
  });

  // Swagger UI and Postman send all of them, unless the reader removes some.
  it.each([
    'events',
    'organizations',
    'countries',
    'battle-group-deployments',
  ])('find the example of %s if a form sends all of them', async (collection) => {
    const factType = factTypes.find((each) => each.collection === collection);
    const path = `/v1/${collection}`;
    const { parameters } = operations.find((each) => each.path === path)?.operation as Json;
    const names = parameters
      .map(({ name }: Json) => name)
      .filter((name: string) => !WITHOUT_EXAMPLE.includes(name));
    const { status, body } = await get(app, buildUrl(path, parameters, names));
    expect([status, body.data.map(({ id }: Json) => id)]).toEqual([200, [factType?.exampleId]]);
  });

  it('name the fact that is the example of the response', () => {
    for (const { collection, exampleId } of factTypes) {
      const path = `/v1/${collection}/{id}`;
      const [id] = operations.find((each) => each.path === path)?.operation.parameters as Json;
      const { example } = findResponse(path, 'get', 200).content['application/json'];
      expect([id.name, id.example, example.id]).toEqual(['id', exampleId, exampleId]);
    }
  });

  it('of the operations that write are accepted one after the other, with the examples of bodies', async () => {
    const store = await createSeededStore();
    const writing = await createApp(store);
    const { key } = await createKey(store, { name: 'a tester', scopes: ['write'], expiresAt: null });
    for (const [id, ifNoneMatch] of [['checkDossier'], ['putDossier', '*'], ['deleteDossier']] as const) {
      const match = operations.find(
        ({ operation }) => operation.operationId === id,
      ) as (typeof operations)[0];
      const { path, method, operation } = match;
      const names = operation.parameters.map(({ name }: Json) => name);
      const ifMatch = operation.parameters.find(({ name }: Json) => name === 'If-Match');
      const response = await writing.inject({
        method: method.toUpperCase() as 'PUT',
        url: buildUrl(path, operation.parameters, names),
        headers: {
          authorization: `Bearer ${key}`,
          ...(ifNoneMatch ? { 'if-none-match': ifNoneMatch } : ifMatch && { 'if-match': ifMatch.example }),
        },
        ...(operation.requestBody && { payload: operation.requestBody.content['application/json'].example }),
      });
      expect([id, response.statusCode]).toEqual([id, id === 'putDossier' ? 201 : 200]);
      if (id === 'checkDossier') expect(response.json().problems).toEqual([]);
    }
  });
});
