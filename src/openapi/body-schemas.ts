/** Schemas of request and response bodies, which routes may create or import lazily. */
import type * as z from 'zod';
import type { BodySchema, Operation } from '../http/route-definition.ts';

/** Operation whose body schemas are loaded. */
export interface LoadedOperation extends Operation {
  body?: NonNullable<Operation['body']> & { content: Record<string, z.ZodType> };
  response: Operation['response'] & { schema: z.ZodType };
}

export async function loadBodySchemas(operation: Operation): Promise<LoadedOperation> {
  const { body, response, ...rest } = operation;
  return {
    ...rest,
    ...(body && { body: { ...body, content: await loadContent(body.content) } }),
    response: { ...response, schema: await loadSchema(response.schema) },
  };
}

async function loadContent(content: Record<string, BodySchema>): Promise<Record<string, z.ZodType>> {
  const entries = Object.entries(content).map(
    async ([mediaType, schema]) => [mediaType, await loadSchema(schema)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

const loadSchema = async (schema: BodySchema) => (typeof schema === 'function' ? schema() : schema);
