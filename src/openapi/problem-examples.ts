/** Examples of problem responses: actual ones where a request can provoke them. */
import type { FastifyInstance } from 'fastify';
import { PROBLEM_TYPES, Problem, type ProblemCode, type ProblemDocument } from '../lib/problem-details.ts';

const DOSSIER_URL = '/v1/dossiers/riga-2031-05-02';
const STORED_DOSSIER_URL = '/v1/dossiers/brussels-2022-03-24';

/** Id of all requests whose responses are examples. */
export const EXAMPLE_REQUEST_ID = 'a-request-id';

interface FailingRequest {
  method?: 'PUT';
  url: string;
  headers?: Record<string, string>;
  body?: string | object;
  /** True if the request has the API key. */
  withKey?: true;
}

/** Requests that the server rejects with the problem. */
const REQUESTS: Partial<Record<ProblemCode, FailingRequest>> = {
  'invalid-parameter': { url: '/v1/events?limit=201' },
  'not-found': { url: '/v1/people/no-such-person' },
  'not-acceptable': { url: '/v1/events', headers: { accept: 'image/png' } },
  unauthorized: { method: 'PUT', url: DOSSIER_URL, body: {} },
  'format-not-supported': { url: '/oembed?url=/figures/new-battle-groups&format=xml' },
  'range-not-satisfiable': {
    url: '/v1/exports/summit-facts.sqlite',
    headers: { range: 'bytes=999999999-' },
  },
  'unsupported-media-type': {
    method: 'PUT',
    url: DOSSIER_URL,
    headers: { 'content-type': 'text/csv' },
    body: 'id',
    withKey: true,
  },
  'invalid-dossier': {
    method: 'PUT',
    url: DOSSIER_URL,
    headers: { 'if-none-match': '*' },
    body: {},
    withKey: true,
  },
  'precondition-required': { method: 'PUT', url: STORED_DOSSIER_URL, body: {}, withKey: true },
  'precondition-failed': {
    method: 'PUT',
    url: STORED_DOSSIER_URL,
    headers: { 'if-none-match': '*' },
    body: {},
    withKey: true,
  },
};

/** URLs of requests that can fail with the other problems. */
const INSTANCES: Partial<Record<ProblemCode, string>> = {
  // The request cannot be parsed, so that its URL is not known.
  'headers-too-large': '',
  forbidden: DOSSIER_URL,
  'read-only': DOSSIER_URL,
  redacted: DOSSIER_URL,
  conflict: DOSSIER_URL,
  'invalid-request': DOSSIER_URL,
  'body-too-large': DOSSIER_URL,
  'imports-full': DOSSIER_URL,
  'exports-full': '/v1/exports/summit-facts.sqlite',
  'too-busy': '/v1/events/facets?by=kind',
};

/** Creates an example from the description of the problem. */
export const createExampleProblem = (code: ProblemCode): ProblemDocument =>
  new Problem(code, PROBLEM_TYPES[code].summary).toDocument(
    INSTANCES[code] ?? '/v1/events',
    EXAMPLE_REQUEST_ID,
  );

/** Sends the failing requests, and returns the problems. */
export async function fetchProblems(
  app: FastifyInstance,
  key: string,
): Promise<Map<string, ProblemDocument>> {
  const problems = new Map<string, ProblemDocument>();
  for (const [code, { method = 'GET', url, headers, body, withKey }] of Object.entries(REQUESTS)) {
    const response = await app.inject({
      method,
      url,
      headers: {
        'x-request-id': EXAMPLE_REQUEST_ID,
        ...(withKey && { authorization: `Bearer ${key}` }),
        ...headers,
      },
      ...(body !== undefined && { payload: body }),
    });
    const problem = response.json<ProblemDocument>();
    if (problem.code !== code) throw new Error(`${method} ${url} returned ${problem.code}, not ${code}`);
    // Like all lists in examples, it has one entry.
    problems.set(code, { ...problem, errors: problem.errors.slice(0, 1) });
  }
  return problems;
}

interface ExampleObject {
  value: ProblemDocument;
}

/** Replaces the examples in a response of problems by actual ones. */
export function replaceProblemExamples(
  mediaTypeObject: { example?: unknown; examples?: Record<string, unknown> },
  problems: Map<string, ProblemDocument>,
): void {
  const { example, examples = {} } = mediaTypeObject;
  const findActual = (problem: ProblemDocument) => problems.get(problem.code) ?? problem;
  if (example !== undefined) mediaTypeObject.example = findActual(example as ProblemDocument);
  for (const each of Object.values(examples) as ExampleObject[]) each.value = findActual(each.value);
}
