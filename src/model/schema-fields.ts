/** Extraction of fields and references from the zod schema of a fact type. */
import * as z from 'zod';
import { openVocabularyRegistry, referenceRegistry, type Vocabulary } from './fields.ts';

/** Leaf field at a path such as `participants.actor`. */
export interface Field {
  path: string;
  kind: 'reference' | 'enum' | 'number' | 'boolean' | 'text';
  /** True if a number must be an integer. */
  isInteger: boolean;
  /** True if the values are terms of a vocabulary. */
  isVocabulary: boolean;
  /** Format of a text; null for any text. */
  format: 'date' | 'uri' | null;
  /** Allowed types of a reference; empty for any type. */
  allowedTypes: readonly string[];
  /** Vocabulary of an enum; null for other kinds. */
  vocabulary: Vocabulary | null;
  /** True if a fact may have no value here; for a list, if it may be empty. */
  isNullable: boolean;
  /** True if a fact may have several values here. */
  isList: boolean;
  description: string;
  examples: readonly string[];
}

/** Returns the leaf fields, also those in lists: `status`, `participants.actor`, `place.countryCode`. */
export function extractFields(schema: z.ZodObject): Field[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => collectLeafFields(field as z.ZodType, name));
}

/** Returns the names of the top-level fields that are lists. */
export const findListFieldNames = (schema: z.ZodObject): string[] =>
  Object.entries(schema.shape).flatMap(([name, field]) =>
    unwrapSchema(field as z.ZodType) instanceof z.ZodArray ? [name] : [],
  );

function collectLeafFields(schema: z.ZodType, path: string, parent: Partial<Field> = {}): Field[] {
  const meta = schema.meta() ?? {};
  const inherited: Partial<Field> = {
    ...parent,
    description: parent.description ?? meta.description ?? '',
    isVocabulary: parent.isVocabulary || openVocabularyRegistry.get(schema) !== undefined,
    examples: parent.examples ?? (meta.examples as string[] | undefined) ?? [],
  };
  const registered = referenceRegistry.get(schema);
  if (registered)
    return [createField(path, inherited, { kind: 'reference', allowedTypes: registered.types })];
  if (schema instanceof z.ZodDefault)
    return collectLeafFields(schema.def.innerType as z.ZodType, path, inherited);
  if (schema instanceof z.ZodNullable)
    return collectLeafFields(schema.def.innerType as z.ZodType, path, { ...inherited, isNullable: true });
  if (schema instanceof z.ZodArray) {
    return collectLeafFields(schema.def.element as z.ZodType, path, {
      ...inherited,
      isNullable: true,
      isList: true,
    });
  }
  if (schema instanceof z.ZodObject) {
    return extractFields(schema).map((field) => ({
      ...field,
      path: `${path}.${field.path}`,
      isList: field.isList || parent.isList === true,
    }));
  }
  if (schema instanceof z.ZodEnum)
    return [
      createField(path, inherited, { kind: 'enum', vocabulary: schema as Vocabulary, isVocabulary: true }),
    ];
  if (schema instanceof z.ZodNumber)
    return [createField(path, inherited, { kind: 'number', isInteger: schema.isInt })];
  if (schema instanceof z.ZodBoolean) return [createField(path, inherited, { kind: 'boolean' })];
  const isVocabulary = inherited.isVocabulary ?? false;
  return [createField(path, inherited, { kind: 'text', format: getTextFormat(schema), isVocabulary })];
}

function getTextFormat(schema: z.ZodType): Field['format'] {
  if (schema instanceof z.ZodISODate) return 'date';
  return schema.meta()?.['format'] === 'uri' ? 'uri' : null;
}

function createField(
  path: string,
  inherited: Partial<Field>,
  specific: Partial<Field> & Pick<Field, 'kind'>,
): Field {
  return {
    allowedTypes: [],
    vocabulary: null,
    isVocabulary: false,
    format: null,
    isInteger: false,
    isNullable: false,
    isList: false,
    description: '',
    examples: [],
    ...inherited,
    ...specific,
    path,
  };
}

interface LeafValue {
  path: (string | number)[];
  value: unknown;
}

/** Returns the values at `path` with their own paths, which include list positions. Leaves out nulls. */
export function getLeavesAtPath(fact: unknown, path: string): LeafValue[] {
  let leaves: LeafValue[] = [{ path: [], value: fact }];
  for (const key of path.split('.')) {
    const next: LeafValue[] = [];
    for (const leaf of leaves) {
      const value = (leaf.value as Record<string, unknown>)[key] ?? [];
      if (!Array.isArray(value)) next.push({ path: [...leaf.path, key], value });
      else
        for (const [index, item] of value.entries())
          next.push({ path: [...leaf.path, key, index], value: item });
    }
    leaves = next;
  }
  return leaves;
}

/** Returns the values at `path`. Flattens lists and leaves out nulls. */
export function getValuesAtPath(fact: unknown, path: string): unknown[] {
  let values: unknown[] = [fact];
  for (const key of path.split('.')) {
    const next: unknown[] = [];
    for (const parent of values) {
      const value = (parent as Record<string, unknown>)[key] ?? [];
      if (Array.isArray(value)) next.push(...value);
      else next.push(value);
    }
    values = next;
  }
  return values;
}

/** Returns the allowed keys of the object at `path`, for error messages. */
export function getAllowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const inner = unwrapSchema(getSchemaAtPath(schema, path));
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Returns the schema of the value at `path`, or null if the path leads nowhere. */
export function getSchemaAtPath(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | null {
  let current: z.ZodType | null = schema;
  for (const key of path) {
    const inner = unwrapSchema(current);
    if (inner instanceof z.ZodArray) current = inner.element as z.ZodType;
    else if (inner instanceof z.ZodObject)
      current = (inner.shape[String(key)] as z.ZodType | undefined) ?? null;
    else return null;
  }
  return current;
}

/** Returns the schema without defaults and marks that the value may be missing or null. */
export function unwrapSchema(schema: z.ZodType | null): z.ZodType | null {
  const isWrapper =
    schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional;
  return isWrapper ? unwrapSchema(schema.def.innerType as z.ZodType) : schema;
}
