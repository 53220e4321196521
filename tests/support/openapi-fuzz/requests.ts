/** Random requests generated from the OpenAPI document, with the expected result of each. */
import fc, { type GeneratorValue } from 'fast-check';
import type { Json } from '../app.ts';
import { type ApiFixture, getExampleDossier } from '../expected-facts.ts';
import { type DocumentedOperation, openapi } from './document.ts';
import {
  createInvalidValues,
  generateValidValue,
  type InvalidValue,
  pick,
  type ValueContext,
} from './values.ts';

export interface FuzzRequest {
  operation: DocumentedOperation;
  method: string;
  url: string;
  headers: Record<string, string>;
  payload?: string | Buffer;
  /** Parameters of the operation that the request gives with valid and with invalid values. */
  validParameters: string[];
  invalidParameters: string[];
  /** Allowed statuses of the response. */
  expectedStatuses: number[];
  /** Parameters that the problem must name. */
  expectedErrorParameters: string[];
}

/** Share of an operation's parameters that a request gives. */
export type ParameterCoverage = 'all' | 'some';

const UNKNOWN_PARAMETERS = [
  'nonsense',
  'Limit',
  'limit%5B%5D',
  '__proto__',
  'constructor',
  'a.b',
  '%F0%9F%91%8D',
  '',
];
/** Operations that ignore unknown parameters, each with those that are never a 400. */
export const TOLERANT_OPERATIONS: Record<string, { ignored: string[]; wrong: string }> = {
  '/oembed': { ignored: ['format', 'dnt'], wrong: 'maxwidth' },
};
const SCRATCH_DOSSIER_ID = 'riga-2031-05-02';
const JSON_HEADERS = { 'content-type': 'application/json' };

export interface FuzzContext {
  g: GeneratorValue;
  fixture: ApiFixture;
  operation: DocumentedOperation;
  /** Cursors that belong to other lists. */
  cursors: string[];
}

const isWrite = ({ method }: DocumentedOperation): boolean => method !== 'get';
const createBearerHeader = (key: string) => ({ authorization: `Bearer ${key}` });
const getQueryParameters = ({ operation }: DocumentedOperation): Json[] =>
  (operation.parameters ?? []).filter(({ in: place }: Json) => place === 'query');
const getPathParameters = ({ operation }: DocumentedOperation): Json[] =>
  (operation.parameters ?? []).filter(({ in: place }: Json) => place === 'path');

const rollOneIn = (g: GeneratorValue, sides: number): boolean =>
  g(fc.integer, { min: 1, max: sides }) === sides;

function createValueContext({ g, fixture, operation }: FuzzContext): ValueContext {
  const { path } = operation;
  const [, collection = ''] = /^\/v1\/([a-z-]+)/.exec(path) ?? [];
  const facts = fixture.facts.get(collection === 'dossiers' ? 'documents' : collection) ?? [];
  const factsWithFilters = facts.filter(({ filters }) => filters.size > 0);
  const subject = factsWithFilters.length > 0 ? pick(g, factsWithFilters) : undefined;
  if (isWrite(operation)) return { g, fixture, path, collection, subject, id: SCRATCH_DOSSIER_ID };
  const ids = facts.map(({ id }) => id);
  const renamedPaths = fixture.renamedPaths.filter((name) => name.startsWith(`${collection}/`));
  const oldIds = renamedPaths.map((name) => name.slice(collection.length + 1));
  const id = path.includes('{id}') ? pick(g, [...ids, ...ids, ...ids, ...oldIds, 'missing']) : undefined;
  return { g, fixture, path, collection, subject, id };
}

/** Generates a request in which every parameter is valid. */
export function generateValidRequest(context: FuzzContext, coverage: ParameterCoverage): FuzzRequest {
  const { g, fixture, operation } = context;
  const valueContext = createValueContext(context);
  const queryPairs: string[] = [];
  const validParameters: string[] = [];
  for (const parameter of getQueryParameters(operation)) {
    if (coverage === 'some' && !parameter.required && !rollOneIn(g, 5)) continue;
    const value = generateValidValue(valueContext, parameter);
    if (value === null) continue;
    queryPairs.push(`${parameter.name}=${value}`);
    validParameters.push(parameter.name);
  }
  const path = buildPath(valueContext, operation);
  validParameters.push(...getPathParameters(operation).map(({ name }) => name));
  const body = generateValidBody(context, coverage, validParameters);
  const headers = {
    ...body.headers,
    ...generateAuthorization(context),
    ...generateAccept(context, coverage),
  };
  const url = path + (queryPairs.length > 0 ? `?${queryPairs.join('&')}` : '');
  const method = !isWrite(operation) && rollOneIn(g, 10) ? 'HEAD' : operation.method.toUpperCase();
  const expectedStatuses = getExpectedStatuses(valueContext, operation, {
    validParameters,
    headers,
    fixture,
  });
  return {
    operation,
    method,
    url,
    ...body,
    headers,
    validParameters,
    invalidParameters: [],
    expectedStatuses,
    expectedErrorParameters: [],
  };
}

function buildPath(valueContext: ValueContext, { path, operation }: DocumentedOperation): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = operation.parameters.find((each: Json) => each.in === 'path' && each.name === name);
    return generateValidValue(valueContext, parameter) ?? '';
  });
}

/** Generates the body and the precondition headers of a write request. */
function generateValidBody(
  { g, operation: { method, operation } }: FuzzContext,
  coverage: ParameterCoverage,
  validParameters: string[],
): Pick<FuzzRequest, 'headers' | 'payload'> {
  const headers: Record<string, string> = {};
  for (const { name, in: location } of operation.parameters ?? []) {
    if (location !== 'header' || (coverage === 'some' && rollOneIn(g, 2))) continue;
    headers[name.toLowerCase()] = pick(g, ['*', '"stale"', 'W/"a", "b"']);
    validParameters.push(name);
  }
  if (method === 'get' || method === 'delete') return { headers };
  const dossier = getExampleDossier();
  dossier.document.title = pick(g, [dossier.document.title, 'Ministers meet again']);
  const type = pick(g, Object.keys(operation.requestBody.content));
  return { headers: { ...headers, 'content-type': type }, payload: JSON.stringify(dossier) };
}

const generateAuthorization = ({ g, fixture, operation }: FuzzContext): Record<string, string> => {
  if (isWrite(operation)) return createBearerHeader(fixture.writeKey);
  const key = pick(g, [null, null, fixture.readKey, fixture.writeKey, 'nonsense']);
  return key === null ? {} : createBearerHeader(key);
};

const generateAccept = (
  { g, operation: { operation } }: FuzzContext,
  coverage: ParameterCoverage,
): Record<string, string> => {
  if (coverage === 'all' || !operation.responses[307] || !rollOneIn(g, 6)) return {};
  return {
    accept: pick(g, ['text/csv', 'application/json;q=0.5, */*', 'image/png', 'application/ld+json', ',;q=x']),
  };
};

/** Returns the allowed statuses of a valid request; mostly one. */
function getExpectedStatuses(
  { id }: ValueContext,
  { path, method, operation }: DocumentedOperation,
  {
    validParameters,
    headers,
    fixture,
  }: { validParameters: string[]; headers: Record<string, string>; fixture: ApiFixture },
): number[] {
  if (method === 'put') return [200, 201, 409, 412, 428];
  if (method === 'delete') return [200, 404, 412, 428];
  if (path === '/oembed') return [200, 404];
  const okStatuses = headers['accept'] ? [200, 307, 406] : [200];
  const hasAsOf = validParameters.includes('asOf');
  if (path.includes('{revision}')) return hasAsOf ? [200, 404] : [200];
  if (id === undefined || isWrite({ path, method, operation })) return okStatuses;
  if (id === 'missing') return [404];
  if (hasAsOf && path.startsWith('/v1/people/')) return [...okStatuses, 308, 404];
  if (fixture.renamedPaths.some((name) => name.endsWith(`/${id}`))) return [308];
  const needsKey = id === 'excerpts' && operation.security && !/sf_/.test(headers['authorization'] ?? '');
  const statuses = needsKey ? [401] : okStatuses;
  return hasAsOf ? [...statuses, 404] : statuses;
}

/** Generates a request with errors in all parameters, or in one or two, perhaps with an unknown parameter. */
export function generateInvalidRequest(context: FuzzContext, coverage: ParameterCoverage): FuzzRequest {
  const { g, fixture, operation } = context;
  const valueContext = createValueContext(context);
  const tolerant = TOLERANT_OPERATIONS[operation.path];
  const parameters = [...getPathParameters(operation), ...getQueryParameters(operation)].filter(
    ({ name }) => !tolerant?.ignored.includes(name),
  );
  const targets =
    coverage === 'all'
      ? parameters.filter(({ in: place }) => place === 'query')
      : pickOneOrTwo(g, parameters);
  const missing =
    coverage === 'some'
      ? getQueryParameters(operation).filter(({ required }) => required && rollOneIn(g, 4))
      : [];
  const queryPairs: string[] = [];
  const invalidParameters: { name: string; level: number }[] = [];
  let path = buildPath(valueContext, operation);
  for (const parameter of parameters) {
    const { name, in: place, required } = parameter;
    if (missing.includes(parameter)) {
      invalidParameters.push({ name, level: VALIDATION_ORDER.schema });
    } else if (targets.includes(parameter)) {
      const invalidValue = pickInvalidValue(
        context,
        valueContext,
        parameter,
        coverage,
        invalidParameters.length > 0,
      );
      if (!invalidValue) continue;
      invalidParameters.push({
        name,
        level: place === 'path' ? VALIDATION_ORDER.path : VALIDATION_ORDER[invalidValue.level],
      });
      if (place === 'path') path = operation.path.replace(`{${name}}`, invalidValue.values[0] as string);
      else queryPairs.push(...invalidValue.values.map((value) => `${name}=${value}`));
    } else if (place === 'query' && (required || rollOneIn(g, 6))) {
      const value = generateValidValue(valueContext, parameter);
      if (value !== null) queryPairs.push(`${name}=${value}`);
    }
  }
  if (invalidParameters.length === 0 || coverage === 'all' || rollOneIn(g, 5)) {
    const name = tolerant ? tolerant.wrong : pick(g, UNKNOWN_PARAMETERS);
    queryPairs.push(`${name}=1`);
    invalidParameters.push({ name: decodeURIComponent(name), level: VALIDATION_ORDER.schema });
  }
  const url = path + (queryPairs.length > 0 ? `?${queryPairs.join('&')}` : '');
  const firstLevel = Math.min(...invalidParameters.map(({ level }) => level));
  const body = ['put', 'post'].includes(operation.method) && { payload: JSON.stringify(getExampleDossier()) };
  return {
    operation,
    method: operation.method.toUpperCase(),
    url,
    headers: { ...(body && JSON_HEADERS), ...(isWrite(operation) && createBearerHeader(fixture.writeKey)) },
    ...body,
    validParameters: [],
    invalidParameters: invalidParameters.map(({ name }) => name),
    expectedStatuses: [400],
    expectedErrorParameters: invalidParameters
      .filter(({ level }) => level === firstLevel)
      .map(({ name }) => name),
  };
}

/** Order in which the server validates; it reports only the errors of the first failing step. */
const VALIDATION_ORDER = { path: 0, encoding: 1, schema: 2, semantics: 3 } as const;

function pickOneOrTwo(g: GeneratorValue, parameters: Json[]): Json[] {
  if (parameters.length === 0) return [];
  const one = pick(g, parameters);
  return rollOneIn(g, 3) ? [one, pick(g, parameters)] : [one];
}

/** Picks an invalid value. All values must fit one URL, and the server reports only one semantic error. */
function pickInvalidValue(
  { g, cursors }: FuzzContext,
  valueContext: ValueContext,
  parameter: Json,
  coverage: ParameterCoverage,
  hasOtherError: boolean,
): InvalidValue | null {
  const candidates = createInvalidValues(valueContext, parameter, cursors).filter(({ values, level }) => {
    if (coverage === 'all') return level === 'schema' && values.join('').length <= 80;
    return level !== 'semantics' || !hasOtherError;
  });
  return candidates.length > 0 ? pick(g, candidates) : null;
}

/** Generates a request with an invalid key or without one. */
export function generateUnauthorizedRequest(context: FuzzContext): FuzzRequest {
  const request = generateValidRequest(context, 'some');
  const { authorization: _, ...headers } = request.headers;
  const [authorizationHeader, status] = pick(context.g, [
    [{}, 401],
    [createBearerHeader('nonsense'), 401],
    [{ authorization: 'Basic YTpi' }, 401],
    [createBearerHeader(context.fixture.readKey), 403],
  ] as [Record<string, string>, number][]);
  return { ...request, headers: { ...headers, ...authorizationHeader }, expectedStatuses: [status] };
}

/** Generates a request with a method that the path does not allow. */
export function generateWrongMethodRequest(context: FuzzContext): FuzzRequest {
  const { g, fixture, operation } = context;
  const allowedMethods = Object.keys(openapi.paths[operation.path]).map((method) => method.toUpperCase());
  const otherMethods = ['PATCH', 'POST', 'PUT', 'DELETE', 'TRACE'].filter(
    (method) => !allowedMethods.includes(method),
  );
  const method = pick(g, otherMethods);
  const headers = rollOneIn(g, 2) ? createBearerHeader(fixture.writeKey) : {};
  const url = buildPath(createValueContext(context), operation);
  return {
    operation,
    method,
    url,
    headers,
    validParameters: [],
    invalidParameters: [],
    expectedStatuses: [405],
    expectedErrorParameters: [],
  };
}

/** Generates a request with an invalid body. */
export function generateInvalidBodyRequest(context: FuzzContext): FuzzRequest {
  const { g, fixture, operation } = context;
  const { method, path } = operation;
  const url = buildPath(createValueContext(context), operation);
  const [headers, payload, status] = pick(
    g,
    method === 'delete' ? UNEXPECTED_BODIES : createInvalidBodies(g),
  );
  // A check returns problems with a 200; an import fails with a 422.
  const expectedStatuses = method === 'post' && status === 422 ? [200, 422] : [status];
  return {
    operation,
    method: method.toUpperCase(),
    url: method === 'delete' ? `${url}?reason=a` : url,
    headers: { ...headers, ...createBearerHeader(fixture.writeKey), 'if-match': '*' },
    payload,
    validParameters: [],
    invalidParameters: ['body'],
    expectedStatuses: method === 'put' && path ? [status, 412] : expectedStatuses,
    expectedErrorParameters: [],
  };
}

type InvalidBody = [headers: Record<string, string>, payload: string | Buffer, status: number];

const UNEXPECTED_BODIES: InvalidBody[] = [
  [JSON_HEADERS, '{}', 400],
  [{ 'content-type': 'text/plain' }, 'a', 400],
];

function createInvalidBodies(g: GeneratorValue): InvalidBody[] {
  const { facts, ...withoutFacts } = getExampleDossier();
  const randomJson = JSON.stringify(g(fc.jsonValue, { maxDepth: 3 }));
  return [
    [JSON_HEADERS, '', 400],
    [JSON_HEADERS, '{"document": ', 422],
    [JSON_HEADERS, '[]', 422],
    [JSON_HEADERS, JSON.stringify(withoutFacts), 422],
    [JSON_HEADERS, JSON.stringify({ ...withoutFacts, facts: [{ ...facts[0], colour: 'blue' }] }), 422],
    [JSON_HEADERS, JSON.stringify({ ...withoutFacts, facts, text: 5 }), 422],
    [JSON_HEADERS, randomJson, 422],
    [{ 'content-type': 'application/yaml' }, 'document: {id: &a x}\nfacts: [*b', 422],
    [{ 'content-type': 'application/yaml' }, randomJson, 422],
    [JSON_HEADERS, Buffer.from([0x7b, 0xff, 0x7d]), 400],
    [{ 'content-type': 'text/plain' }, 'hello', 415],
    [{ 'content-type': 'application/json; charset=latin1' }, '{}', 415],
    [{ ...JSON_HEADERS, 'content-encoding': 'gzip' }, '{}', 415],
  ];
}
