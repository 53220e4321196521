/** Mappings of objects to linked data nodes: facts, and objects with a schema within them. */
import * as z from 'zod';
import type { FactType } from '../../model/fact-type.ts';
import { referenceRegistry } from '../../model/fields.ts';
import { Inference } from '../../model/inference.ts';
import { type LinkedData, linkedDataRegistry } from '../../model/linked-data.ts';
import { RedactionSchema, Retraction } from '../../model/response-schemas.ts';

/** Mapping of an object that has its own class in the vocabulary. */
export interface NodeMapping {
  /** Name of the schema in the OpenAPI document, and of the class. */
  componentName: string;
  schema: z.ZodObject;
  linkedData: LinkedData<never> | undefined;
}

/** Content of a field, regardless of whether it is nullable or a list. */
export type FieldContent =
  | { kind: 'reference' | 'plain' | 'date' | 'instant' }
  | { kind: 'object'; mapping: NodeMapping };

export const toNodeMapping = ({ componentName, schema, linkedData }: FactType): NodeMapping => ({
  componentName,
  schema,
  linkedData: linkedData as LinkedData<never> | undefined,
});

/** Returns the mapping of an object within a fact. */
function toPartMapping(schema: z.ZodObject): NodeMapping {
  const componentName = z.globalRegistry.get(schema)?.id;
  if (!componentName) throw new Error('an object within a fact needs a named schema: add .meta({ id })');
  return { componentName, schema, linkedData: linkedDataRegistry.get(schema)?.linkedData };
}

export const inferenceMapping = toPartMapping(Inference);
export const retractionMapping = toPartMapping(Retraction);
export const redactionMapping = toPartMapping(RedactionSchema);

export function getFieldContent(schema: z.ZodType): FieldContent {
  if (referenceRegistry.get(schema)) return { kind: 'reference' };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return getFieldContent(schema.def.innerType as z.ZodType);
  }
  if (schema instanceof z.ZodArray) return getFieldContent(schema.def.element as z.ZodType);
  if (schema instanceof z.ZodObject) return { kind: 'object', mapping: toPartMapping(schema) };
  if (schema instanceof z.ZodISODate) return { kind: 'date' };
  return { kind: schema instanceof z.ZodISODateTime ? 'instant' : 'plain' };
}

/**
 * Returns the schema.org property of a field, or its own name; null if other properties replace the field.
 */
export function getPropertyName({ linkedData }: NodeMapping, field: string): string | null {
  if (linkedData?.replacedFields?.includes(field)) return null;
  return linkedData?.properties?.[field] ?? field;
}
