/** Mapping of fact types, and of objects inside facts, to schema.org. */
import * as z from 'zod';
import type { Reference } from './fields.ts';
import type { SchemaOrgClass, SchemaOrgProperty } from './schema-org.ts';

/** JSON-LD node. */
export interface JsonLdNode {
  '@id'?: string;
  '@type'?: string | string[] | undefined;
  [property: string]: unknown;
}

/** Context in which a value is serialized as linked data. */
export interface LinkedDataContext {
  /** Returns the node of another fact. */
  createNode(reference: Reference): JsonLdNode;
  /** Documents whose words support the fact. */
  documents: JsonLdNode[];
  /** URL of the text, if the fact is a document. */
  textUrl: string;
}

/** Values of schema.org properties. The prefix `schema:` marks a property with the name of an own field. */
export type SchemaOrgValues = Partial<Record<SchemaOrgProperty | `schema:${SchemaOrgProperty}`, unknown>>;

/**
 * Mapping of an object to schema.org. Everything else, including all of a type without a mapping, uses the
 * project's own vocabulary. Only a field called `name` always is schema.org's `name`.
 */
export interface LinkedData<Value> {
  /** Classes of schema.org, in addition to the project's own class. */
  classes: SchemaOrgClass | readonly SchemaOrgClass[] | ((value: Value) => SchemaOrgClass);
  /** Own field → property with exactly the same meaning. */
  properties?: Record<string, SchemaOrgProperty>;
  /** Returns further properties; empty values are left out. */
  getAdditionalProperties?(value: Value, context: LinkedDataContext): SchemaOrgValues;
  /** Own fields that `getAdditionalProperties` expresses completely, so that they are not repeated. */
  replacedFields?: string[];
}

/** Mappings of objects inside facts, by their schemas. */
export const linkedDataRegistry = z.registry<{ linkedData: LinkedData<never> }>();
