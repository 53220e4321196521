/** Reads a resource's zod schema: which fields it has, and where in it the references are. */
import * as z from 'zod';
import { referenceRegistry, type Vocabulary } from './fields.ts';

/** What a field path such as `participants.actor` leads to. */
export interface Field {
  path: string;
  kind: 'reference' | 'enum' | 'number' | 'boolean' | 'text';
  /** Of a number: whether it is a whole one. */
  isInteger: boolean;
  /** Of a reference: the allowed types, none for any. */
  allowedTypes: readonly string[];
  /** Of an enum: the vocabulary itself. */
  vocabulary: Vocabulary | null;
  /** Whether a fact may have no value there: of a list, whether it may be empty. */
  isNullable: boolean;
  /** Whether a fact may have several values there. */
  isList: boolean;
  description: string;
  examples: readonly string[];
}

/** The leaf fields of `schema`, lists looked through: `status`, `participants.actor`, `place.countryCode`. */
export function extractFields(schema: z.ZodObject): Field[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => collectLeafFields(field as z.ZodType, name));
}

/** The top-level fields that are lists. */
export const findListFieldNames = (schema: z.ZodObject): string[] =>
  Object.entries(schema.shape).flatMap(([name, field]) =>
    unwrap(field) instanceof z.ZodArray ? [name] : [],
  );

function collectLeafFields(schema: z.ZodType, path: string, parent: Partial<Field> = {}): Field[] {
  const meta = schema.meta() ?? {};
  const inherited: Partial<Field> = {
    ...parent,
    description: parent.description ?? meta.description ?? '',
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
    return [createField(path, inherited, { kind: 'enum', vocabulary: schema as Vocabulary })];
  if (schema instanceof z.ZodNumber)
    return [createField(path, inherited, { kind: 'number', isInteger: schema.isInt })];
  if (schema instanceof z.ZodBoolean) return [createField(path, inherited, { kind: 'boolean' })];
  return [createField(path, inherited, { kind: 'text' })];
}

function createField(
  path: string,
  inherited: Partial<Field>,
  specific: Partial<Field> & Pick<Field, 'kind'>,
): Field {
  return {
    allowedTypes: [],
    vocabulary: null,
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

/** Where `path` leads to in `fact`: each value with its own path, list positions included; nulls left out. */
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

/** The values that `path` leads to in `fact`, lists flattened and nulls left out. */
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

/** The keys that the object at `path` may have, for a message that lists them. */
export function getAllowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = schema;
  for (const key of path) {
    current = unwrap(current);
    if (current instanceof z.ZodArray) current = current.def.element;
    else if (current instanceof z.ZodObject) current = current.shape[String(key)];
  }
  current = unwrap(current);
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

function unwrap(schema: unknown): unknown {
  const isWrapper =
    schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional;
  return isWrapper ? unwrap(schema.def.innerType) : schema;
}
