/** The objects that become nodes of linked data: facts, and what has a schema of its own inside of them. */
import * as z from 'zod';
import type { FactType } from '../../model/fact-type.ts';
import { referenceRegistry } from '../../model/fields.ts';
import { Inference } from '../../model/inference.ts';
import { type LinkedData, linkedDataRegistry } from '../../model/linked-data.ts';
import { RedactionSchema, Retraction } from '../../model/response-schemas.ts';

/** An object with a class of its own in our vocabulary. */
export interface NodeMapping {
  /** What its schema is called in the OpenAPI document: the name of its class. */
  componentName: string;
  schema: z.ZodObject;
  linkedData: LinkedData<never> | undefined;
}

/** What a field holds, whether it may be null or is a list aside. */
export type FieldContent =
  | { kind: 'reference' | 'plain' | 'date' | 'instant' }
  | { kind: 'object'; mapping: NodeMapping };

export const toNodeMapping = ({ componentName, schema, linkedData }: FactType): NodeMapping => ({
  componentName,
  schema,
  linkedData: linkedData as LinkedData<never> | undefined,
});

/** The shape of an object inside of a fact. */
export function toPartMapping(schema: z.ZodObject): NodeMapping {
  const componentName = z.globalRegistry.get(schema)?.id;
  if (!componentName) throw new Error('every object has a named schema');
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

/** What a node calls an own field: by its property in schema.org, or else by its own name. Null: it is said otherwise. */
export function getPropertyName({ linkedData }: NodeMapping, field: string): string | null {
  if (linkedData?.replacedFields?.includes(field)) return null;
  return linkedData?.properties?.[field] ?? field;
}
