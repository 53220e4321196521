/** Converts zod schemas to the JSON Schema dialects of OpenAPI 3.1 and 3.0. */
import * as z from 'zod';
import { referenceRegistry } from '../model/fields.ts';

export type OpenApiVersion = '3.1' | '3.0';
export type JsonSchema = Record<string, unknown>;

const JSON_SCHEMA_TARGETS = { '3.1': 'draft-2020-12', '3.0': 'openapi-3.0' } as const;

const toComponentRef = (id: string) => `#/components/schemas/${id}`;

/** Returns the name of the component that a reference points to. */
export const getComponentName = (reference: string): string =>
  reference.slice(reference.lastIndexOf('/') + 1);

/** Builds the components for all named schemas in `schemas`, at any depth. */
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

/** Returns a reference to the component of a named schema. */
export function createSchemaRef(schema: z.ZodType): JsonSchema {
  const id = getSchemaId(schema);
  if (!id) throw new Error('a schema without a name cannot be referenced: give it an id with .meta()');
  return { $ref: toComponentRef(id) };
}

/** Returns the schema of a body: a reference to a component, or inline for plain text. */
export function toResponseSchema(schema: z.ZodType, openApiVersion: OpenApiVersion): JsonSchema {
  return schema instanceof z.ZodString
    ? toParameterSchema(schema, openApiVersion).schema
    : createSchemaRef(schema);
}

/** Returns the schema of a parameter in its parsed form, such as array or integer, its description and example. */
export function toParameterSchema(
  schema: z.ZodType,
  openApiVersion: OpenApiVersion,
): { description: unknown; example: unknown; schema: JsonSchema } {
  // Named schemas are components, so their definitions are dropped here.
  const {
    $defs: _31,
    definitions: _30,
    description,
    example,
    ...inline
  } = z.toJSONSchema(schema, createJsonSchemaOptions(openApiVersion, tidySchema)) as JsonSchema;
  return { description, example, schema: finalizeSchema(inline, openApiVersion) };
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

/** Removes keywords that zod adds and client generators cannot handle. */
function tidySchema({ zodSchema, jsonSchema }: OverrideContext): void {
  if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern'];
  // Redundant: property names are always strings.
  delete jsonSchema['propertyNames'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  const isNullableEnum = zodSchema instanceof z.ZodNullable && zodSchema.def.innerType instanceof z.ZodEnum;
  if (isNullableEnum && jsonSchema['nullable'] === true) jsonSchema['type'] = 'string';
}

/** Tidies a response schema, which must stay open: later versions may add fields. */
function tidyComponent(context: OverrideContext): void {
  const { zodSchema, jsonSchema } = context;
  tidySchema(context);
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
  // Limits for editors are noise to clients that read. Named strings keep them, since parameters use those.
  if (!(zodSchema instanceof z.ZodString && getSchemaId(zodSchema)))
    for (const key of ['default', 'minLength', 'maxLength', 'maxItems']) delete jsonSchema[key];
  if (referenceRegistry.has(zodSchema as z.ZodType)) {
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    jsonSchema['$ref'] = toComponentRef('Reference');
  }
}

/** Removes the keywords of standalone files, and converts the schema to the OpenAPI version. */
function finalizeSchema(schema: JsonSchema, openApiVersion: OpenApiVersion): JsonSchema {
  const { $schema: _schema, $id: _id, ...rest } = schema;
  return walkSchema(rest, (node) => CONVERTERS[openApiVersion](rewriteRef(node)));
}

const CONVERTERS = { '3.1': convertTo31, '3.0': convertTo30 };

/** Writes nullable as a type array, except for references. */
function convertTo31(node: JsonSchema): JsonSchema {
  const { anyOf, ...others } = node as { anyOf?: JsonSchema[] };
  const [valueSchema, nullSchema] = anyOf ?? [];
  if (anyOf?.length === 2 && valueSchema && nullSchema?.['type'] === 'null' && !valueSchema['$ref']) {
    return { ...others, ...valueSchema, type: [valueSchema['type'], 'null'], ...addNullToEnum(valueSchema) };
  }
  return node;
}

/** Writes one example instead of several, no siblings of `$ref`, and `nullable` only together with a type. */
function convertTo30({ examples, $ref, allOf, ...rest }: JsonSchema): JsonSchema {
  const siblings = { ...rest, ...(Array.isArray(examples) && { example: examples[0] }) };
  const parts = $ref === undefined ? ((allOf ?? []) as JsonSchema[]) : [{ $ref }];
  const [firstPart] = parts;
  if (!firstPart) return { ...siblings, ...(rest['nullable'] === true && addNullToEnum(rest)) };
  if (parts.length === 1 && Object.keys(siblings).length === 0) return firstPart;
  return { ...(rest['nullable'] === true && { type: 'object' }), ...siblings, allOf: parts };
}

/** Redirects references to zod's local definitions to the components. */
function rewriteRef(node: JsonSchema): JsonSchema {
  const { $ref } = node;
  if (typeof $ref !== 'string') return node;
  return { ...node, $ref: $ref.replace(/^#\/(\$defs|definitions)\//, toComponentRef('')) };
}

const addNullToEnum = (schema: JsonSchema) =>
  Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : {};

/** Applies `visit` to the schema and every schema inside it, innermost first. */
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

/** Returns the named schemas in `schemas` at any depth, without duplicates. */
function collectNamedSchemas(schemas: z.ZodType[]): Set<z.ZodType> {
  const namedSchemas = new Set<z.ZodType>();
  const visit = (schema: z.ZodType): void => {
    if (getSchemaId(schema)) {
      if (namedSchemas.has(schema)) return;
      namedSchemas.add(schema);
    }
    // Another description or other examples make a copy, whose parent has the name.
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
