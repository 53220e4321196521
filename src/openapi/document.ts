/** The OpenAPI documents: @fastify/swagger collects the operations, this fills them in from their zod schemas. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import { version } from '../http/build-fingerprint.ts';
import type { Operation } from '../http/route-definition.ts';
import { pascal } from '../lib/case.ts';
import { Problem, type ProblemCode, problems } from '../lib/problem-details.ts';
import { ReferenceSchema } from '../model/response-schemas.ts';
import { CACHE_HEADERS, headers, problemHeaders, RATE_HEADERS, refs, STREAM_HEADERS } from './headers.ts';
import { ProblemSchema } from './problem-schema.ts';
import {
  answerSchema,
  componentSchemas,
  type Edition,
  type JsonSchema,
  parameterSchema,
  referTo,
} from './schemas.ts';
import { type OperationObject, shareParameters } from './shared-parameters.ts';
import { tagGroups } from './tags.ts';

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

const OPENAPI = { '3.1': '3.1.0', '3.0': '3.0.3' } as const;
const DECORATORS = { '3.1': 'openapi31', '3.0': 'openapi30' } as const;

/** Problems that any operation may answer with. */
const COMMON_PROBLEMS: ProblemCode[] = [
  'invalid-parameter',
  'url-too-long',
  'headers-too-large',
  'internal-error',
];
/** Problems that any operation may answer with that takes a body. */
const BODY_PROBLEMS: ProblemCode[] = ['invalid-request', 'body-too-large', 'unsupported-media-type'];

const KEY_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  description: 'A key, as `summit-facts keys create` shows it once. Reading facts needs none.',
};

/** Lets the app tell its documents: to be called before the first route is added. */
export async function describeOperations(app: FastifyInstance): Promise<void> {
  const { operations } = app;
  for (const edition of ['3.1', '3.0'] as const) {
    await app.register(swagger, {
      decorator: DECORATORS[edition] as 'swagger',
      hideUntagged: true,
      openapi: { openapi: OPENAPI[edition], ...head },
      transform: ({ route, url }) => {
        const operation = route.config?.operation;
        if (!operation) return { schema: { hide: true }, url };
        const { operationId, tag, summary, description } = operation;
        return { schema: { operationId, tags: [tag], summary, description }, url };
      },
      transformObject: (collected) => {
        if (!('openapiObject' in collected)) throw new Error('not an OpenAPI document');
        return documentOf(collected.openapiObject as OpenApiDocument, operations, edition) as never;
      },
    });
  }
}

const head = {
  info: {
    title: 'Summit Facts',
    version,
    summary: 'Facts about political summits, each with the exact words that carry it',
    description:
      'Every fact points at the words of a source text that carry it, says what was inferred rather than stated, and ' +
      'keeps its history. No hit means "not in these sources", never "false".',
    contact: { name: 'Summit Facts' },
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'The server that this document came from' }],
};

function documentOf(
  { paths, ...rest }: OpenApiDocument,
  operations: Map<string, Operation>,
  edition: Edition,
): OpenApiDocument {
  const said = [...operations.values()].flatMap(({ answer, body, path, query, headers }) => [
    answer.schema,
    ...Object.values(body?.content ?? {}),
    ...[path, query, headers].filter((parameters) => parameters !== undefined),
  ]);
  const filled = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, skeleton]) => {
        const operation = operations.get(String(skeleton['operationId'])) as Operation;
        return [method, { ...skeleton, ...detailsOf(operation, edition) }];
      }),
    ),
  ]);
  const parameters = shareParameters(
    filled.flatMap(([, methods]) => Object.values(methods as object) as OperationObject[]),
  );
  const info = edition === '3.1' ? head.info : infoFor30();
  return {
    ...rest,
    info,
    // What an operation says nothing of needs no key.
    security: [],
    tags: tagGroups.flatMap(({ tags }) => tags),
    'x-tagGroups': tagGroups.map(({ name, tags }) => ({ name, tags: tags.map((tag) => tag.name) })),
    paths: Object.fromEntries(filled),
    components: {
      schemas: componentSchemas([...said, ReferenceSchema, ProblemSchema], edition),
      parameters,
      responses: problemResponses([...operations.values()]),
      headers,
      securitySchemes: { key: KEY_SCHEME },
    },
  };
}

/** OpenAPI 3.0 knows neither a summary of the whole nor licences by identifier. */
function infoFor30() {
  const { summary: _, license, ...info } = head.info;
  const { name, identifier } = license;
  return { ...info, license: { name, url: `https://spdx.org/licenses/${identifier}.html` } };
}

function detailsOf(operation: Operation, edition: Edition): JsonSchema {
  const { path, query, headers: asked, body, scope } = operation;
  const parameters = [
    ...parametersOf(path, 'path', edition),
    ...parametersOf(query, 'query', edition),
    ...parametersOf(asked, 'header', edition),
  ];
  const security = scope && (scope === 'optional' ? [{}, { key: [] }] : [{ key: [] }]);
  return {
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(body, edition) }),
    ...(security && { security }),
    responses: responsesOf(operation, edition),
  };
}

function requestBody({ description, content }: NonNullable<Operation['body']>, edition: Edition): JsonSchema {
  // Whoever reads 3.0 makes a client for one form of a body, or refuses the document; the description names the other.
  const forms = Object.entries(content).slice(0, edition === '3.0' ? 1 : undefined);
  const media = forms.map(([type, schema]) => [type, { schema: answerSchema(schema, edition) }]);
  return { description, required: true, content: Object.fromEntries(media) };
}

function responsesOf(operation: Operation, edition: Edition): JsonSchema {
  const { answer, conditional, limited = true } = operation;
  const headerNames = [
    'X-Request-Id',
    ...(limited ? RATE_HEADERS : []),
    ...(conditional ? CACHE_HEADERS : []),
    ...(operation.query?.shape['cursor'] || operation.alternates ? ['Link'] : []),
    ...(operation.alternates ? ['Vary'] : []),
    ...(operation.streamed ? STREAM_HEADERS : []),
    ...(answer.headers ?? []),
  ];
  const mediaType = answer.mediaType.split(';')[0] as string;
  const success = (description: string) => ({
    description,
    headers: refs(headerNames),
    content: { [mediaType]: { schema: answerSchema(answer.schema, edition) } },
  });
  return {
    200: success(answer.description),
    ...(answer.created && { 201: success(answer.created) }),
    ...(conditional && {
      304: { description: 'What the client has is still right.', headers: refs(['ETag', 'Cache-Control']) },
    }),
    ...(operation.alternates && {
      307: {
        description: 'The format that Accept names is at another URL.',
        headers: refs(['Location', 'Vary']),
      },
    }),
    ...(operation.renamed && {
      308: { description: 'The fact has another id: ask there.', headers: refs(['Location']) },
    }),
    ...problemsOf(operation),
  };
}

/** The problems of an operation by their status; a few statuses stand for more than one. */
function problemsOf(operation: Operation): JsonSchema {
  return Object.fromEntries(
    [...codesByStatus(operation)].map(([status, codes]) => [
      status,
      codes.length === 1 ? { $ref: `#/components/responses/${pascal(codes[0] as string)}` } : oneOf(codes),
    ]),
  );
}

function codesByStatus({
  problems: own,
  body,
  conditional,
  alternates,
  scope,
  limited = true,
}: Operation): Map<number, ProblemCode[]> {
  const codes: ProblemCode[] = [
    ...own,
    ...COMMON_PROBLEMS,
    ...(alternates ? (['not-acceptable'] as const) : []),
    ...(limited ? (['rate-limited'] as const) : []),
    ...(body ? BODY_PROBLEMS : []),
    ...(scope ? (['unauthorized'] as const) : []),
    ...(scope && scope !== 'optional' ? (['forbidden'] as const) : []),
    // Whatever is asked of the store may find that it does not answer.
    ...(conditional || scope ? (['not-ready', 'too-busy'] as const) : []),
  ];
  return Map.groupBy(codes, (code) => problems[code].status);
}

function oneOf(codes: ProblemCode[]): JsonSchema {
  const examples = codes.map((code) => [code, { summary: problems[code].title, value: exampleOf(code) }]);
  return {
    description: codes.map((code) => problems[code].title).join('; or: '),
    ...problemHeaders(codes),
    content: {
      'application/problem+json': {
        schema: referTo(ProblemSchema),
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function parametersOf(
  group: z.ZodObject | undefined,
  place: 'path' | 'query' | 'header',
  edition: Edition,
): JsonSchema[] {
  return Object.entries(group?.shape ?? {}).map(([name, field]) => {
    const { description, schema } = parameterSchema(field as z.ZodType, edition);
    const list = schema['type'] === 'array';
    return {
      name,
      in: place,
      required: !(field as z.ZodType).safeParse(undefined).success,
      description,
      ...(list && { style: 'form', explode: false }),
      schema,
    };
  });
}

/** Those that stand for a status alone somewhere. */
function problemResponses(operations: Operation[]): JsonSchema {
  const alone = operations.flatMap((operation) =>
    [...codesByStatus(operation).values()].flatMap((codes) => (codes.length === 1 ? codes : [])),
  );
  const entries = [...new Set(alone)].map((code) => {
    const content = {
      'application/problem+json': { schema: referTo(ProblemSchema), example: exampleOf(code) },
    };
    return [pascal(code), { description: problems[code].title, ...problemHeaders([code]), content }] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const exampleOf = (code: ProblemCode) =>
  new Problem(code, problems[code].explanation).document('/v1/events', 'a-request-id');
