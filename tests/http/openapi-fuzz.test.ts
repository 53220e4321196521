/**
 * Requests made from the document, right and wrong ones, of every operation and every parameter: each must be answered as
 * the document says. `REQUESTS=20000 npm run test:fuzz` makes more of them, `SEED=…` the same ones again.
 */
import fc, { type GeneratorValue } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Known, knownFacts } from '../support/expected-facts.ts';
import { type DocumentedOperation, operations } from '../support/openapi-fuzz/document.ts';
import {
  bodyTrial,
  keyTrial,
  type Making,
  methodTrial,
  rightTrial,
  type Trial,
  wrongTrial,
} from '../support/openapi-fuzz/requests.ts';
import { answerTo, asCurl, cursorIn, etagIn, type Told } from '../support/openapi-fuzz/responses.ts';
import { pick } from '../support/openapi-fuzz/values.ts';

const seed = Number(process.env['SEED'] ?? process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const wanted = Number(process.env['REQUESTS'] ?? 500);
const HOUR_MS = 3_600_000;

let known: Known;
let requests = 0;
/** `path parameter`, for each that was given rightly, and wrongly. */
const tried = { right: new Set<string>(), wrong: new Set<string>() };
/** The last cursor of each list. */
const cursors = new Map<string, string>();

beforeAll(async () => {
  known = await knownFacts();
});

const nameOf = ({ method, path }: DocumentedOperation) => `${method.toUpperCase()} ${path}`;

function making(g: GeneratorValue, operation: DocumentedOperation): Making {
  const others = [...cursors].filter(([path]) => path !== operation.path);
  return { g, known, operation, cursors: others.slice(-1).map(([, cursor]) => cursor) };
}

/** Sends it and holds the answer to the document; then asks for the next page, and whether it is still right. */
async function attempt(trial: Trial, { pages = 1, again = false } = {}): Promise<void> {
  const name = nameOf(trial.operation);
  for (const parameter of trial.right) tried.right.add(`${name} ${parameter}`);
  for (const parameter of trial.wrong) tried.wrong.add(`${name} ${parameter}`);
  let told = await told200(trial);
  const etag = told && etagIn(told, trial);
  if (etag && again) {
    await told200({ ...trial, headers: { ...trial.headers, 'if-none-match': etag }, statuses: [304] });
  }
  for (let page = 0; told && page < pages; page += 1) {
    const next = cursorIn(told);
    if (!next) return;
    cursors.set(trial.operation.path, next.cursor);
    tried.right.add(`${name} cursor`);
    told = await told200({ ...trial, method: 'GET', url: next.url, statuses: [200] });
  }
}

/** The answer, if it is one with a body to go on from. */
async function told200(trial: Trial): Promise<Told | null> {
  requests += 1;
  try {
    const told = await answerTo(known.app, trial);
    return told.status === 200 ? told : null;
  } catch (error) {
    throw new Error(`${asCurl(trial)}\n${(error as Error).message}`);
  }
}

/** Has `make` choose with fast-check, so that what fails is made as small as it can be. */
const once = (make: (g: GeneratorValue) => Promise<void>, numRuns = 1) =>
  fc.assert(fc.asyncProperty(fc.gen(), make), { seed: seed + requests, numRuns, verbose: 0 });

describe(`the document (${wanted} requests, SEED=${seed})`, () => {
  it.each(
    operations.map((operation) => [nameOf(operation), operation] as const),
  )('%s, with all parameters right, and with all wrong', async (_, operation) => {
    await once((g) => attempt(rightTrial(making(g, operation), 'all')));
    await once((g) => attempt(wrongTrial(making(g, operation), 'all')));
  });

  it('each list beyond its first page', async () => {
    for (const operation of operations) {
      const { parameters = [] } = operation.operation;
      if (!parameters.some(({ name }: { name: string }) => name === 'cursor')) continue;
      const required = operation.path === '/v1/search' ? '&q=of' : '';
      for (const id of idsAt(operation)) {
        const url = `${operation.path.replace('{id}', id)}?limit=1${required}`;
        await attempt({ ...plain(operation), url });
        if (tried.right.has(`${nameOf(operation)} cursor`)) break;
      }
    }
  });

  it('bodies, keys and methods that are wrong', async () => {
    for (const operation of operations.filter(({ method }) => method !== 'get')) {
      await once((g) => attempt(bodyTrial(making(g, operation))));
      await once((g) => attempt(keyTrial(making(g, operation))));
      await once((g) => attempt(methodTrial(making(g, operation))));
    }
  });

  it(
    'any request',
    async () => {
      await once(async (g) => {
        if (requests >= wanted) return;
        const operation = pick(g, operations);
        const makes = [rightTrial, rightTrial, rightTrial, wrongTrial, wrongTrial, methodTrial];
        if (operation.method !== 'get') makes.push(bodyTrial, keyTrial);
        const make = pick(g, makes);
        const again = g(fc.boolean);
        await attempt(make(making(g, operation), 'some'), { pages: 2, again });
      }, wanted);
      expect(requests).toBeGreaterThanOrEqual(wanted);
    },
    HOUR_MS,
  );

  it('has no parameter that was not tried, rightly and wrongly', () => {
    const all = operations.flatMap((operation) =>
      (operation.operation.parameters ?? []).map(({ name, in: place }: { name: string; in: string }) => ({
        key: `${nameOf(operation)} ${name}`,
        place,
      })),
    );
    expect(all.filter(({ key }) => !tried.right.has(key)).map(({ key }) => key)).toEqual([]);
    // A header is never wrong: whatever it says is compared. A path is tried with wrong ids as chance has it.
    const query = all.filter(({ place }) => place === 'query');
    expect(query.filter(({ key }) => !tried.wrong.has(key)).map(({ key }) => key)).toEqual([]);
  });
});

const plain = (operation: DocumentedOperation): Trial => ({
  operation,
  method: 'GET',
  url: '',
  headers: {},
  right: [],
  wrong: [],
  statuses: [200],
  named: [],
});

/** The ids that an operation can be asked about. */
function idsAt({ path }: DocumentedOperation): string[] {
  const [, collection = ''] = /^\/v1\/([a-z-]+)/.exec(path) ?? [];
  return path.includes('{id}') ? (known.facts.get(collection) ?? []).map(({ id }) => id) : [''];
}
