/** An operation of the API: all that the validator and the OpenAPI document need, said once beside its handler. */
import type { FastifyInstance, FastifySchema, RouteShorthandOptions } from 'fastify';
import * as z from 'zod';
import type { ProblemCode } from '../lib/problem-details.ts';
import type { Scope } from '../store/queries/api-keys.ts';

/** A request whose real answer stands in the document. */
export interface ExampleRequest {
  method: 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: object;
}

export interface Operation {
  /** `verbNoun`, unique. */
  operationId: string;
  tag: string;
  summary: string;
  description: string;
  path?: z.ZodObject;
  query?: z.ZodObject;
  /** Of the request, beside those that every request may have. */
  headers?: z.ZodObject;
  body?: {
    description: string;
    /** What can be sent, by media type. */
    content: Record<string, z.ZodType>;
  };
  response: {
    description: string;
    mediaType: string;
    schema: z.ZodType;
    /** Where it can make something: what a 201 says. */
    createdDescription?: string;
    headers?: string[];
  };
  /** What a key must allow; `optional` where only some of what is asked for needs one. */
  scope?: Scope | 'optional';
  /** Whether it answers with an ETag, and with 304 to one that is still right. */
  conditional: boolean;
  /** False where the rate limit does not count: what watches a server must always get its answer. */
  rateLimited?: boolean;
  /** Whether the answer is sent piece by piece, as it is read. */
  streamed?: true;
  /** Whether the same can be had in other formats, each at a URL of its own. */
  alternates?: true;
  /** Whether it is about one fact, which may go by another id than the one asked for. */
  redirectsRenamed?: true;
  /** Besides those that every operation has. */
  problems: readonly ProblemCode[];
  /** A URL, or a request, whose real answer stands in the document. */
  example: string | ExampleRequest;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
  interface FastifyInstance {
    /** Every documented operation by its id. */
    operations: Map<string, Operation>;
  }
}

/** Begins to collect operations: to be called before the first route is added. */
export function collectOperations(app: FastifyInstance): void {
  const operations = new Map<string, Operation>();
  app.decorate('operations', operations);
  app.addHook('onRoute', ({ config }) => {
    if (config?.operation) operations.set(config.operation.operationId, config.operation);
  });
}

const NO_PARAMETERS = z.strictObject({});

/** A schema, or what makes it. */
type MaybeLazy<S extends z.ZodType> = S | (() => S);

/** An operation as it is written. */
interface OperationInput extends Omit<Operation, 'path' | 'query' | 'response'> {
  path?: MaybeLazy<z.ZodObject>;
  query?: MaybeLazy<z.ZodObject>;
  response: Omit<Operation['response'], 'schema'> & { schema: MaybeLazy<z.ZodType> };
}

/**
 * Fastify's options for a route that carries out `operation`. Few of hundreds of routes are asked in the life of most
 * servers: what makes the parameters of one is called when it is first asked, and what makes the schema of its answer when the
 * documents are generated.
 */
export function defineOperation(input: OperationInput): RouteShorthandOptions {
  const pathSchema = lazy(input.path ?? NO_PARAMETERS);
  const querySchema = lazy(input.query ?? NO_PARAMETERS);
  const responseSchema = lazy(input.response.schema);
  const operation: Operation = {
    ...input,
    get path() {
      return pathSchema();
    },
    get query() {
      return querySchema();
    },
    response: {
      ...input.response,
      get schema() {
        return responseSchema();
      },
    },
  };
  const rateLimitConfig = operation.rateLimited === false && { rateLimit: false as const };
  return {
    schema: { params: pathSchema, querystring: querySchema },
    config: { operation, ...rateLimitConfig },
  };
}

/** The schema, made at the first call. */
export function lazy<S extends z.ZodType>(schema: MaybeLazy<S>): () => S {
  let value: S | undefined;
  return () => {
    value ??= typeof schema === 'function' ? schema() : schema;
    return value;
  };
}

/** Fastify's options for a route that is no part of the documented API and takes no parameters. */
export const hiddenRoute: RouteShorthandOptions = {
  schema: { querystring: () => NO_PARAMETERS, hide: true } as FastifySchema,
};

export const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

/** The schema of an answer that is no text: a file, which the document shows no example of. */
export const BINARY_FILE = z.string().meta({ format: 'binary' });

/** The schema of a file of text whose bytes count, so that clients send and get it as it is. */
export const TEXT_FILE = z.string().meta({ format: 'binary' });
