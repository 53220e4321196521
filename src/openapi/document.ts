/** OpenAPI documents: @fastify/swagger collects the operations, and their zod schemas complete them. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import { version } from '../http/build-id.ts';
import type { Operation } from '../http/route-definition.ts';
import { pascalCase } from '../lib/case.ts';
import { PROBLEM_TYPES, Problem, type ProblemCode } from '../lib/problem-details.ts';
import { ReferenceSchema } from '../model/response-schemas.ts';
import { type LoadedOperation, loadBodySchemas } from './body-schemas.ts';
import {
  CACHE_HEADERS,
  createHeaderRefs,
  getProblemHeaders,
  HEADER_COMPONENTS,
  RATE_LIMIT_HEADERS,
  STREAM_HEADERS,
} from './headers.ts';
import { ProblemSchema } from './problem-schema.ts';
import {
  buildComponentSchemas,
  createSchemaRef,
  type JsonSchema,
  type OpenApiVersion,
  toParameterSchema,
  toResponseSchema,
} from './schemas.ts';
import { type OperationObject, shareParameters } from './shared-parameters.ts';
import { TAG_GROUPS } from './tags.ts';

export interface OpenApiDocument {
  [key: string]: unknown;
  paths: Record<string, Record<string, JsonSchema>>;
}

declare module 'fastify' {
  interface FastifyInstance {
    openapi31(): OpenApiDocument;
    openapi30(): OpenApiDocument;
  }
}

const OPENAPI_VERSIONS = { '3.1': '3.1.0', '3.0': '3.0.3' } as const;
const DECORATORS = { '3.1': 'openapi31', '3.0': 'openapi30' } as const;

/** Problems of every operation. */
const COMMON_PROBLEMS: ProblemCode[] = [
  'invalid-parameter',
  'url-too-long',
  'headers-too-large',
  'internal-error',
];
/** Problems of every operation with a body. */
const BODY_PROBLEMS: ProblemCode[] = ['invalid-request', 'body-too-large', 'unsupported-media-type'];

const API_KEY_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  description: 'API key, which `summit-facts keys create` shows once. Reading facts does not require one.',
};

/** Adds `openapi31()` and `openapi30()` to the app, for all routes that are added after this call. */
export async function describeOperations(app: FastifyInstance): Promise<void> {
  const operations = new Map<string, LoadedOperation>();
  app.addHook('onReady', async () => {
    for (const [id, operation] of app.operations) operations.set(id, await loadBodySchemas(operation));
  });
  for (const openApiVersion of ['3.1', '3.0'] as const) {
    await app.register(swagger, {
      decorator: DECORATORS[openApiVersion] as 'swagger',
      hideUntagged: true,
      openapi: { openapi: OPENAPI_VERSIONS[openApiVersion], ...BASE_DOCUMENT },
      transform: ({ route, url }) => {
        const operation = route.config?.operation;
        if (!operation) return { schema: { hide: true }, url };
        const { operationId, tag, summary, description } = operation;
        return { schema: { operationId, tags: [tag], summary, description }, url };
      },
      transformObject: (collected) => {
        if (!('openapiObject' in collected)) throw new Error('not an OpenAPI document');
        return completeDocument(
          collected.openapiObject as OpenApiDocument,
          operations,
          openApiVersion,
        ) as never;
      },
    });
  }
}

const BASE_DOCUMENT = {
  info: {
    title: 'Summit Facts',
    version,
    summary: 'Facts about political summits, each with the exact words that support it',
    description:
      'Every fact points to the words of a source text that support it, marks what is inferred rather than stated, ' +
      'and has its history. No result means "not in these sources", never "false".',
    contact: { name: 'Summit Facts' },
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'The server that this document came from' }],
};

function completeDocument(
  { paths, ...rest }: OpenApiDocument,
  operations: Map<string, LoadedOperation>,
  openApiVersion: OpenApiVersion,
): OpenApiDocument {
  const usedSchemas = [...operations.values()].flatMap(({ response, body, path, query, headers }) => [
    response.schema,
    ...Object.values(body?.content ?? {}),
    ...[path, query, headers].filter((parameters) => parameters !== undefined),
  ]);
  const pathItems = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operationStub]) => {
        const operation = operations.get(String(operationStub['operationId'])) as LoadedOperation;
        return [method, { ...operationStub, ...buildOperation(operation, openApiVersion) }];
      }),
    ),
  ]);
  const parameters = shareParameters(
    pathItems.flatMap(([, methods]) => Object.values(methods as object) as OperationObject[]),
  );
  const info = openApiVersion === '3.1' ? BASE_DOCUMENT.info : buildInfo30();
  return {
    ...rest,
    info,
    // An operation without `security` needs no key.
    security: [],
    tags: TAG_GROUPS.flatMap(({ tags }) => tags),
    'x-tagGroups': TAG_GROUPS.map(({ name, tags }) => ({ name, tags: tags.map((tag) => tag.name) })),
    paths: Object.fromEntries(pathItems),
    components: {
      schemas: buildComponentSchemas([...usedSchemas, ReferenceSchema, ProblemSchema], openApiVersion),
      parameters,
      responses: buildSharedProblemResponses([...operations.values()]),
      headers: HEADER_COMPONENTS,
      securitySchemes: { key: API_KEY_SCHEME },
    },
  };
}

/** Info object for OpenAPI 3.0, which has neither `summary` nor license identifiers. */
function buildInfo30() {
  const { summary: _, license, ...info } = BASE_DOCUMENT.info;
  const { name, identifier } = license;
  return { ...info, license: { name, url: `https://spdx.org/licenses/${identifier}.html` } };
}

function buildOperation(operation: LoadedOperation, openApiVersion: OpenApiVersion): JsonSchema {
  const { path, query, headers: headerSchema, body, scope } = operation;
  const parameters = [
    ...buildParameters(path, 'path', openApiVersion),
    ...buildParameters(query, 'query', openApiVersion),
    ...buildParameters(headerSchema, 'header', openApiVersion),
  ];
  const security = scope && (scope === 'optional' ? [{}, { key: [] }] : [{ key: [] }]);
  return {
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: buildRequestBody(body, openApiVersion) }),
    ...(security && { security }),
    responses: buildResponses(operation, openApiVersion),
  };
}

function buildRequestBody(
  { description, content }: NonNullable<LoadedOperation['body']>,
  openApiVersion: OpenApiVersion,
): JsonSchema {
  // Client generators for 3.0 support one media type per body or fail; the description names the other.
  const entries = Object.entries(content).slice(0, openApiVersion === '3.0' ? 1 : undefined);
  const mediaTypes = entries.map(([mediaType, schema]) => [
    mediaType,
    { schema: toResponseSchema(schema, openApiVersion) },
  ]);
  return { description, required: true, content: Object.fromEntries(mediaTypes) };
}

function buildResponses(operation: LoadedOperation, openApiVersion: OpenApiVersion): JsonSchema {
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
  const mediaType = response.mediaType.split(';')[0] as string;
  const buildSuccess = (description: string) => ({
    description,
    headers: createHeaderRefs(headerNames),
    content: { [mediaType]: { schema: toResponseSchema(response.schema, openApiVersion) } },
  });
  return {
    200: buildSuccess(response.description),
    ...(response.createdDescription && { 201: buildSuccess(response.createdDescription) }),
    ...(conditional && {
      304: {
        description: "The client's copy is current.",
        headers: createHeaderRefs(['ETag', 'Cache-Control']),
      },
    }),
    ...(operation.alternates && {
      307: {
        description: 'The format that `Accept` requests is at another URL.',
        headers: createHeaderRefs(['Location', 'Vary']),
      },
    }),
    ...(operation.redirectsRenamed && {
      308: { description: 'The fact has another id now.', headers: createHeaderRefs(['Location']) },
    }),
    ...buildProblemResponses(operation),
  };
}

/** Problem responses of an operation by status; some statuses have several problems. */
function buildProblemResponses(operation: Operation): JsonSchema {
  return Object.fromEntries(
    [...groupProblemCodesByStatus(operation)].map(([status, codes]) => [
      status,
      codes.length === 1
        ? { $ref: `#/components/responses/${pascalCase(codes[0] as string)}` }
        : buildCombinedResponse(codes),
    ]),
  );
}

function groupProblemCodesByStatus({
  problems: specificCodes,
  body,
  conditional,
  alternates,
  scope,
  rateLimited = true,
}: Operation): Map<number, ProblemCode[]> {
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

function buildCombinedResponse(codes: ProblemCode[]): JsonSchema {
  const examples = codes.map((code) => [
    code,
    { summary: PROBLEM_TYPES[code].summary, value: createExampleProblem(code) },
  ]);
  return {
    description: codes.map((code) => PROBLEM_TYPES[code].summary).join(' Or: '),
    ...getProblemHeaders(codes),
    content: {
      'application/problem+json': {
        schema: createSchemaRef(ProblemSchema),
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function buildParameters(
  objectSchema: z.ZodObject | undefined,
  location: 'path' | 'query' | 'header',
  openApiVersion: OpenApiVersion,
): JsonSchema[] {
  return Object.entries(objectSchema?.shape ?? {}).map(([name, field]) => {
    const { description, schema } = toParameterSchema(field as z.ZodType, openApiVersion);
    const isList = schema['type'] === 'array';
    return {
      name,
      in: location,
      required: !(field as z.ZodType).safeParse(undefined).success,
      description,
      ...(isList && { style: 'form', explode: false }),
      schema,
    };
  });
}

/** Responses of the problems that are the only one of their status in some operation. */
function buildSharedProblemResponses(operations: Operation[]): JsonSchema {
  const unambiguousCodes = operations.flatMap((operation) =>
    [...groupProblemCodesByStatus(operation).values()].flatMap((codes) => (codes.length === 1 ? codes : [])),
  );
  const entries = [...new Set(unambiguousCodes)].map((code) => {
    const content = {
      'application/problem+json': {
        schema: createSchemaRef(ProblemSchema),
        example: createExampleProblem(code),
      },
    };
    return [
      pascalCase(code),
      { description: PROBLEM_TYPES[code].summary, ...getProblemHeaders([code]), content },
    ] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const createExampleProblem = (code: ProblemCode) =>
  new Problem(code, PROBLEM_TYPES[code].explanation).toDocument('/v1/events', 'a-request-id');
