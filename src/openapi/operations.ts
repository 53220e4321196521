/** Operations of the documents: parameters, request body and security, without the responses. */
import type * as z from 'zod';
import type { LoadedOperation } from './body-schemas.ts';
import { type JsonSchema, type OpenApiVersion, toParameterSchema, toResponseSchema } from './schemas.ts';

export function buildOperation(operation: LoadedOperation, openApiVersion: OpenApiVersion): JsonSchema {
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

function buildParameters(
  objectSchema: z.ZodObject | undefined,
  location: 'path' | 'query' | 'header',
  openApiVersion: OpenApiVersion,
): JsonSchema[] {
  return Object.entries(objectSchema?.shape ?? {}).map(([name, field]) => {
    const { description, example, schema } = toParameterSchema(field as z.ZodType, openApiVersion);
    const isList = schema['type'] === 'array';
    const isRequired = !(field as z.ZodType).safeParse(undefined).success;
    return {
      name,
      in: location,
      ...(isRequired && { required: true }),
      description,
      ...(isList && { style: 'form', explode: false }),
      ...(example !== undefined && { example }),
      schema,
    };
  });
}
