/** Published OpenAPI document, and assertions that responses conform to it. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { expect } from 'vitest';
import { readOpenApiDocument } from '../../../src/openapi/published-files.ts';
import type { Json } from '../app.ts';

const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

/** Content of the committed `openapi.yaml`. */
export const openapi: Json = readOpenApiDocument();

export interface DocumentedOperation {
  path: string;
  method: string;
  /** Operation object with references to parameters and their schemas resolved. */
  operation: Json;
}

/** All operations of the document. */
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

/** Ajv instance in which the document is registered as `openapi`. */
export const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(openapi, 'openapi');

/** Returns the documented response of an operation for `status`. */
export function findResponse(path: string, method: string, status: number): Json {
  const response = openapi.paths[path][method].responses[status];
  return response?.$ref ? openapi.components.responses[getComponentName(response.$ref)] : response;
}

/** Asserts that a response conforms to the document; a `partial` one may lack required fields. */
export function expectDocumented(
  path: string,
  status: number,
  contentType: string,
  body: unknown,
  method = 'get',
  partial = false,
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
  const isValid = validate(body);
  const errors = (validate.errors ?? []).filter(({ keyword }) => !(partial && keyword === 'required'));
  expect(isValid || errors.length === 0 || errors, `${path} ${status}`).toBe(true);
  expect(findUndocumentedFields(body, schema, path), `${path} ${status}`).toEqual([]);
}

/**
 * Returns the fields that are not in the document. Clients must accept new fields, but this server may return
 * only documented ones.
 */
function findUndocumentedFields(value: Json, schema: Json, path: string): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (schema?.$ref)
    return findUndocumentedFields(value, openapi.components.schemas[getComponentName(schema.$ref)], path);
  if (schema?.anyOf) return findUndocumentedFields(value, schema.anyOf[0], path);
  // Any value is allowed, such as a field before a change, or a fact as an editor writes it.
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

/** Returns the name of the component that `reference` points to. */
function getComponentName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** Asserts that a body conforms to the schema of problems. */
export function expectProblem(body: unknown): void {
  const validate = ajv.getSchema('openapi#/components/schemas/Problem') as ValidateFunction;
  expect(validate(body) || validate.errors).toBe(true);
}
