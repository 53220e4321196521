/**
 * Fuzz test: valid and invalid requests for every operation and parameter, generated from the OpenAPI document.
 * Every response must match the document. `REQUESTS=20000 npm run test:fuzz` sends more requests, `SEED=…` repeats
 * a run.
 */
import fc, { type GeneratorValue } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, createApiFixture } from '../support/expected-facts.ts';
import { type DocumentedOperation, operations } from '../support/openapi-fuzz/document.ts';
import {
  type FuzzContext,
  type FuzzRequest,
  generateInvalidBodyRequest,
  generateInvalidRequest,
  generateUnauthorizedRequest,
  generateValidRequest,
  generateWrongMethodRequest,
  TOLERANT_OPERATIONS,
} from '../support/openapi-fuzz/requests.ts';
import {
  type FuzzResponse,
  findEtag,
  findNextCursor,
  formatCurl,
  sendFuzzRequest,
} from '../support/openapi-fuzz/responses.ts';
import { pick } from '../support/openapi-fuzz/values.ts';

const seed = Number(process.env['SEED'] ?? process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const REQUEST_COUNT = Number(process.env['REQUESTS'] ?? 500);
const HOUR_MS = 3_600_000;

let fixture: ApiFixture;
let requestCount = 0;
/** Parameters that were sent with valid and with invalid values, as `operation parameter`. */
const triedParameters = { right: new Set<string>(), wrong: new Set<string>() };
/** Last cursor of each list, by path. */
const cursors = new Map<string, string>();

beforeAll(async () => {
  fixture = await createApiFixture();
});

const getOperationName = ({ method, path }: DocumentedOperation) => `${method.toUpperCase()} ${path}`;

function createContext(g: GeneratorValue, operation: DocumentedOperation): FuzzContext {
  const others = [...cursors].filter(([path]) => path !== operation.path);
  return { g, fixture, operation, cursors: others.slice(-1).map(([, cursor]) => cursor) };
}

/** Sends the request and validates the response; then revalidates its ETag and follows its next pages. */
async function sendAndFollow(request: FuzzRequest, { pages = 1, again = false } = {}): Promise<void> {
  const name = getOperationName(request.operation);
  for (const parameter of request.validParameters) triedParameters.right.add(`${name} ${parameter}`);
  for (const parameter of request.invalidParameters) triedParameters.wrong.add(`${name} ${parameter}`);
  let response = await sendAndExpectSuccess(request);
  const etag = response && findEtag(response, request);
  if (etag && again) {
    await sendAndExpectSuccess({
      ...request,
      headers: { ...request.headers, 'if-none-match': etag },
      expectedStatuses: [304],
    });
  }
  for (let page = 0; response && page < pages; page += 1) {
    const next = findNextCursor(response);
    if (!next) return;
    cursors.set(request.operation.path, next.cursor);
    triedParameters.right.add(`${name} cursor`);
    response = await sendAndExpectSuccess({
      ...request,
      method: 'GET',
      url: next.url,
      expectedStatuses: [200],
    });
  }
}

/** Sends the request and validates the response; returns it if the status is 200, otherwise null. */
async function sendAndExpectSuccess(request: FuzzRequest): Promise<FuzzResponse | null> {
  requestCount += 1;
  try {
    const response = await sendFuzzRequest(fixture.app, request);
    return response.status === 200 ? response : null;
  } catch (error) {
    throw new Error(`${formatCurl(request)}\n${(error as Error).message}`);
  }
}

/** Runs `make` with fast-check, which shrinks a failing request. */
const checkOnce = (make: (g: GeneratorValue) => Promise<void>, numRuns = 1) =>
  fc.assert(fc.asyncProperty(fc.gen(), make), { seed: seed + requestCount, numRuns, verbose: 0 });

describe(`the document (${REQUEST_COUNT} requests, SEED=${seed})`, () => {
  it.each(
    operations.map((operation) => [getOperationName(operation), operation] as const),
  )('%s, with all parameters valid, and with all invalid', async (_, operation) => {
    await checkOnce((g) => sendAndFollow(generateValidRequest(createContext(g, operation), 'all')));
    await checkOnce((g) => sendAndFollow(generateInvalidRequest(createContext(g, operation), 'all')));
  });

  it('every list beyond its first page', async () => {
    for (const operation of operations) {
      const { parameters = [] } = operation.operation;
      if (!parameters.some(({ name }: { name: string }) => name === 'cursor')) continue;
      const required = operation.path === '/v1/search' ? '&q=of' : '';
      for (const id of listIds(operation)) {
        const url = `${operation.path.replace('{id}', id)}?limit=1${required}`;
        await sendAndFollow({ ...createPlainRequest(operation), url });
        if (triedParameters.right.has(`${getOperationName(operation)} cursor`)) break;
      }
    }
  });

  it('invalid bodies, keys and methods', async () => {
    for (const operation of operations.filter(({ method }) => method !== 'get')) {
      await checkOnce((g) => sendAndFollow(generateInvalidBodyRequest(createContext(g, operation))));
      await checkOnce((g) => sendAndFollow(generateUnauthorizedRequest(createContext(g, operation))));
      await checkOnce((g) => sendAndFollow(generateWrongMethodRequest(createContext(g, operation))));
    }
  });

  it(
    'random requests',
    async () => {
      await checkOnce(async (g) => {
        if (requestCount >= REQUEST_COUNT) return;
        const operation = pick(g, operations);
        const makes = [
          generateValidRequest,
          generateValidRequest,
          generateValidRequest,
          generateInvalidRequest,
          generateInvalidRequest,
          generateWrongMethodRequest,
        ];
        if (operation.method !== 'get') makes.push(generateInvalidBodyRequest, generateUnauthorizedRequest);
        const make = pick(g, makes);
        const repeats = g(fc.boolean);
        await sendAndFollow(make(createContext(g, operation), 'some'), { pages: 2, again: repeats });
      }, REQUEST_COUNT);
      expect(requestCount).toBeGreaterThanOrEqual(REQUEST_COUNT);
    },
    HOUR_MS,
  );

  it('has no parameter that was not tried with valid and invalid values', () => {
    const all = operations.flatMap((operation) =>
      (operation.operation.parameters ?? []).map(({ name, in: location }: { name: string; in: string }) => ({
        key: `${getOperationName(operation)} ${name}`,
        place: location,
        canBeWrong: !TOLERANT_OPERATIONS[operation.path]?.ignored.includes(name),
      })),
    );
    expect(all.filter(({ key }) => !triedParameters.right.has(key)).map(({ key }) => key)).toEqual([]);
    // Any value of a header is valid, since it is only compared. Paths get invalid ids at random.
    const query = all.filter(({ place, canBeWrong }) => place === 'query' && canBeWrong);
    expect(query.filter(({ key }) => !triedParameters.wrong.has(key)).map(({ key }) => key)).toEqual([]);
  });
});

const createPlainRequest = (operation: DocumentedOperation): FuzzRequest => ({
  operation,
  method: 'GET',
  url: '',
  headers: {},
  validParameters: [],
  invalidParameters: [],
  expectedStatuses: [200],
  expectedErrorParameters: [],
});

/** Ids for the path of the operation, or an empty string if the path has none. */
function listIds({ path }: DocumentedOperation): string[] {
  const [, collection = ''] = /^\/v1\/([a-z-]+)/.exec(path) ?? [];
  return path.includes('{id}') ? (fixture.facts.get(collection) ?? []).map(({ id }) => id) : [''];
}
