/** Actual responses of every route, problems included, compared with the committed documents. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildGeneratedFiles } from '../../src/cli/generate.ts';
import { isJsonMediaType } from '../../src/lib/media-type.ts';
import { ERROR_CODES, PROBLEM_TYPES } from '../../src/lib/problem-details.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { createKey } from '../../src/store/api-keys.ts';
import { createApp, createSeededApp, createSeededStore, get, type Json } from '../support/app.ts';
import {
  ajv,
  type DocumentedOperation,
  expectDocumented,
  findResponse,
  openapi,
  operations,
} from '../support/openapi-fuzz/document.ts';

const OPENAPI_30: Json = parse(readFileSync('openapi-3.0.yaml', 'utf8'));
/** Operations that only read, so that tests can call them in any order. */
const readOperations = operations.filter(
  ({ path, method }) => method === 'get' && !path.startsWith('/v1/dossiers/'),
);

const REFERENCE_SCHEMA = '#/components/schemas/Reference';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

/** URL of the operation's example in the document. */
const getExample = (operation: Json) => app.operations.get(operation.operationId)?.example as string;

describe('responses', () => {
  it.each(readOperations)('of $path are as documented', async ({ path, operation }) => {
    const url = getExample(operation);
    const response = await get(app, url);
    expect(response.status).toBe(200);
    expectDocumented(path, 200, response.headers['content-type'] ?? '', response.body);
    // One operation ignores unknown parameters.
    const wrong = path === '/oembed' ? 'maxwidth=x' : 'nonsense=1';
    const bad = await get(app, `${url}${url.includes('?') ? '&' : '?'}${wrong}`);
    expectDocumented(path, 400, bad.headers['content-type'] ?? '', bad.body);
    if (path.includes('{id}')) {
      const missing = await get(app, path.replace('{id}', 'missing'));
      expectDocumented(path, 404, missing.headers['content-type'] ?? '', missing.body);
    }
  });

  it.each(
    factTypes.map(({ collection }) => collection),
  )('with any fact of %s are as documented', async (collection) => {
    const { body, headers } = await get(app, `/v1/${collection}?limit=200&count=true`);
    expect(body.data.length).toBeGreaterThan(0);
    expectDocumented(`/v1/${collection}`, 200, headers['content-type'] ?? '', body);
  });

  it('of writing operations are as documented, one after the other', async () => {
    const store = await createSeededStore();
    const writing = await createApp(store);
    const { key } = await createKey(store, { name: 'a tester', scopes: ['write'], expiresAt: null });
    const triedOperations: string[] = [];
    for (const [operationId, { example }] of writing.operations) {
      const match = operations.find(({ operation }) => operation.operationId === operationId);
      const { path, method, operation } = match as DocumentedOperation;
      if (readOperations.some((each) => each === match)) continue;
      const { url, headers = {}, body } = typeof example === 'string' ? { url: example } : (example as Json);
      const sendAndExpect = async (to: string, options: Record<string, string>, status: number) => {
        const response = await writing.inject({
          method: method.toUpperCase() as 'PUT',
          url: to,
          headers: { ...headers, ...options },
          ...(body && { payload: body }),
        });
        expect([to, response.statusCode]).toEqual([to, status]);
        const type = String(response.headers['content-type']);
        expectDocumented(path, status, type, type.includes('json') ? response.json() : response.body, method);
        for (const name of Object.keys(findResponse(path, method, status).headers ?? {})) {
          if (!name.startsWith('RateLimit'))
            expect(response.headers, `${path} ${name}`).toHaveProperty(name.toLowerCase());
        }
      };
      const bearer = { authorization: `Bearer ${key}` };
      await sendAndExpect(`${url}${url.includes('?') ? '&' : '?'}nonsense=1`, bearer, 400);
      if (method !== 'get') await sendAndExpect(url, { authorization: 'Bearer nonsense' }, 401);
      await sendAndExpect(url, bearer, operation.responses[201] ? 201 : 200);
      triedOperations.push(operationId);
    }
    expect(triedOperations).toEqual([
      'checkDossier',
      'putDossier',
      'getDossier',
      'getDossierFile',
      'deleteDossier',
    ]);
  });

  it('have the documented headers', async () => {
    const limited = await createSeededApp({ rateLimitPerMinute: 1_000 });
    for (const { path, operation } of readOperations) {
      const { headers } = await get(limited, getExample(operation));
      for (const name of Object.keys(findResponse(path, 'get', 200).headers)) {
        expect(headers, `${path} ${name}`).toHaveProperty(name.toLowerCase());
      }
    }
  });
});

describe('the documents', () => {
  it('are what the code generates', async () => {
    for (const [name, content] of Object.entries(await buildGeneratedFiles())) {
      const committedLines = readFileSync(name, 'utf8').split('\n');
      const generatedLines = content.split('\n');
      // Compare line by line: a diff of two complete files takes minutes.
      const firstDifference = generatedLines.findIndex((line, index) => line !== committedLines[index]);
      const difference =
        firstDifference < 0
          ? []
          : [
              `${name}:${firstDifference + 1}`,
              committedLines[firstDifference]?.slice(0, 200),
              generatedLines[firstDifference]?.slice(0, 200),
            ];
      expect(difference, 'is out of date: run npm run generate').toEqual([]);
      expect(committedLines.length).toBe(generatedLines.length);
    }
  });

  it('have the right OpenAPI version, and the same operations', () => {
    expect([openapi.openapi, OPENAPI_30.openapi]).toEqual(['3.1.0', '3.0.3']);
    expect(Object.keys(OPENAPI_30.paths)).toEqual(Object.keys(openapi.paths));
    expect(Object.keys(OPENAPI_30.components.schemas)).toEqual(Object.keys(openapi.components.schemas));
  });

  it('have every tag in one group, with a description', () => {
    const names = openapi.tags.map(({ name }: Json) => name);
    expect(new Set(operations.map(({ operation }) => operation.tags[0]))).toEqual(new Set(names));
    expect(openapi['x-tagGroups'].flatMap(({ tags }: Json) => tags)).toEqual(names);
    for (const { name, description } of openapi.tags) expect(description, name).toMatch(/^[A-Z].+\.$/);
  });

  it('refer to the URL of a response that 3.0 cannot express, and show the others', () => {
    const { paths } = OPENAPI_30;
    const [url] = Object.values<Json>(paths['/v1/stances'].get.responses[200].content);
    expect(url.examples).toEqual({ answer: { externalValue: getExample(openapi.paths['/v1/stances'].get) } });
    for (const status of [200, 201]) {
      const getResponseSchema = (document: Json) =>
        document.paths['/v1/dossiers/{id}'].put.responses[status].content['application/json'];
      expect(getResponseSchema(OPENAPI_30).example).toEqual(getResponseSchema(openapi).example);
    }
  });

  it('are served as committed', async () => {
    expect((await get(app, '/openapi.yaml')).body).toBe(readFileSync('openapi.yaml', 'utf8'));
    expect((await get(app, '/openapi.json')).body).toEqual(parse(readFileSync('openapi.yaml', 'utf8')));
    expect((await get(app, '/openapi-3.0.json')).body).toEqual(OPENAPI_30);
    const { headers } = await get(app, '/openapi.yaml');
    const notModified = await get(app, '/openapi.yaml', { 'if-none-match': headers['etag'] as string });
    expect(notModified.status).toBe(304);
  });

  it('give every operation a unique verbNoun, one tag, a summary, errors and a real example', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, operation } of operations) {
      expect(operation.operationId, path).toMatch(
        /^(get|list|search|export|cite|check|put|delete)[A-Z][A-Za-z]+$/,
      );
      expect(operation.tags, path).toHaveLength(1);
      expect(operation.summary, path).toBeTruthy();
      expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(['200', '400', '500']));
      for (const status of [200, 201].filter((each) => operation.responses[each])) {
        const [[type, media], ...more] = Object.entries<Json>(findResponse(path, method, status).content) as [
          [string, Json],
        ];
        expect(more, path).toEqual([]);
        const file = path.startsWith('/v1/exports/');
        // A binary file cannot be an example: the document is text.
        expect(media.example !== undefined || media.examples?.answer !== undefined, path).toBe(!file);
        if (file || path.endsWith('.yaml'))
          expect(media.schema, path).toEqual({ type: 'string', format: 'binary' });
        else if (!isJsonMediaType(String(type))) expect(media.schema, path).toEqual({ type: 'string' });
        else expect(media.schema.$ref, path).toMatch(/^#\/components\/schemas\/\w+$/);
      }
      for (const parameter of operation.parameters ?? [])
        expect(parameter.description, parameter.name).toBeTruthy();
    }
  });

  it('name every code of every problem', () => {
    const { Problem, ProblemError } = openapi.components.schemas;
    for (const code of Object.keys(PROBLEM_TYPES))
      expect(Problem.properties.code.description).toContain(`\`${code}\``);
    for (const code of Object.keys(ERROR_CODES))
      expect(ProblemError.properties.code.description).toContain(`\`${code}\``);
  });

  it('define closed vocabularies as enums and open ones as strings', () => {
    const { Event, EventStatus } = openapi.components.schemas;
    expect(Event.properties.status).toEqual({ $ref: '#/components/schemas/EventStatus' });
    expect(EventStatus.enum).toContain('scheduled');
    expect(Event.properties.kind).toMatchObject({
      type: 'string',
      examples: expect.arrayContaining(['summit']),
    });
    expect(Event.properties.startDate).toMatchObject({ type: ['string', 'null'], format: 'date' });
    const inTwin = OPENAPI_30.components.schemas.Event.properties;
    expect(inTwin.startDate).toMatchObject({ type: 'string', nullable: true, format: 'date' });
    expect(inTwin.kind.example).toBe('summit');
    expect(inTwin.after).toMatchObject({
      type: 'object',
      nullable: true,
      allOf: [{ $ref: REFERENCE_SCHEMA }],
    });
    expect(Event.properties.after.anyOf).toEqual([{ $ref: REFERENCE_SCHEMA }, { type: 'null' }]);
    const RECURRENCE = '#/components/schemas/StanceRecurrence';
    const recurrence = (document: Json) => document.components.schemas.Stance.properties.recurrence;
    expect(recurrence(openapi).anyOf).toEqual([{ $ref: RECURRENCE }, { type: 'null' }]);
    expect(recurrence(OPENAPI_30)).toEqual({ type: 'string', nullable: true, allOf: [{ $ref: RECURRENCE }] });
  });
});

describe('parameters', () => {
  it('are required if the operation needs them', () => {
    const required = operations.flatMap(({ path, operation: { parameters = [] } }) =>
      parameters
        .filter((parameter: Json) => parameter.required && parameter.in === 'query')
        .map(({ name }: Json) => `${path} ${name}`),
    );
    const facets = factTypes.flatMap(({ collection }) =>
      ['facets', 'facets.csv'].map((path) => `/v1/${collection}/${path} by`),
    );
    expect(required.sort()).toEqual(
      [...facets, '/oembed url', '/v1/dossiers/{id} reason', '/v1/search q'].sort(),
    );
  });
});

/** The document must not lead clients to send values that the server rejects. */
describe('the schema of a parameter', () => {
  it.each<[operationId: string, name: string, taken: unknown[], refused: unknown[]]>([
    ['listEvents', 'asOf', ['1', '2022-03-24T12:00:00+02:00', '2022-03-24'], ['0', 'latest', '2022-03', '']],
    [
      'listEvents',
      'from',
      ['2022-03-24', '2022-03', '2022'],
      ['', '2022-3', '22-03-24', '2022-03-24T00:00:00Z'],
    ],
    ['listEvents', 'fields', [['name', 'evidence']], [[], ['a-b'], ['']]],
    ['listEvents', 'exclude', [['kind:war', 'ids:a']], [[], ['kind'], ['kind:'], ['a-b:c']]],
    ['listEvents', 'kind', [['summit']], [[], [''], ['x'.repeat(4_001)]]],
    ['listEvents', 'ids', [['a-b']], [[], ['a--b'], ['A']]],
    [
      'listChanges',
      'fact',
      [['person/a'], ['event/a', 'figure/b']],
      [['person'], ['planet/a'], ['person/a/b']],
    ],
    ['listDocumentFacts', 'start', [0, 2_789], [-1, 2 ** 32]],
    ['listDocumentFacts', 'end', [1, 2_789], [0, 2 ** 32]],
    ['deleteDossier', 'reason', ['a', 'It is\nwrong'], ['', ' a', 'a ', '\n']],
  ])('%s %s matches the validation of the server', (operationId, name, accepted, rejected) => {
    const { operation } = operations.find(
      (each) => each.operation.operationId === operationId,
    ) as DocumentedOperation;
    const { schema } = operation.parameters.find((each: Json) => each.name === name);
    const validate = ajv.compile(schema);
    expect(accepted.filter((value) => !validate(value))).toEqual([]);
    expect(rejected.filter((value) => validate(value))).toEqual([]);
  });

  it('comes with the responses that any request may get', () => {
    for (const { path, operation } of operations)
      expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(['414', '431']));
  });
});

describe('schemas/dossier.json', () => {
  it('accepts the dossiers in db/dossiers and rejects an invalid one', () => {
    const validate = ajv.compile(JSON.parse(readFileSync('schemas/dossier.json', 'utf8')));
    const dossier: Json = parse(readFileSync('db/dossiers/brussels-2022-03-24/facts.yaml', 'utf8'));
    expect(validate(dossier) || validate.errors).toBe(true);
    dossier.facts[0].colour = 'blue';
    expect(validate(dossier)).toBe(false);
  });
});
