/** How a type of fact, or an object inside of facts, is said in the words of schema.org. */
import * as z from 'zod';
import type { Reference } from './fields.ts';
import type { SchemaOrgClass, SchemaOrgProperty } from './schema-org.ts';

/** A thing in JSON-LD. */
export interface JsonLdNode {
  '@id'?: string;
  '@type'?: string | string[] | undefined;
  [property: string]: unknown;
}

/** What stands around a value that is written as linked data. */
export interface LinkedDataContext {
  /** The node of another fact. */
  createNode(reference: Reference): JsonLdNode;
  /** The documents whose words carry the fact. */
  documents: JsonLdNode[];
  /** Where the text of a document is, if the fact is one. */
  textUrl: string;
}

/** Properties of schema.org; `schema:` before one whose name is that of an own field. */
export type SchemaOrgValues = Partial<Record<SchemaOrgProperty | `schema:${SchemaOrgProperty}`, unknown>>;

/**
 * What schema.org has words for. Everything else, and all of a type that declares nothing, is said in the words of our own
 * vocabulary; only a field called `name` is schema.org's name everywhere.
 */
export interface LinkedData<Value> {
  /** Of which classes it is there, beside the one of our own. */
  classes: SchemaOrgClass | readonly SchemaOrgClass[] | ((value: Value) => SchemaOrgClass);
  /** Own field → the property that says just the same. */
  properties?: Record<string, SchemaOrgProperty>;
  /** What else can be said there; empty values are left out. */
  getAdditionalProperties?(value: Value, context: LinkedDataContext): SchemaOrgValues;
  /** Own fields of which `also` says all, so that they are not said again. */
  replacedFields?: string[];
}

/** The same for objects inside of facts, by their schemas. */
export const linkedDataRegistry = z.registry<{ linkedData: LinkedData<never> }>();
