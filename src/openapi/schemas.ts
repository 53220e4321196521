/** zod schemas as the JSON Schemas that OpenAPI 3.1 and 3.0 want: one walk, two targets, no converter. */
import * as z from 'zod';
import { referenceRegistry } from '../model/fields.ts';

export type OpenApiVersion = '3.1' | '3.0';
export type JsonSchema = Record<string, unknown>;

const JSON_SCHEMA_TARGETS = { '3.1': 'draft-2020-12', '3.0': 'openapi-3.0' } as const;

const toComponentRef = (id: string) => `#/components/schemas/${id}`;

/** The components for these named schemas, and for every named schema inside them. */
export function buildComponentSchemas(
  schemas: z.ZodType[],
  openApiVersion: OpenApiVersion,
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const schema of collectNamedSchemas(schemas))
    registry.add(schema, { id: getSchemaId(schema) as string });
  const { schemas: components } = z.toJSONSchema(registry, {
    ...createJsonSchemaOptions(openApiVersion, tidyComponent),
    uri: toComponentRef,
  });
  return Object.fromEntries(
    Object.entries(components)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, schema]) => [id, finalizeSchema(schema as JsonSchema, openApiVersion)]),
  );
}

/** A reference to the component of a named schema. */
export function createSchemaRef(schema: z.ZodType): JsonSchema {
  const id = getSchemaId(schema);
  if (!id) throw new Error('every answer has a named schema');
  return { $ref: toComponentRef(id) };
}

/** The schema of an answer: an object is a component, plain text needs no name. */
export function toResponseSchema(schema: z.ZodType, openApiVersion: OpenApiVersion): JsonSchema {
  return schema instanceof z.ZodString
    ? toParameterSchema(schema, openApiVersion).schema
    : createSchemaRef(schema);
}

/** One parameter, as it is after parsing (a list is a list, a number a number), and apart from it what is said of it. */
export function toParameterSchema(
  schema: z.ZodType,
  openApiVersion: OpenApiVersion,
): { description: unknown; schema: JsonSchema } {
  // What has a name stands among the components, not here.
  const {
    $defs: _31,
    definitions: _30,
    description,
    ...inline
  } = z.toJSONSchema(schema, createJsonSchemaOptions(openApiVersion, tidySchema)) as JsonSchema;
  return { description, schema: finalizeSchema(inline, openApiVersion) };
}

function createJsonSchemaOptions(
  openApiVersion: OpenApiVersion,
  override: (context: OverrideContext) => void,
) {
  return {
    target: JSON_SCHEMA_TARGETS[openApiVersion],
    io: 'output',
    unrepresentable: 'any',
    override,
  } as const;
}

interface OverrideContext {
  zodSchema: unknown;
  jsonSchema: JsonSchema;
}

/** What zod adds that generators of clients trip over. */
function tidySchema({ zodSchema, jsonSchema }: OverrideContext): void {
  if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern'];
  // Every name is a string.
  delete jsonSchema['propertyNames'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  const isNullableEnum = zodSchema instanceof z.ZodNullable && zodSchema.def.innerType instanceof z.ZodEnum;
  if (isNullableEnum && jsonSchema['nullable'] === true) jsonSchema['type'] = 'string';
}

/** An answer may grow fields, and always has those it has. */
function tidyComponent(context: OverrideContext): void {
  const { zodSchema, jsonSchema } = context;
  tidySchema(context);
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
  // What an editor must keep to says nothing to those who only read; a text with a name is what parameters take.
  if (!(zodSchema instanceof z.ZodString && getSchemaId(zodSchema)))
    for (const key of ['default', 'minLength', 'maxLength', 'maxItems']) delete jsonSchema[key];
  if (referenceRegistry.has(zodSchema as z.ZodType)) {
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    jsonSchema['$ref'] = toComponentRef('Reference');
  }
}

/** Takes out what belongs to a file of its own, and writes the rest as the edition has it. */
function finalizeSchema(schema: JsonSchema, openApiVersion: OpenApiVersion): JsonSchema {
  const { $schema: _schema, $id: _id, ...rest } = schema;
  return walkSchema(rest, (node) => CONVERTERS[openApiVersion](rewriteRef(node)));
}

const CONVERTERS = { '3.1': convertTo31, '3.0': convertTo30 };

/** Says nullable in one way, but for references. */
function convertTo31(node: JsonSchema): JsonSchema {
  const { anyOf, ...others } = node as { anyOf?: JsonSchema[] };
  const [valueSchema, nullSchema] = anyOf ?? [];
  if (anyOf?.length === 2 && valueSchema && nullSchema?.['type'] === 'null' && !valueSchema['$ref']) {
    return { ...others, ...valueSchema, type: [valueSchema['type'], 'null'], ...addNullToEnum(valueSchema) };
  }
  return node;
}

/** One example instead of several, nothing beside a reference, and `nullable` only beside a type. */
function convertTo30({ examples, $ref, allOf, ...rest }: JsonSchema): JsonSchema {
  const siblings = { ...rest, ...(Array.isArray(examples) && { example: examples[0] }) };
  const parts = $ref === undefined ? ((allOf ?? []) as JsonSchema[]) : [{ $ref }];
  const [firstPart] = parts;
  if (!firstPart) return { ...siblings, ...(rest['nullable'] === true && addNullToEnum(rest)) };
  if (parts.length === 1 && Object.keys(siblings).length === 0) return firstPart;
  return { ...(rest['nullable'] === true && { type: 'object' }), ...siblings, allOf: parts };
}

/** A reference to a named schema, which zod keeps beside the one that is asked for. */
function rewriteRef(node: JsonSchema): JsonSchema {
  const { $ref } = node;
  if (typeof $ref !== 'string') return node;
  return { ...node, $ref: $ref.replace(/^#\/(\$defs|definitions)\//, toComponentRef('')) };
}

const addNullToEnum = (schema: JsonSchema) =>
  Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : {};

/** `visit` applied to every schema inside, innermost first. */
function walkSchema(schema: JsonSchema, visit: (node: JsonSchema) => JsonSchema): JsonSchema {
  const visited = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'properties' ? walkProperties(value, visit) : walkValue(value, visit),
    ]),
  );
  return visit(visited);
}

const walkProperties = (properties: unknown, visit: (node: JsonSchema) => JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => [
      name,
      walkSchema(schema, visit),
    ]),
  );

function walkValue(value: unknown, visit: (node: JsonSchema) => JsonSchema): unknown {
  if (Array.isArray(value)) return value.map((each) => walkValue(each, visit));
  return value !== null && typeof value === 'object' ? walkSchema(value as JsonSchema, visit) : value;
}

const getSchemaId = (schema: z.ZodType): string | undefined => z.globalRegistry.get(schema)?.id;

/** Every schema with a name in or under `schemas`, once each. */
function collectNamedSchemas(schemas: z.ZodType[]): Set<z.ZodType> {
  const namedSchemas = new Set<z.ZodType>();
  const visit = (schema: z.ZodType): void => {
    if (getSchemaId(schema)) {
      if (namedSchemas.has(schema)) return;
      namedSchemas.add(schema);
    }
    // With another description, or examples, it is a copy, and refers to the one that has the name.
    if (schema._zod.parent) visit(schema._zod.parent as z.ZodType);
    if (schema instanceof z.ZodObject) {
      for (const field of Object.values(schema.shape)) visit(field as z.ZodType);
    } else if (schema instanceof z.ZodArray) {
      visit(schema.def.element as z.ZodType);
    } else if (
      schema instanceof z.ZodNullable ||
      schema instanceof z.ZodDefault ||
      schema instanceof z.ZodOptional
    ) {
      visit(schema.def.innerType as z.ZodType);
    } else if (schema instanceof z.ZodPipe) {
      visit(schema.def.out as z.ZodType);
    } else if (schema instanceof z.ZodUnion) {
      for (const option of schema.options) visit(option as z.ZodType);
    }
  };
  for (const schema of schemas) visit(schema);
  return namedSchemas;
}
