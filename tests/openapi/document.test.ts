/** Every route's real answers, problems included, against the committed documents. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../src/cli/generate.ts';
import { problems, reasons } from '../../src/lib/problem-details.ts';
import { resources } from '../../src/model/types/index.ts';
import { isJsonType } from '../../src/openapi/examples.ts';
import { createKey } from '../../src/store/queries/api-keys.ts';
import { appOn, get, type Json, seededApp, seededStore } from '../support/app.ts';
import {
  ajv,
  type DocumentedOperation,
  document,
  expectDocumented,
  operations,
} from '../support/openapi-fuzz/document.ts';

const twin: Json = parse(readFileSync('openapi-3.0.yaml', 'utf8'));
/** Those that read, and can be tried in any order. */
const reading = operations.filter(
  ({ path, method }) => method === 'get' && !path.startsWith('/v1/dossiers/'),
);

const REFERENCE = '#/components/schemas/Reference';

let app: FastifyInstance;
beforeAll(async () => {
  app = await seededApp();
});

/** The operation's own example, which the document shows. */
const exampleOf = (operation: Json) => app.operations.get(operation.operationId)?.example as string;

describe('real answers', () => {
  it.each(reading)('$path answers as documented', async ({ path, operation }) => {
    const url = exampleOf(operation);
    const answer = await get(app, url);
    expect(answer.status).toBe(200);
    expectDocumented(path, 200, answer.headers['content-type'] ?? '', answer.body);
    const bad = await get(app, `${url}${url.includes('?') ? '&' : '?'}nonsense=1`);
    expectDocumented(path, 400, bad.headers['content-type'] ?? '', bad.body);
    if (path.includes('{id}')) {
      const missing = await get(app, path.replace('{id}', 'nobody'));
      expectDocumented(path, 404, missing.headers['content-type'] ?? '', missing.body);
    }
  });

  it.each(
    resources.map(({ collection }) => collection),
  )('every fact of %s is as documented', async (collection) => {
    const { body, headers } = await get(app, `/v1/${collection}?limit=200&count=true`);
    expect(body.data.length).toBeGreaterThan(0);
    expectDocumented(`/v1/${collection}`, 200, headers['content-type'] ?? '', body);
  });

  it('of what writes are as documented, one after the other', async () => {
    const store = await seededStore();
    const writing = await appOn(store);
    const { key } = await createKey(store, { name: 'a tester', scopes: ['write'], expiresAt: null });
    const tried: string[] = [];
    for (const [operationId, { example }] of writing.operations) {
      const found = operations.find(({ operation }) => operation.operationId === operationId);
      const { path, method, operation } = found as DocumentedOperation;
      if (reading.some((each) => each === found)) continue;
      const { url, headers = {}, body } = typeof example === 'string' ? { url: example } : (example as Json);
      const ask = async (to: string, more: Record<string, string>, status: number) => {
        const answer = await writing.inject({
          method: method.toUpperCase() as 'PUT',
          url: to,
          headers: { ...headers, ...more },
          ...(body && { payload: body }),
        });
        expect([to, answer.statusCode]).toEqual([to, status]);
        const type = String(answer.headers['content-type']);
        expectDocumented(path, status, type, type.includes('json') ? answer.json() : answer.body, method);
        for (const name of Object.keys(operation.responses[status].headers ?? {})) {
          if (!name.startsWith('RateLimit'))
            expect(answer.headers, `${path} ${name}`).toHaveProperty(name.toLowerCase());
        }
      };
      const bearer = { authorization: `Bearer ${key}` };
      await ask(`${url}${url.includes('?') ? '&' : '?'}nonsense=1`, bearer, 400);
      if (method !== 'get') await ask(url, { authorization: 'Bearer nonsense' }, 401);
      await ask(url, bearer, operation.responses[201] ? 201 : 200);
      tried.push(operationId);
    }
    expect(tried).toEqual(['checkDossier', 'putDossier', 'getDossier', 'getDossierFile', 'deleteDossier']);
  });

  it('the headers are the documented ones', async () => {
    const limited = await seededApp({ rateLimitPerMinute: 1_000 });
    for (const { path, operation } of reading) {
      const { headers } = await get(limited, exampleOf(operation));
      for (const name of Object.keys(operation.responses[200].headers)) {
        expect(headers, `${path} ${name}`).toHaveProperty(name.toLowerCase());
      }
    }
  });
});

describe('the documents', () => {
  it('are what the code generates', async () => {
    for (const [name, content] of Object.entries(await generatedFiles())) {
      const committed = readFileSync(name, 'utf8').split('\n');
      const made = content.split('\n');
      // Whole, the difference of two such files takes minutes to be told.
      const at = made.findIndex((line, index) => line !== committed[index]);
      const told = at < 0 ? [] : [`${name}:${at + 1}`, committed[at]?.slice(0, 200), made[at]?.slice(0, 200)];
      expect(told, 'must be made anew: npm run generate').toEqual([]);
      expect(committed.length).toBe(made.length);
    }
  });

  it('say which edition they are, and hold the same operations', () => {
    expect([document.openapi, twin.openapi]).toEqual(['3.1.0', '3.0.3']);
    expect(Object.keys(twin.paths)).toEqual(Object.keys(document.paths));
    expect(Object.keys(twin.components.schemas)).toEqual(Object.keys(document.components.schemas));
  });

  it('put every tag of an operation into one group, and describe it', () => {
    const names = document.tags.map(({ name }: Json) => name);
    expect(new Set(operations.map(({ operation }) => operation.tags[0]))).toEqual(new Set(names));
    expect(document['x-tagGroups'].flatMap(({ tags }: Json) => tags)).toEqual(names);
    for (const { name, description } of document.tags) expect(description, name).toMatch(/^[A-Z].+\.$/);
  });

  it('name the URL of an answer that 3.0 has no words for, and show the others', () => {
    const { paths } = twin;
    const [url] = Object.values<Json>(paths['/v1/stances'].get.responses[200].content);
    expect(url.examples).toEqual({ answer: { externalValue: exampleOf(document.paths['/v1/stances'].get) } });
    for (const status of [200, 201]) {
      const answer = (of: Json) =>
        of.paths['/v1/dossiers/{id}'].put.responses[status].content['application/json'];
      expect(answer(twin).example).toEqual(answer(document).example);
    }
  });

  it('are served as they are committed', async () => {
    expect((await get(app, '/openapi.yaml')).body).toBe(readFileSync('openapi.yaml', 'utf8'));
    expect((await get(app, '/openapi.json')).body).toEqual(parse(readFileSync('openapi.yaml', 'utf8')));
    expect((await get(app, '/openapi-3.0.json')).body).toEqual(twin);
    const { headers } = await get(app, '/openapi.yaml');
    const again = await get(app, '/openapi.yaml', { 'if-none-match': headers['etag'] as string });
    expect(again.status).toBe(304);
  });

  it('give every operation a unique verbNoun, one tag, a summary, errors and a real example', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      expect(operation.operationId, path).toMatch(
        /^(get|list|search|export|cite|check|put|delete)[A-Z][A-Za-z]+$/,
      );
      expect(operation.tags, path).toHaveLength(1);
      expect(operation.summary, path).toBeTruthy();
      expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(['200', '400', '500']));
      for (const status of [200, 201].filter((each) => operation.responses[each])) {
        const [[type, media], ...more] = Object.entries<Json>(operation.responses[status].content) as [
          [string, Json],
        ];
        expect(more, path).toEqual([]);
        const file = path.startsWith('/v1/exports/');
        // Nobody could read an example of a file, and nothing in the document could hold it.
        expect(media.example !== undefined, path).toBe(!file);
        if (file || path.endsWith('.yaml'))
          expect(media.schema, path).toEqual({ type: 'string', format: 'binary' });
        else if (!isJsonType(String(type))) expect(media.schema, path).toEqual({ type: 'string' });
        else expect(media.schema.$ref, path).toMatch(/^#\/components\/schemas\/\w+$/);
      }
      for (const parameter of operation.parameters ?? [])
        expect(parameter.description, parameter.name).toBeTruthy();
    }
  });

  it('name every code of every problem', () => {
    const { Problem, ProblemError } = document.components.schemas;
    for (const code of Object.keys(problems))
      expect(Problem.properties.code.description).toContain(`\`${code}\``);
    for (const code of Object.keys(reasons))
      expect(ProblemError.properties.code.description).toContain(`\`${code}\``);
  });

  it('write closed vocabularies as enums and open ones as strings', () => {
    const { Event, EventStatus } = document.components.schemas;
    expect(Event.properties.status).toEqual({ $ref: '#/components/schemas/EventStatus' });
    expect(EventStatus.enum).toContain('scheduled');
    expect(Event.properties.kind).toMatchObject({
      type: 'string',
      examples: expect.arrayContaining(['summit']),
    });
    expect(Event.properties.startDate).toMatchObject({ type: ['string', 'null'], format: 'date' });
    const inTwin = twin.components.schemas.Event.properties;
    expect(inTwin.startDate).toMatchObject({ type: 'string', nullable: true, format: 'date' });
    expect(inTwin.kind.example).toBe('summit');
    expect(inTwin.after).toMatchObject({ type: 'object', nullable: true, allOf: [{ $ref: REFERENCE }] });
    expect(Event.properties.after.anyOf).toEqual([{ $ref: REFERENCE }, { type: 'null' }]);
    const RECURRENCE = '#/components/schemas/StanceRecurrence';
    const recurrence = (of: Json) => of.components.schemas.Stance.properties.recurrence;
    expect(recurrence(document).anyOf).toEqual([{ $ref: RECURRENCE }, { type: 'null' }]);
    expect(recurrence(twin)).toEqual({ type: 'string', nullable: true, allOf: [{ $ref: RECURRENCE }] });
  });
});

describe('parameters', () => {
  it('are required where a request cannot do without them', () => {
    const required = operations.flatMap(({ path, operation: { parameters = [] } }) =>
      parameters
        .filter((parameter: Json) => parameter.required && parameter.in === 'query')
        .map(({ name }: Json) => `${path} ${name}`),
    );
    const facets = resources.flatMap(({ collection }) =>
      ['facets', 'facets.csv'].map((path) => `/v1/${collection}/${path} by`),
    );
    expect(required.sort()).toEqual(
      [...facets, '/oembed url', '/v1/dossiers/{id} reason', '/v1/search q'].sort(),
    );
  });
});

/** Values that the server would refuse, which nobody should be led to send. */
describe('what the document says of a parameter', () => {
  it.each<[operationId: string, name: string, taken: unknown[], refused: unknown[]]>([
    ['listEvents', 'asOf', ['1', '2022-03-24T12:00:00+02:00'], ['0', 'latest', '2022-03-24', '']],
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
  ])('%s %s is what the server demands', (operationId, name, taken, refused) => {
    const { operation } = operations.find(
      (each) => each.operation.operationId === operationId,
    ) as DocumentedOperation;
    const { schema } = operation.parameters.find((each: Json) => each.name === name);
    const validate = ajv.compile(schema);
    expect(taken.filter((value) => !validate(value))).toEqual([]);
    expect(refused.filter((value) => validate(value))).toEqual([]);
  });

  it('goes with answers that any request may get', () => {
    for (const { path, operation } of operations)
      expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(['414', '431']));
  });
});

describe('schemas/dossier.json', () => {
  it('accepts the dossiers in db/dossiers and refuses what is not one', () => {
    const validate = ajv.compile(JSON.parse(readFileSync('schemas/dossier.json', 'utf8')));
    const dossier: Json = parse(readFileSync('db/dossiers/brussels-2022-03-24/facts.yaml', 'utf8'));
    expect(validate(dossier) || validate.errors).toBe(true);
    dossier.facts[0].colour = 'blue';
    expect(validate(dossier)).toBe(false);
  });
});
