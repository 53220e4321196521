/** zod schemas as the JSON Schemas that OpenAPI 3.1 and 3.0 want: one walk, two targets, no converter. */
import * as z from 'zod';
import { references } from '../model/fields.ts';

export type Edition = '3.1' | '3.0';
export type JsonSchema = Record<string, unknown>;

const TARGETS = { '3.1': 'draft-2020-12', '3.0': 'openapi-3.0' } as const;

const componentRef = (id: string) => `#/components/schemas/${id}`;

/** The components for these named schemas, and for every named schema inside them. */
export function componentSchemas(schemas: z.ZodType[], edition: Edition): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const schema of named(schemas)) registry.add(schema, { id: idOf(schema) as string });
  const { schemas: components } = z.toJSONSchema(registry, {
    ...optionsFor(edition, tidyComponent),
    uri: componentRef,
  });
  return Object.fromEntries(
    Object.entries(components)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, schema]) => [id, finished(schema as JsonSchema, edition)]),
  );
}

/** A reference to the component of a named schema. */
export function referTo(schema: z.ZodType): JsonSchema {
  const id = idOf(schema);
  if (!id) throw new Error('every answer has a named schema');
  return { $ref: componentRef(id) };
}

/** The schema of an answer: an object is a component, plain text needs no name. */
export function answerSchema(schema: z.ZodType, edition: Edition): JsonSchema {
  return schema instanceof z.ZodString ? parameterSchema(schema, edition).schema : referTo(schema);
}

/** One parameter, as it is after parsing (a list is a list, a number a number), and apart from it what is said of it. */
export function parameterSchema(
  schema: z.ZodType,
  edition: Edition,
): { description: unknown; schema: JsonSchema } {
  // What has a name stands among the components, not here.
  const {
    $defs: _31,
    definitions: _30,
    description,
    ...inline
  } = z.toJSONSchema(schema, optionsFor(edition, tidy)) as JsonSchema;
  return { description, schema: finished(inline, edition) };
}

function optionsFor(edition: Edition, override: (context: OverrideContext) => void) {
  return { target: TARGETS[edition], io: 'output', unrepresentable: 'any', override } as const;
}

interface OverrideContext {
  zodSchema: unknown;
  jsonSchema: JsonSchema;
}

/** What zod adds that generators of clients trip over. */
function tidy({ zodSchema, jsonSchema }: OverrideContext): void {
  if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern'];
  // Every name is a string.
  delete jsonSchema['propertyNames'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  const nullableVocabulary =
    zodSchema instanceof z.ZodNullable && zodSchema.def.innerType instanceof z.ZodEnum;
  if (nullableVocabulary && jsonSchema['nullable'] === true) jsonSchema['type'] = 'string';
}

/** An answer may grow fields, and always has those it has. */
function tidyComponent(context: OverrideContext): void {
  const { zodSchema, jsonSchema } = context;
  tidy(context);
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
  // What an editor must keep to says nothing to those who only read; a text with a name is what parameters take.
  if (!(zodSchema instanceof z.ZodString && idOf(zodSchema)))
    for (const key of ['default', 'minLength', 'maxLength', 'maxItems']) delete jsonSchema[key];
  if (references.has(zodSchema as z.ZodType)) {
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    jsonSchema['$ref'] = componentRef('Reference');
  }
}

/** Takes out what belongs to a file of its own, and writes the rest as the edition has it. */
function finished(schema: JsonSchema, edition: Edition): JsonSchema {
  const { $schema: _schema, $id: _id, ...rest } = schema;
  return walk(rest, (node) => NOTATIONS[edition](inComponents(node)));
}

const NOTATIONS = { '3.1': notation31, '3.0': notation30 };

/** Says nullable in one way, but for references. */
function notation31(node: JsonSchema): JsonSchema {
  const { anyOf, ...others } = node as { anyOf?: JsonSchema[] };
  const [some, none] = anyOf ?? [];
  if (anyOf?.length === 2 && some && none?.['type'] === 'null' && !some['$ref']) {
    return { ...others, ...some, type: [some['type'], 'null'], ...nullableEnum(some) };
  }
  return node;
}

/** One example instead of several, nothing beside a reference, and `nullable` only beside a type. */
function notation30({ examples, $ref, allOf, ...rest }: JsonSchema): JsonSchema {
  const beside = { ...rest, ...(Array.isArray(examples) && { example: examples[0] }) };
  const parts = $ref === undefined ? ((allOf ?? []) as JsonSchema[]) : [{ $ref }];
  const [only] = parts;
  if (!only) return { ...beside, ...(rest['nullable'] === true && nullableEnum(rest)) };
  if (parts.length === 1 && Object.keys(beside).length === 0) return only;
  return { ...(rest['nullable'] === true && { type: 'object' }), ...beside, allOf: parts };
}

/** A reference to a named schema, which zod keeps beside the one that is asked for. */
function inComponents(node: JsonSchema): JsonSchema {
  const { $ref } = node;
  if (typeof $ref !== 'string') return node;
  return { ...node, $ref: $ref.replace(/^#\/(\$defs|definitions)\//, componentRef('')) };
}

const nullableEnum = (schema: JsonSchema) =>
  Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : {};

/** `visit` applied to every schema inside, innermost first. */
function walk(schema: JsonSchema, visit: (node: JsonSchema) => JsonSchema): JsonSchema {
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'properties' ? walkEach(value, visit) : walkAny(value, visit),
    ]),
  );
  return visit(inner);
}

const walkEach = (properties: unknown, visit: (node: JsonSchema) => JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => [
      name,
      walk(schema, visit),
    ]),
  );

function walkAny(value: unknown, visit: (node: JsonSchema) => JsonSchema): unknown {
  if (Array.isArray(value)) return value.map((each) => walkAny(each, visit));
  return value !== null && typeof value === 'object' ? walk(value as JsonSchema, visit) : value;
}

const idOf = (schema: z.ZodType): string | undefined => z.globalRegistry.get(schema)?.id;

/** Every schema with a name in or under `schemas`, once each. */
function named(schemas: z.ZodType[]): Set<z.ZodType> {
  const found = new Set<z.ZodType>();
  const visit = (schema: z.ZodType): void => {
    if (idOf(schema)) {
      if (found.has(schema)) return;
      found.add(schema);
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
  return found;
}
