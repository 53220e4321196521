/** OpenAPI documents: @fastify/swagger collects the operations, and their zod schemas complete them. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { version } from '../http/build-id.ts';
import { ReferenceSchema } from '../model/response-schemas.ts';
import { limitLists } from './body-limits.ts';
import { type LoadedOperation, loadBodySchemas } from './body-schemas.ts';
import { HEADER_COMPONENTS } from './headers.ts';
import { buildOperation } from './operations.ts';
import { ProblemSchema } from './problem-schema.ts';
import { buildResponses } from './responses.ts';
import { buildComponentSchemas, type JsonSchema, type OpenApiVersion, toResponseSchema } from './schemas.ts';
import { TAG_GROUPS } from './tags.ts';

export interface OpenApiDocument {
  [key: string]: unknown;
  paths: Record<string, Record<string, JsonSchema>>;
  components: {
    schemas: Record<string, JsonSchema>;
    parameters: Record<string, JsonSchema>;
    responses: Record<string, JsonSchema>;
    [key: string]: unknown;
  };
}

declare module 'fastify' {
  interface FastifyInstance {
    openapi31(): OpenApiDocument;
    openapi30(): OpenApiDocument;
  }
}

const OPENAPI_VERSIONS = { '3.1': '3.1.0', '3.0': '3.0.3' } as const;
const DECORATORS = { '3.1': 'openapi31', '3.0': 'openapi30' } as const;

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
          collected.openapiObject as unknown as OpenApiDocument,
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
      'and has its history. No result means "not in these sources", never "false". In the examples of this document, ' +
      'every list of objects is truncated to its first entry, and a long text ends with "...".',
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
  const schemas = buildComponentSchemas([...usedSchemas, ReferenceSchema, ProblemSchema], openApiVersion);
  const bodies = [...operations.values()].flatMap(({ body }) => Object.values(body?.content ?? {}));
  limitLists(
    bodies.map((schema) => toResponseSchema(schema, openApiVersion)),
    schemas,
  );
  const responses = buildResponses(operations.values(), openApiVersion);
  const pathItems = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operationStub]) => {
        const operationId = String(operationStub['operationId']);
        const operation = operations.get(operationId) as LoadedOperation;
        return [
          method,
          {
            ...operationStub,
            ...buildOperation(operation, openApiVersion),
            responses: responses.operations.get(operationId),
          },
        ];
      }),
    ),
  ]);
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
      schemas,
      // `addExamples` moves shared parameters here.
      parameters: {},
      responses: responses.components,
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
