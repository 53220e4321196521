/**
 * Comparison of schemas by direction. Requests must still be accepted: whatever was allowed is allowed.
 * Responses must still be understood: whatever is allowed was allowed. Names in generated clients must stay.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type Addition,
  BREAK_PREFIXES,
  type ComparisonState,
  compareComponents,
  createBreak,
  type Difference,
  type Direction,
  findUnknownChanges,
  type Json,
  listKeys,
  orderByDirection,
  type Pair,
} from './differences.ts';
import { findEnumBreaks, findLimitBreaks, LIMITS } from './limits.ts';
import {
  getTypeName,
  includesType,
  intersectTypes,
  listOptions,
  type NormalizedSchema,
  normalizeSchema,
} from './shape.ts';

/** Keywords with a rule here or in `limits.ts`. `normalizeSchema` resolves those of a wrapper. */
const CHECKED_KEYWORDS = ['properties', 'required', 'additionalProperties', 'items', 'default', ...LIMITS];
const WRAPPERS = ['$ref', 'allOf', 'anyOf', 'oneOf', 'type'];

export function compareSchemas(
  contract: ComparisonState,
  pair: Pair,
  direction: Direction,
  where: string,
): Difference[] {
  const names = { released: getTypeName(pair.released), present: getTypeName(pair.present) };
  const name = names.released;
  if (name !== undefined && name === names.present)
    return [
      ...findNullBreaks(contract, pair, direction, where),
      ...findUnknownChanges(pair, WRAPPERS, where),
      ...compareNamed(contract, name, direction),
    ];
  const key = `${direction} ${name} ${names.present}`;
  if (contract.comparing.has(key)) return [];
  if (name !== undefined) contract.comparing.add(key);
  const differences = compareNormalized(contract, normalizePair(contract, pair), direction, where);
  contract.comparing.delete(key);
  return [...findRenamedType(contract, names, where), ...differences];
}

/** Compares a component that both documents have, once in each direction, where it is defined. */
export function compareNamed(contract: ComparisonState, name: string, direction: Direction): Difference[] {
  const reference = createReference(name);
  const compare = (pair: Pair, where: string) =>
    compareNormalized(contract, normalizePair(contract, pair), direction, where);
  return compareComponents(contract, { released: reference, present: reference }, '', compare, direction);
}

const createReference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const normalizePair = (
  { documents }: ComparisonState,
  { released, present }: Pair,
): Pair<NormalizedSchema> => ({
  released: normalizeSchema(documents.released, released),
  present: normalizeSchema(documents.present, present),
});

/** Finds references to a component that are nullable only on one side. */
function findNullBreaks(
  contract: ComparisonState,
  pair: Pair,
  direction: Direction,
  where: string,
): Difference[] {
  const shapes = normalizePair(contract, pair);
  const own = (shape: NormalizedSchema, document: Json) =>
    shape.types?.has('null') &&
    !normalizeSchema(document, createReference(shape.name ?? '')).types?.has('null');
  const { inner, outer } = orderByDirection(
    {
      released: own(shapes.released, contract.documents.released),
      present: own(shapes.present, contract.documents.present),
    },
    direction,
  );
  return inner && !outer ? [createBreak(where, `${BREAK_PREFIXES[direction]} null`)] : [];
}

/**
 * Reports a change of the type's name, which generated clients use. A removed component is reported
 * elsewhere, once.
 */
function findRenamedType(
  { documents }: ComparisonState,
  names: Pair<string | undefined>,
  where: string,
): Difference[] {
  const { released, present = 'unnamed' } = names;
  if (released === undefined || !documents.present.components?.schemas?.[released]) return [];
  return [createBreak(where, `its type was ${released}, is ${present}`)];
}

function compareNormalized(
  contract: ComparisonState,
  pair: Pair<NormalizedSchema>,
  direction: Direction,
  where: string,
): Difference[] {
  const { released, present } = pair;
  const types = findTypeBreaks(pair, direction, where);
  if (released.options || present.options)
    return [
      ...types,
      ...compareOptions(contract, pair, direction, where),
      ...compareOtherKeywords(contract, pair, direction, where),
    ];
  // Details of an entirely different type are irrelevant.
  if (types.length > 0 && !hasCommonType(pair)) return types;
  return [
    ...types,
    ...findEnumBreaks(pair, direction, where),
    ...compareOtherKeywords(contract, pair, direction, where),
  ];
}

/** Compares the keywords other than types, values and options. */
function compareOtherKeywords(
  contract: ComparisonState,
  pair: Pair<NormalizedSchema>,
  direction: Direction,
  where: string,
): Difference[] {
  // One side may state for the schema what the other states for each option.
  if (!pair.released.options !== !pair.present.options) return [];
  const keywords = { released: pair.released.keywords, present: pair.present.keywords };
  return [
    ...findLimitBreaks(pair, direction, where),
    ...compareFields(contract, keywords, direction, where),
    ...compareInner(contract, keywords, 'items', direction, where),
    ...compareInner(contract, keywords, 'additionalProperties', direction, where),
    ...findDefaultBreaks(keywords, direction, where),
    ...findUnknownChanges(keywords, CHECKED_KEYWORDS, where),
  ];
}

function findTypeBreaks(pair: Pair<NormalizedSchema>, direction: Direction, where: string): Difference[] {
  const { inner, outer } = orderByDirection(pair, direction);
  const allowed = outer.types;
  if (!allowed) return [];
  const types = inner.types ? [...inner.types].filter((type) => !includesType(type, allowed)) : ['any type'];
  return types.map((type) => createBreak(where, `${BREAK_PREFIXES[direction]} ${type}`));
}

function hasCommonType({ released, present }: Pair<NormalizedSchema>): boolean {
  if (!released.types || !present.types) return true;
  return [...intersectTypes(released.types, present.types)].some((type) => type !== 'null');
}

/**
 * Each option must fit one of the other side; if it fits none, the differences from its namesake are
 * reported.
 */
function compareOptions(
  contract: ComparisonState,
  pair: Pair<NormalizedSchema>,
  direction: Direction,
  where: string,
): Difference[] {
  const { inner, outer } = orderByDirection(
    { released: listOptions(pair.released), present: listOptions(pair.present) },
    direction,
  );
  return inner.flatMap((option) => {
    const candidates = outer.map((other) => {
      const [released, present] = direction === 'requests' ? [option, other] : [other, option];
      const isNamesake = option.name !== undefined && option.name === other.name;
      const differences = isNamesake
        ? compareNamed(contract, option.name as string, direction)
        : compareNormalized(contract, { released, present }, direction, where);
      return {
        isNamesake,
        differences,
        renamed: findRenamedOption(contract, pair.present, { released, present }, where),
      };
    });
    const compatible = candidates.filter(
      ({ differences }) => !differences.some(({ kind }) => kind === 'break'),
    );
    const best =
      compatible.find(({ renamed }) => renamed.length === 0) ??
      compatible[0] ??
      candidates.find(({ isNamesake }) => isNamesake);
    if (best) return [...best.renamed, ...best.differences];
    const label = option.name ?? [...(option.types ?? ['anything'])].join(' or ');
    return [createBreak(where, `${BREAK_PREFIXES[direction]} the alternative ${label}`)];
  });
}

/** Finds an alternative that lost its name, unless another one still has that name. */
function findRenamedOption(
  contract: ComparisonState,
  union: NormalizedSchema,
  pair: Pair<NormalizedSchema>,
  where: string,
): Difference[] {
  const { released, present } = pair;
  if (listOptions(union).some(({ name }) => name === released.name)) return [];
  return findRenamedType(contract, { released: released.name, present: present.name }, where);
}

function compareFields(
  contract: ComparisonState,
  { released, present }: Pair,
  direction: Direction,
  where: string,
): Difference[] {
  const [before, after] = [released.properties ?? {}, present.properties ?? {}];
  const wasRequired = new Set<string>(released.required);
  const isRequired = new Set<string>(present.required);
  const names = new Set([...listKeys(before, after), ...wasRequired, ...isRequired]);
  return [...names].flatMap((name): Difference[] => {
    const place = `${where}/properties/${name}`;
    const required: Difference[] =
      direction === 'requests' && isRequired.has(name) && !wasRequired.has(name)
        ? [createBreak(place, 'it is now required in requests')]
        : direction === 'answers' && wasRequired.has(name) && !isRequired.has(name)
          ? [createBreak(place, 'it is now optional in responses')]
          : [];
    if (!(name in after)) return name in before ? [createBreak(place, 'the field was removed')] : required;
    if (!(name in before)) return [...required, createFieldAddition(place, name, after[name])];
    return [
      ...required,
      ...compareSchemas(contract, { released: before[name], present: after[name] }, direction, place),
    ];
  });
}

const createFieldAddition = (where: string, name: string, node: Json): Addition => ({
  kind: 'addition',
  where,
  of: 'field',
  name,
  node,
});

/** Compares the items of arrays, and the fields that the schema does not name. */
function compareInner(
  contract: ComparisonState,
  { released, present }: Pair,
  key: 'items' | 'additionalProperties',
  direction: Direction,
  where: string,
): Difference[] {
  if (released[key] === undefined && present[key] === undefined) return [];
  const [before, after] = [released[key] ?? {}, present[key] ?? {}];
  // Fields may always be added to responses.
  if (before === false) return [];
  if (after === false)
    return direction === 'requests'
      ? [createBreak(where, `${BREAK_PREFIXES.requests} other ${key === 'items' ? 'items' : 'fields'}`)]
      : [];
  return compareSchemas(contract, { released: before, present: after }, direction, `${where}/${key}`);
}

function findDefaultBreaks({ released, present }: Pair, direction: Direction, where: string): Difference[] {
  const [before, after] = [released.default, present.default];
  if (direction === 'answers' || before === undefined || isDeepStrictEqual(before, after)) return [];
  return [
    createBreak(
      where,
      `requests without it change their meaning: the default was ${JSON.stringify(before)}, is ${JSON.stringify(after) ?? 'not set'}`,
    ),
  ];
}
