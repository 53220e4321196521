/** Responses of the operations. Those that several operations share are components. */
import { pascalCase } from '../lib/case.ts';
import { getEssence } from '../lib/media-type.ts';
import { PROBLEM_TYPES, type ProblemCode } from '../lib/problem-details.ts';
import type { LoadedOperation } from './body-schemas.ts';
import {
  CACHE_HEADERS,
  createHeaderRefs,
  getProblemHeaders,
  RATE_LIMIT_HEADERS,
  STREAM_HEADERS,
} from './headers.ts';
import { createExampleProblem } from './problem-examples.ts';
import { ProblemSchema } from './problem-schema.ts';
import { createSchemaRef, type JsonSchema, type OpenApiVersion, toResponseSchema } from './schemas.ts';

/** Problems of every operation. */
const COMMON_PROBLEMS: ProblemCode[] = [
  'invalid-parameter',
  'url-too-long',
  'headers-too-large',
  'internal-error',
];
/** Problems of every operation with a body. */
const BODY_PROBLEMS: ProblemCode[] = ['invalid-request', 'body-too-large', 'unsupported-media-type'];

/** Responses without a body, which have no example. */
const BODILESS_RESPONSES = {
  NotModified: {
    description: "The client's copy is current.",
    headers: createHeaderRefs(['ETag', 'Cache-Control']),
  },
  OtherFormat: {
    description: 'The format that `Accept` requests is at another URL.',
    headers: createHeaderRefs(['Location', 'Vary']),
  },
  Renamed: {
    description: 'The fact has another id now.',
    headers: createHeaderRefs(['Location']),
  },
};

const createResponseRef = (name: string): JsonSchema => ({ $ref: `#/components/responses/${name}` });

/**
 * Builds the responses of the operations, and moves those that several operations share to `components`.
 * `operations` has the responses by operationId.
 */
export function buildResponses(
  operations: Iterable<LoadedOperation>,
  openApiVersion: OpenApiVersion,
): { operations: Map<string, JsonSchema>; components: Record<string, JsonSchema> } {
  const loadedOperations = [...operations];
  const successes = new Map(loadedOperations.map((each) => [each, buildSuccess(each, openApiVersion)]));
  const components = new Map<string, JsonSchema>(Object.entries(BODILESS_RESPONSES));
  for (const [name, response] of findSharedSuccesses(successes)) components.set(name, response);
  const built = loadedOperations.map((operation) => {
    const { component } = operation.response;
    const problemGroups = groupProblemCodesByStatus(operation);
    for (const codes of problemGroups.values()) components.set(...createProblemComponent(codes));
    const isShared = component !== undefined && components.has(component);
    const success = isShared ? createResponseRef(component) : successes.get(operation);
    return [
      operation.operationId,
      assembleResponses(operation, success as JsonSchema, problemGroups),
    ] as const;
  });
  return {
    operations: new Map(built),
    components: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function assembleResponses(
  { response, conditional, alternates, redirectsRenamed }: LoadedOperation,
  success: JsonSchema,
  problemGroups: Map<number, ProblemCode[]>,
): JsonSchema {
  const problems = [...problemGroups].map(([status, codes]) => [
    status,
    createResponseRef(createProblemComponentName(codes)),
  ]);
  return {
    200: success,
    // A copy, because each status gets its own example.
    ...(response.createdDescription && {
      201: { ...structuredClone(success), description: response.createdDescription },
    }),
    ...(conditional && { 304: createResponseRef('NotModified') }),
    ...(alternates && { 307: createResponseRef('OtherFormat') }),
    ...(redirectsRenamed && { 308: createResponseRef('Renamed') }),
    ...Object.fromEntries(problems),
  };
}

function buildSuccess(operation: LoadedOperation, openApiVersion: OpenApiVersion): JsonSchema {
  const { response, conditional, rateLimited = true } = operation;
  const headerNames = [
    'X-Request-Id',
    ...(rateLimited ? RATE_LIMIT_HEADERS : []),
    ...(conditional ? CACHE_HEADERS : []),
    ...(operation.query?.shape['cursor'] || operation.alternates ? ['Link'] : []),
    ...(operation.alternates ? ['Vary'] : []),
    ...(operation.streamed ? STREAM_HEADERS : []),
    ...(response.headers ?? []),
  ];
  return {
    description: response.description,
    headers: createHeaderRefs(headerNames),
    content: {
      [getEssence(response.mediaType)]: { schema: toResponseSchema(response.schema, openApiVersion) },
    },
  };
}

/** Returns the responses that have the same component name and are identical; a single use stays inline. */
function findSharedSuccesses(successes: Map<LoadedOperation, JsonSchema>): [string, JsonSchema][] {
  const byName = Map.groupBy(successes, ([{ response }]) => response.component);
  return [...byName].flatMap(([name, uses]): [string, JsonSchema][] => {
    const responses = new Map(uses.map(([, response]) => [JSON.stringify(response), response]));
    const [first] = responses.values();
    return name !== undefined && first && uses.length > 1 && responses.size === 1 ? [[name, first]] : [];
  });
}

function groupProblemCodesByStatus({
  problems: specificCodes,
  body,
  conditional,
  alternates,
  scope,
  rateLimited = true,
}: LoadedOperation): Map<number, ProblemCode[]> {
  const codes: ProblemCode[] = [
    ...specificCodes,
    ...COMMON_PROBLEMS,
    ...(alternates ? (['not-acceptable'] as const) : []),
    ...(rateLimited ? (['rate-limited'] as const) : []),
    ...(body ? BODY_PROBLEMS : []),
    ...(scope ? (['unauthorized'] as const) : []),
    ...(scope && scope !== 'optional' ? (['forbidden'] as const) : []),
    // Any operation that queries the database can fail with these.
    ...(conditional || scope ? (['not-ready', 'too-busy'] as const) : []),
  ];
  return Map.groupBy(codes, (code) => PROBLEM_TYPES[code].status);
}

const createProblemComponentName = (codes: ProblemCode[]): string => codes.map(pascalCase).join('Or');

/** Creates the response of the problems that an operation has for one status; several have named examples. */
function createProblemComponent(codes: ProblemCode[]): [name: string, response: JsonSchema] {
  const examples = codes.map((code) => [code, { value: createExampleProblem(code) }]);
  const mediaTypeObject = {
    schema: createSchemaRef(ProblemSchema),
    ...(codes.length === 1
      ? { example: createExampleProblem(codes[0] as ProblemCode) }
      : { examples: Object.fromEntries(examples) }),
  };
  const response = {
    description: codes.map((code) => PROBLEM_TYPES[code].summary).join(' Or: '),
    ...getProblemHeaders(codes),
    content: { 'application/problem+json': mediaTypeObject },
  };
  return [createProblemComponentName(codes), response];
}
