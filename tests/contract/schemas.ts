/**
 * Schemas, by who bears a change. A request must go on being accepted: what was allowed is allowed. An answer must go
 * on being understood: what is allowed was allowed. And names that generated clients took must stay.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type Addition,
  broken,
  type Contract,
  type Difference,
  type Direction,
  type Json,
  keysOf,
  NOW,
  nested,
  type Pair,
  throughComponents,
  unknownChanges,
} from './differences.ts';
import { enumBreaks, LIMITS, limitBreaks } from './limits.ts';
import { common, isIn, nameOf, optionsOf, type Shape, shapeOf } from './shape.ts';

/** The keywords with a rule, here or in `limits.ts`. Those of a wrapper are already in the shape. */
const RULED = ['properties', 'required', 'additionalProperties', 'items', 'default', ...LIMITS];
const WRAPPERS = ['$ref', 'allOf', 'anyOf', 'oneOf', 'type'];

export function compareSchemas(
  contract: Contract,
  pair: Pair,
  direction: Direction,
  where: string,
): Difference[] {
  const names = { released: nameOf(pair.released), present: nameOf(pair.present) };
  const name = names.released;
  if (name !== undefined && name === names.present)
    return [
      ...nullBreaks(contract, pair, direction, where),
      ...unknownChanges(pair, WRAPPERS, where),
      ...compareNamed(contract, name, direction),
    ];
  const key = `${direction} ${name} ${names.present}`;
  if (contract.comparing.has(key)) return [];
  if (name !== undefined) contract.comparing.add(key);
  const differences = compareShapes(contract, shapesOf(contract, pair), direction, where);
  contract.comparing.delete(key);
  return [...renamedType(contract, names, where), ...differences];
}

/** A component that both documents have, once in each direction, where it is defined. */
export function compareNamed(contract: Contract, name: string, direction: Direction): Difference[] {
  const reference = referenceTo(name);
  const compare = (pair: Pair, where: string) =>
    compareShapes(contract, shapesOf(contract, pair), direction, where);
  return throughComponents(contract, { released: reference, present: reference }, '', compare, direction);
}

const referenceTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const shapesOf = ({ documents }: Contract, { released, present }: Pair): Pair<Shape> => ({
  released: shapeOf(documents.released, released),
  present: shapeOf(documents.present, present),
});

/** Of values that have a component's type: whether they may be null although the component says nothing of it. */
function nullBreaks(contract: Contract, pair: Pair, direction: Direction, where: string): Difference[] {
  const shapes = shapesOf(contract, pair);
  const own = (shape: Shape, document: Json) =>
    shape.types?.has('null') && !shapeOf(document, referenceTo(shape.name ?? '')).types?.has('null');
  const { inner, outer } = nested(
    {
      released: own(shapes.released, contract.documents.released),
      present: own(shapes.present, contract.documents.present),
    },
    direction,
  );
  return inner && !outer ? [broken(where, `${NOW[direction]} null`)] : [];
}

/** Generated clients have a type of this name here. That the component is gone altogether is said once, elsewhere. */
function renamedType({ documents }: Contract, names: Pair<string | undefined>, where: string): Difference[] {
  const { released, present = 'without a name' } = names;
  if (released === undefined || !documents.present.components?.schemas?.[released]) return [];
  return [broken(where, `its type was ${released}, is ${present}`)];
}

function compareShapes(
  contract: Contract,
  pair: Pair<Shape>,
  direction: Direction,
  where: string,
): Difference[] {
  const { released, present } = pair;
  const types = typeBreaks(pair, direction, where);
  if (released.options || present.options)
    return [
      ...types,
      ...compareOptions(contract, pair, direction, where),
      ...besides(contract, pair, direction, where),
    ];
  // What is another thing altogether need not be taken apart.
  if (types.length > 0 && !overlap(pair)) return types;
  return [...types, ...enumBreaks(pair, direction, where), ...besides(contract, pair, direction, where)];
}

/** All that a schema says beside types, values and options. */
function besides(contract: Contract, pair: Pair<Shape>, direction: Direction, where: string): Difference[] {
  // What one side says of the whole, the other may say of each option.
  if (!pair.released.options !== !pair.present.options) return [];
  const keywords = { released: pair.released.keywords, present: pair.present.keywords };
  return [
    ...limitBreaks(pair, direction, where),
    ...compareFields(contract, keywords, direction, where),
    ...compareInner(contract, keywords, 'items', direction, where),
    ...compareInner(contract, keywords, 'additionalProperties', direction, where),
    ...defaultBreaks(keywords, direction, where),
    ...unknownChanges(keywords, RULED, where),
  ];
}

function typeBreaks(pair: Pair<Shape>, direction: Direction, where: string): Difference[] {
  const { inner, outer } = nested(pair, direction);
  const allowed = outer.types;
  if (!allowed) return [];
  const types = inner.types ? [...inner.types].filter((type) => !isIn(type, allowed)) : ['any type'];
  return types.map((type) => broken(where, `${NOW[direction]} ${type}`));
}

function overlap({ released, present }: Pair<Shape>): boolean {
  if (!released.types || !present.types) return true;
  return [...common(released.types, present.types)].some((type) => type !== 'null');
}

/** Each option must fit one of the other side's; if it fits none, what it lacks is told of its namesake. */
function compareOptions(
  contract: Contract,
  pair: Pair<Shape>,
  direction: Direction,
  where: string,
): Difference[] {
  const { inner, outer } = nested(
    { released: optionsOf(pair.released), present: optionsOf(pair.present) },
    direction,
  );
  return inner.flatMap((option) => {
    const tried = outer.map((other) => {
      const [released, present] = direction === 'requests' ? [option, other] : [other, option];
      const isNamesake = option.name !== undefined && option.name === other.name;
      const found = isNamesake
        ? compareNamed(contract, option.name as string, direction)
        : compareShapes(contract, { released, present }, direction, where);
      return {
        isNamesake,
        found,
        renamed: renamedOption(contract, pair.present, { released, present }, where),
      };
    });
    const fitting = tried.filter(({ found }) => !found.some(({ kind }) => kind === 'break'));
    const best =
      fitting.find(({ renamed }) => renamed.length === 0) ??
      fitting[0] ??
      tried.find(({ isNamesake }) => isNamesake);
    if (best) return [...best.renamed, ...best.found];
    const label = option.name ?? [...(option.types ?? ['anything'])].join(' or ');
    return [broken(where, `${NOW[direction]} ${label}, one of its alternatives, as it is described`)];
  });
}

/** An alternative that lost its name, unless that still stands for another one. */
function renamedOption(contract: Contract, union: Shape, pair: Pair<Shape>, where: string): Difference[] {
  const { released, present } = pair;
  if (optionsOf(union).some(({ name }) => name === released.name)) return [];
  return renamedType(contract, { released: released.name, present: present.name }, where);
}

function compareFields(
  contract: Contract,
  { released, present }: Pair,
  direction: Direction,
  where: string,
): Difference[] {
  const [before, after] = [released.properties ?? {}, present.properties ?? {}];
  const wasRequired = new Set<string>(released.required);
  const isRequired = new Set<string>(present.required);
  const names = new Set([...keysOf(before, after), ...wasRequired, ...isRequired]);
  return [...names].flatMap((name): Difference[] => {
    const place = `${where}/properties/${name}`;
    const required: Difference[] =
      direction === 'requests' && isRequired.has(name) && !wasRequired.has(name)
        ? [broken(place, 'requests must have it now')]
        : direction === 'answers' && wasRequired.has(name) && !isRequired.has(name)
          ? [broken(place, 'answers may leave it out now')]
          : [];
    if (!(name in after)) return name in before ? [broken(place, 'the field is gone')] : required;
    if (!(name in before)) return [...required, addedField(place, name, after[name])];
    return [
      ...required,
      ...compareSchemas(contract, { released: before[name], present: after[name] }, direction, place),
    ];
  });
}

const addedField = (where: string, name: string, node: Json): Addition => ({
  kind: 'addition',
  where,
  of: 'field',
  name,
  node,
});

/** Items of arrays, and fields that have no name in the schema. */
function compareInner(
  contract: Contract,
  { released, present }: Pair,
  key: 'items' | 'additionalProperties',
  direction: Direction,
  where: string,
): Difference[] {
  if (released[key] === undefined && present[key] === undefined) return [];
  const [before, after] = [released[key] ?? {}, present[key] ?? {}];
  // Answers may always grow fields.
  if (before === false) return [];
  if (after === false)
    return direction === 'requests'
      ? [broken(where, `${NOW.requests} other ${key === 'items' ? 'items' : 'fields'}`)]
      : [];
  return compareSchemas(contract, { released: before, present: after }, direction, `${where}/${key}`);
}

function defaultBreaks({ released, present }: Pair, direction: Direction, where: string): Difference[] {
  const [before, after] = [released.default, present.default];
  if (direction === 'answers' || before === undefined || isDeepStrictEqual(before, after)) return [];
  return [
    broken(
      where,
      `who leaves it out gets something else: the default was ${JSON.stringify(before)}, is ${JSON.stringify(after) ?? 'not set'}`,
    ),
  ];
}
