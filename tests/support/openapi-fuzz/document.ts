/** The published document, and what holds an answer against it. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { expect } from 'vitest';
import { readOpenApiDocument } from '../../../src/openapi/published-files.ts';
import type { Json } from '../app.ts';

const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

/** The committed `openapi.yaml`. */
export const openapi: Json = readOpenApiDocument();

export interface DocumentedOperation {
  path: string;
  method: string;
  /** As the document has it, with shared parameters and their vocabularies written out. */
  operation: Json;
}

/** Every operation there is. */
export const operations: DocumentedOperation[] = Object.entries<Json>(openapi.paths).flatMap(
  ([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => {
      const parameters = (operation.parameters ?? []).map((each: Json) => {
        const parameter = each.$ref ? openapi.components.parameters[getComponentName(each.$ref)] : each;
        return { ...parameter, schema: resolveSchema(parameter.schema) };
      });
      return { path, method, operation: { ...operation, ...(operation.parameters && { parameters }) } };
    }),
);

function resolveSchema(schema: Json): Json {
  const { $ref, ...overrides } = schema;
  const resolved = $ref ? { ...openapi.components.schemas[getComponentName($ref)], ...overrides } : overrides;
  return resolved.items ? { ...resolved, items: resolveSchema(resolved.items) } : resolved;
}

/** An Ajv that knows the document as `openapi`. */
export const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(openapi, 'openapi');

/** What the document says of an operation's answer with `status`. */
export function findResponse(path: string, method: string, status: number): Json {
  const response = openapi.paths[path][method].responses[status];
  return response?.$ref ? openapi.components.responses[getComponentName(response.$ref)] : response;
}

/** Holds an answer against what the document says of it. */
export function expectDocumented(
  path: string,
  status: number,
  contentType: string,
  body: unknown,
  method = 'get',
): void {
  const response = findResponse(path, method, status);
  expect(response, `${path} does not document ${status}`).toBeDefined();
  const type = contentType.split(';')[0] as string;
  const { schema } = response.content?.[type] ?? {};
  expect(schema, `${path} ${status} does not document ${type}`).toBeDefined();
  if (!schema.$ref) {
    expect(body, `${path} ${status}`).toBeTypeOf(schema.type);
    return;
  }
  const validate = ajv.getSchema(`openapi${schema.$ref}`) as ValidateFunction;
  expect(validate(body) || validate.errors, `${path} ${status}`).toBe(true);
  expect(findUndocumentedFields(body, schema, path), `${path} ${status}`).toEqual([]);
}

/** Answers may grow fields; but what this server answers with today is all in the document. */
function findUndocumentedFields(value: Json, schema: Json, path: string): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (schema?.$ref)
    return findUndocumentedFields(value, openapi.components.schemas[getComponentName(schema.$ref)], path);
  if (schema?.anyOf) return findUndocumentedFields(value, schema.anyOf[0], path);
  // A value of any form, such as that of a field before it was changed, or a fact as an editor writes it.
  if (schema && ((!schema.type && !schema.properties) || schema.additionalProperties)) return [];
  if (Array.isArray(value))
    return value.flatMap((each) => findUndocumentedFields(each, schema.items, `${path}[]`));
  return Object.entries(value).flatMap(([key, inner]) => {
    const isDocumented = schema?.properties && Object.hasOwn(schema.properties, key);
    return isDocumented
      ? findUndocumentedFields(inner, schema.properties[key], `${path}.${key}`)
      : [`${path}.${key}`];
  });
}

/** The name of the component that `reference` refers to. */
function getComponentName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** Holds a body against the schema of every problem. */
export function expectProblem(body: unknown): void {
  const validate = ajv.getSchema('openapi#/components/schemas/Problem') as ValidateFunction;
  expect(validate(body) || validate.errors).toBe(true);
}
