/** Operations of the API, defined next to their handlers, for the validator and the OpenAPI documents. */
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import * as z from 'zod';
import type { ProblemCode } from '../lib/problem-details.ts';
import type { Scope } from '../store/api-keys.ts';
import { asOfParam } from './as-of-param.ts';

/** Request whose actual response is the example in the OpenAPI document. */
export interface ExampleRequest {
  method: 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: object;
}

/** Schema of a body, or a function that creates it or imports its module. Only the OpenAPI documents need it. */
export type BodySchema = z.ZodType | (() => z.ZodType | Promise<z.ZodType>);

export interface Operation {
  /** Unique name of the form `verbNoun`. */
  operationId: string;
  tag: string;
  summary: string;
  description: string;
  path?: z.ZodObject;
  query?: z.ZodObject;
  /** Request headers of this operation, in addition to those of every request. */
  headers?: z.ZodObject;
  body?: {
    description: string;
    /** Schemas by media type. */
    content: Record<string, BodySchema>;
  };
  response: {
    description: string;
    mediaType: string;
    schema: BodySchema;
    /** Description of the 201 response, for an operation that can create a resource. */
    createdDescription?: string;
    /** Name of its component in the OpenAPI document, if other operations have the same response. */
    component?: string;
    headers?: string[];
  };
  /** Scope that the API key must have; `optional` if only some requests need a key. */
  scope?: Scope | 'optional';
  /** True if the response has an ETag, and conditional requests can get a 304. */
  conditional: boolean;
  /** False if the rate limit does not apply: monitoring must always get a response. */
  rateLimited?: boolean;
  /** True if the response is streamed while it is read from the database. */
  streamed?: true;
  /** True if the resource has other formats, each at its own URL. */
  alternates?: true;
  /** True if the operation is about one fact, and redirects if the fact has been renamed. */
  redirectsRenamed?: true;
  /** Problems in addition to those of every operation. */
  problems: readonly ProblemCode[];
  /** URL or request whose actual response is the example in the OpenAPI document. */
  example: string | ExampleRequest;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
  interface FastifyInstance {
    /** Documented operations by operationId. */
    operations: Map<string, Operation>;
  }
}

/** Collects the operations of all routes that are added after this call. */
export function collectOperations(app: FastifyInstance): void {
  const operations = new Map<string, Operation>();
  app.decorate('operations', operations);
  app.addHook('onRoute', ({ config }) => {
    if (config?.operation) operations.set(config.operation.operationId, config.operation);
  });
}

const NO_PARAMETERS = z.strictObject({});

/** Schema, or a function that creates it. */
type MaybeLazy<S extends z.ZodType> = S | (() => S);

/** Operation as routes define it. */
interface OperationInput extends Omit<Operation, 'path' | 'query'> {
  path?: MaybeLazy<z.ZodObject>;
  query?: MaybeLazy<z.ZodObject>;
  /** True if the query also takes `asOf`, the revision to read. */
  asOf?: true;
}

/**
 * Returns the Fastify options of a route that implements an operation. Most servers use only a few of the
 * hundreds of routes, so schemas are created lazily: those of the parameters at the first request, those of the
 * bodies when the OpenAPI documents are generated.
 */
export function defineOperation(input: OperationInput): RouteShorthandOptions {
  const pathSchema = lazy(input.path ?? NO_PARAMETERS);
  const { asOf, ...rest } = input;
  const ownQuerySchema = lazy(input.query ?? NO_PARAMETERS);
  const querySchema = asOf ? lazy(() => withAsOf(ownQuerySchema())) : ownQuerySchema;
  const operation: Operation = {
    ...rest,
    get path() {
      return pathSchema();
    },
    get query() {
      return querySchema();
    },
  };
  const rateLimitConfig = operation.rateLimited === false && { rateLimit: false as const };
  return {
    schema: { params: pathSchema, querystring: querySchema },
    config: { operation, ...rateLimitConfig },
  };
}

/** Adds the parameter `asOf`, which every read of a revision takes. */
export const withAsOf = <Shape extends z.core.$ZodLooseShape>(schema: z.ZodObject<Shape>) =>
  schema.extend({ asOf: asOfParam });

/** Wraps a schema so that it is created at the first call. */
export function lazy<S extends z.ZodType>(schema: MaybeLazy<S>): () => S {
  let value: S | undefined;
  return () => {
    value ??= typeof schema === 'function' ? schema() : schema;
    return value;
  };
}

/** Fastify options of a route that has no parameters and is not part of the documented API. */
export const hiddenRoute: RouteShorthandOptions = {
  schema: { querystring: () => NO_PARAMETERS },
};

export const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

/** Schema of a binary file, for which the OpenAPI document has no example. */
export const BINARY_FILE = z.string().meta({ format: 'binary' });

/** Schema of a text file whose exact bytes matter, so that generated clients transfer it unchanged. */
export const TEXT_FILE = z.string().meta({ format: 'binary' });
