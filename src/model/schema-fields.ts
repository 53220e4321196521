/** Reads a resource's zod schema: which fields it has, and where in it the references are. */
import * as z from 'zod';
import { references, type Vocabulary } from './fields.ts';

/** What a field path such as `participants.actor` leads to. */
export interface Field {
  path: string;
  kind: 'reference' | 'enum' | 'number' | 'boolean' | 'text';
  /** Of a number: whether it is a whole one. */
  whole: boolean;
  /** Of a reference: the allowed types, none for any. */
  types: readonly string[];
  /** Of an enum: the vocabulary itself. */
  vocabulary: Vocabulary | null;
  /** Whether a fact may have no value there: of a list, whether it may be empty. */
  nullable: boolean;
  /** Whether a fact may have several values there. */
  list: boolean;
  description: string;
  examples: readonly string[];
}

/** The leaf fields of `schema`, lists looked through: `status`, `participants.actor`, `place.countryCode`. */
export function fieldsOf(schema: z.ZodObject): Field[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => leaves(field as z.ZodType, name));
}

/** The top-level fields that are lists. */
export const listsOf = (schema: z.ZodObject): string[] =>
  Object.entries(schema.shape).flatMap(([name, field]) =>
    unwrapped(field) instanceof z.ZodArray ? [name] : [],
  );

function leaves(schema: z.ZodType, path: string, outer: Partial<Field> = {}): Field[] {
  const meta = schema.meta() ?? {};
  const seen: Partial<Field> = {
    ...outer,
    description: outer.description ?? meta.description ?? '',
    examples: outer.examples ?? (meta.examples as string[] | undefined) ?? [],
  };
  const found = references.get(schema);
  if (found) return [leaf(path, seen, { kind: 'reference', types: found.types })];
  if (schema instanceof z.ZodDefault) return leaves(schema.def.innerType as z.ZodType, path, seen);
  if (schema instanceof z.ZodNullable)
    return leaves(schema.def.innerType as z.ZodType, path, { ...seen, nullable: true });
  if (schema instanceof z.ZodArray) {
    return leaves(schema.def.element as z.ZodType, path, { ...seen, nullable: true, list: true });
  }
  if (schema instanceof z.ZodObject) {
    return fieldsOf(schema).map((field) => ({
      ...field,
      path: `${path}.${field.path}`,
      list: field.list || outer.list === true,
    }));
  }
  if (schema instanceof z.ZodEnum)
    return [leaf(path, seen, { kind: 'enum', vocabulary: schema as Vocabulary })];
  if (schema instanceof z.ZodNumber) return [leaf(path, seen, { kind: 'number', whole: schema.isInt })];
  if (schema instanceof z.ZodBoolean) return [leaf(path, seen, { kind: 'boolean' })];
  return [leaf(path, seen, { kind: 'text' })];
}

function leaf(path: string, seen: Partial<Field>, own: Partial<Field> & Pick<Field, 'kind'>): Field {
  return {
    types: [],
    vocabulary: null,
    whole: false,
    nullable: false,
    list: false,
    description: '',
    examples: [],
    ...seen,
    ...own,
    path,
  };
}

interface Leaf {
  path: (string | number)[];
  value: unknown;
}

/** Where `path` leads to in `fact`: each value with its own path, list positions included; nulls left out. */
export function leavesAt(fact: unknown, path: string): Leaf[] {
  let found: Leaf[] = [{ path: [], value: fact }];
  for (const key of path.split('.')) {
    const next: Leaf[] = [];
    for (const at of found) {
      const value = (at.value as Record<string, unknown>)[key] ?? [];
      if (!Array.isArray(value)) next.push({ path: [...at.path, key], value });
      else
        for (const [index, each] of value.entries())
          next.push({ path: [...at.path, key, index], value: each });
    }
    found = next;
  }
  return found;
}

/** The values that `path` leads to in `fact`, lists flattened and nulls left out. */
export function valuesAt(fact: unknown, path: string): unknown[] {
  let found: unknown[] = [fact];
  for (const key of path.split('.')) {
    const next: unknown[] = [];
    for (const at of found) {
      const value = (at as Record<string, unknown>)[key] ?? [];
      if (Array.isArray(value)) next.push(...value);
      else next.push(value);
    }
    found = next;
  }
  return found;
}

/** The keys that the object at `path` may have, for a message that lists them. */
export function keysAllowedAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) {
    at = unwrapped(at);
    if (at instanceof z.ZodArray) at = at.def.element;
    else if (at instanceof z.ZodObject) at = at.shape[String(key)];
  }
  at = unwrapped(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  const wrapped =
    schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional;
  return wrapped ? unwrapped(schema.def.innerType) : schema;
}
