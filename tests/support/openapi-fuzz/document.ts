/** The published document, and what holds an answer against it. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { expect } from 'vitest';
import { openapiDocument } from '../../../src/openapi/published-files.ts';
import type { Json } from '../app.ts';

const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

/** The committed `openapi.yaml`. */
export const document: Json = openapiDocument();

export interface DocumentedOperation {
  path: string;
  method: string;
  /** As the document has it, with shared parameters and their vocabularies written out. */
  operation: Json;
}

/** Every operation there is. */
export const operations: DocumentedOperation[] = Object.entries<Json>(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => {
      const parameters = (operation.parameters ?? []).map((each: Json) => {
        const parameter = each.$ref ? document.components.parameters[nameIn(each.$ref)] : each;
        return { ...parameter, schema: writtenOut(parameter.schema) };
      });
      return { path, method, operation: { ...operation, ...(operation.parameters && { parameters }) } };
    }),
);

function writtenOut(schema: Json): Json {
  const { $ref, ...own } = schema;
  const whole = $ref ? { ...document.components.schemas[nameIn($ref)], ...own } : own;
  return whole.items ? { ...whole, items: writtenOut(whole.items) } : whole;
}

/** An Ajv that knows the document as `openapi`. */
export const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(document, 'openapi');

/** What the document says of an operation's answer with `status`. */
export function responseOf(path: string, method: string, status: number): Json {
  const response = document.paths[path][method].responses[status];
  return response?.$ref ? document.components.responses[nameIn(response.$ref)] : response;
}

/** Holds an answer against what the document says of it. */
export function expectDocumented(
  path: string,
  status: number,
  contentType: string,
  body: unknown,
  method = 'get',
): void {
  const response = responseOf(path, method, status);
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
  expect(undocumentedIn(body, schema, path), `${path} ${status}`).toEqual([]);
}

/** Answers may grow fields; but what this server answers with today is all in the document. */
function undocumentedIn(value: Json, schema: Json, where: string): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (schema?.$ref) return undocumentedIn(value, document.components.schemas[nameIn(schema.$ref)], where);
  if (schema?.anyOf) return undocumentedIn(value, schema.anyOf[0], where);
  // A value of any form, such as that of a field before it was changed, or a fact as an editor writes it.
  if (schema && ((!schema.type && !schema.properties) || schema.additionalProperties)) return [];
  if (Array.isArray(value)) return value.flatMap((each) => undocumentedIn(each, schema.items, `${where}[]`));
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = schema?.properties && Object.hasOwn(schema.properties, key);
    return known ? undocumentedIn(inner, schema.properties[key], `${where}.${key}`) : [`${where}.${key}`];
  });
}

/** The name of the component that `reference` refers to. */
function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** Holds a body against the schema of every problem. */
export function expectProblem(body: unknown): void {
  const validate = ajv.getSchema('openapi#/components/schemas/Problem') as ValidateFunction;
  expect(validate(body) || validate.errors).toBe(true);
}
