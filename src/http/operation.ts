/** An operation of the API: all that the validator and the OpenAPI document need, said once beside its handler. */
import type { FastifySchema, RouteShorthandOptions } from 'fastify';
import * as z from 'zod';
import type { ProblemCode } from '../problem.ts';

export interface Operation {
  /** `verbNoun`, unique. */
  operationId: string;
  tag: string;
  summary: string;
  description: string;
  path?: z.ZodObject;
  query?: z.ZodObject;
  answer: {
    description: string;
    mediaType: string;
    schema: z.ZodType;
  };
  /** Whether it answers with an ETag, and with 304 to one that is still right. */
  conditional: boolean;
  /** False where the rate limit does not count: what watches a server must always get its answer. */
  limited?: false;
  /** Whether it is about one fact, which may go by another id than the one asked for. */
  renamed?: true;
  /** Besides those that every operation has. */
  problems: ProblemCode[];
  /** A URL whose real answer stands in the document. */
  example: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
}

const NO_PARAMETERS = z.strictObject({});

/** Fastify's options for a route that carries out `operation`. */
export function operation(operation: Operation): RouteShorthandOptions {
  const { path = NO_PARAMETERS, query = NO_PARAMETERS } = operation;
  const unlimited = operation.limited === false && { rateLimit: false as const };
  return { schema: { params: path, querystring: query }, config: { operation, ...unlimited } };
}

/** Fastify's options for a route that is no part of the documented API and takes no parameters. */
export const undocumented: RouteShorthandOptions = {
  schema: { querystring: NO_PARAMETERS, hide: true } as FastifySchema,
};

export const JSON_TYPE = 'application/json; charset=utf-8';
