/** Normalized schemas: references resolved, `allOf` merged, nullables in one form. */
import { isAnnotation, type Json, listKeys, resolveReference } from './differences.ts';

export const LOWER_LIMITS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
export const UPPER_LIMITS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

export interface NormalizedSchema {
  /** Component that generated clients name the type after. */
  name?: string;
  /** Undefined allows any type. `null` is listed here and never in `enum`. */
  types?: Set<string>;
  enum?: Set<string>;
  /** Alternative schemas of a value, without null. */
  options?: NormalizedSchema[];
  /** All other keywords, including `properties` and `required`. */
  keywords: Record<string, Json>;
}

const SCHEMAS = 'components/schemas/';

/** Returns the component of a schema, ignoring a wrapper that only makes it nullable or describes it. */
export function getTypeName(schema: Json): string | undefined {
  const { $ref, allOf, anyOf, oneOf } = schema ?? {};
  if (typeof $ref === 'string') return $ref.split(SCHEMAS)[1];
  const inner = allOf ?? (anyOf ?? oneOf)?.filter((each: Json) => !isNull(each));
  return inner?.length === 1 ? getTypeName(inner[0]) : undefined;
}

export function normalizeSchema(document: Json, schema: Json): NormalizedSchema {
  if (schema === false) return { types: new Set(), keywords: {} };
  if (schema === true || schema === undefined) return { keywords: {} };
  const { $ref, allOf = [], anyOf, oneOf, ...own } = schema;
  const parts = [
    normalizeOwnKeywords(own),
    ...($ref === undefined ? [] : [normalizeSchema(document, resolveReference(document, schema))]),
    ...allOf.map((each: Json) => normalizeSchema(document, each)),
    ...[anyOf, oneOf].filter(Boolean).map((union) => normalizeUnion(document, union)),
  ];
  const { name: _, ...merged } = parts.reduce(mergeSchemas);
  const name = getTypeName(schema);
  return name === undefined ? merged : { ...merged, name };
}

const isNull = (schema: Json): boolean => schema?.type === 'null' || schema?.const === null;

function normalizeOwnKeywords({ type, enum: values, const: only, ...keywords }: Json): NormalizedSchema {
  const allowed: Json[] | undefined = only === undefined ? values : [only];
  const plain = Object.fromEntries(Object.entries(keywords).filter(([key]) => !isAnnotation(key)));
  const types = type === undefined ? allowed?.map(getJsonType) : [type].flat();
  // The type `number` includes integers.
  const distinct =
    types && new Set<string>(types.filter((t) => t !== 'integer' || !types.includes('number')));
  if (allowed && !allowed.includes(null)) distinct?.delete('null');
  const named = allowed?.filter((value) => value !== null).map((value) => JSON.stringify(value));
  return { keywords: plain, ...(distinct && { types: distinct }), ...(named && { enum: new Set(named) }) };
}

const getJsonType = (value: Json): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : Number.isInteger(value)
        ? 'integer'
        : typeof value;

function normalizeUnion(document: Json, union: Json[]): NormalizedSchema {
  const shapes = union.filter((each) => !isNull(each)).map((each) => normalizeSchema(document, each));
  const nullable = shapes.length < union.length || shapes.some(({ types }) => types?.has('null'));
  const known = shapes.every(({ types }) => types);
  const types = new Set(shapes.flatMap(({ types }) => [...(types ?? [])]));
  if (nullable) types.add('null');
  const [only] = shapes;
  if (only && shapes.length === 1) return { ...only, ...(known && { types }) };
  return { keywords: {}, ...(known && { types }), options: shapes.map(removeNullType) };
}

function removeNullType({ types, ...rest }: NormalizedSchema): NormalizedSchema {
  return types ? { ...rest, types: types.difference(new Set(['null'])) } : rest;
}

/** Returns the schema of values that fit both. */
function mergeSchemas(a: NormalizedSchema, b: NormalizedSchema): NormalizedSchema {
  const types = a.types && b.types ? intersectTypes(a.types, b.types) : (a.types ?? b.types);
  const values = a.enum && b.enum ? a.enum.intersection(b.enum) : (a.enum ?? b.enum);
  const options = a.options ?? b.options;
  const keywords = mergeKeywords(a.keywords, b.keywords);
  return { keywords, ...(types && { types }), ...(values && { enum: values }), ...(options && { options }) };
}

function mergeKeywords(
  a: NormalizedSchema['keywords'],
  b: NormalizedSchema['keywords'],
): NormalizedSchema['keywords'] {
  const merged: NormalizedSchema['keywords'] = {};
  for (const key of listKeys(a, b)) {
    const [one, other] = [a[key], b[key]];
    merged[key] = one === undefined || other === undefined ? (one ?? other) : mergeKeyword(key, one, other);
  }
  return merged;
}

function mergeKeyword(key: string, one: Json, other: Json): Json {
  if (key === 'required') return [...one, ...other];
  if (key === 'items' || key === 'additionalProperties') return { allOf: [one, other] };
  if (key === 'properties') return mergeFields(one, other);
  if (LOWER_LIMITS.includes(key)) return Math.max(one, other);
  if (UPPER_LIMITS.includes(key)) return Math.min(one, other);
  return other;
}

const mergeFields = (one: Json, other: Json): Json =>
  Object.fromEntries(
    listKeys(one, other).map((name) => [
      name,
      name in one && name in other ? { allOf: [one[name], other[name]] } : (one[name] ?? other[name]),
    ]),
  );

/** Returns the types that both allow. */
export function intersectTypes(a: Set<string>, b: Set<string>): Set<string> {
  const both = a.intersection(b);
  if (includesType('integer', a) && includesType('integer', b) && !both.has('number')) both.add('integer');
  return both;
}

/** Returns true if `types` include all values of this type. */
export const includesType = (type: string, types: Set<string>): boolean =>
  types.has(type) || (type === 'integer' && types.has('number'));

/** Returns the alternatives that a value must fit one of, without null. */
export function listOptions(shape: NormalizedSchema): NormalizedSchema[] {
  if (shape.options) return shape.options;
  const { types, ...rest } = removeNullType(shape);
  if (!types || types.size < 2) return [types ? { ...rest, types } : rest];
  return [...types].map((type) => ({ ...rest, types: new Set([type]) }));
}
