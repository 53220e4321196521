/** The objects that become nodes of linked data: facts, and what has a schema of its own inside of them. */
import * as z from 'zod';
import type { Resource } from '../../model/fact-type.ts';
import { references } from '../../model/fields.ts';
import { Inference } from '../../model/inference.ts';
import { type LinkedData, linkedParts } from '../../model/linked-data.ts';
import { RedactionSchema, Retraction } from '../../model/response-schemas.ts';

/** An object with a class of its own in our vocabulary. */
export interface Shape {
  /** What its schema is called in the OpenAPI document: the name of its class. */
  component: string;
  schema: z.ZodObject;
  linkedData: LinkedData<never> | undefined;
}

/** What a field holds, whether it may be null or is a list aside. */
export type Content = { kind: 'reference' | 'plain' | 'date' | 'instant' } | { kind: 'object'; shape: Shape };

export const shapeOf = ({ component, schema, linkedData }: Resource): Shape => ({
  component,
  schema,
  linkedData: linkedData as LinkedData<never> | undefined,
});

/** The shape of an object inside of a fact. */
export function partShape(schema: z.ZodObject): Shape {
  const component = z.globalRegistry.get(schema)?.id;
  if (!component) throw new Error('every object has a named schema');
  return { component, schema, linkedData: linkedParts.get(schema)?.linkedData };
}

export const inferenceShape = partShape(Inference);
export const retractionShape = partShape(Retraction);
export const redactionShape = partShape(RedactionSchema);

export function contentOf(schema: z.ZodType): Content {
  if (references.get(schema)) return { kind: 'reference' };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return contentOf(schema.def.innerType as z.ZodType);
  }
  if (schema instanceof z.ZodArray) return contentOf(schema.def.element as z.ZodType);
  if (schema instanceof z.ZodObject) return { kind: 'object', shape: partShape(schema) };
  if (schema instanceof z.ZodISODate) return { kind: 'date' };
  return { kind: schema instanceof z.ZodISODateTime ? 'instant' : 'plain' };
}

/** What a node calls an own field: by its property in schema.org, or else by its own name. Null: it is said otherwise. */
export function propertyOf({ linkedData }: Shape, field: string): string | null {
  if (linkedData?.instead?.includes(field)) return null;
  return linkedData?.properties?.[field] ?? field;
}
