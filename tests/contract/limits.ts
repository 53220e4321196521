/** What a schema says of single values beside their type: limits, patterns, formats, lists of values. */
import { broken, type Difference, type Direction, type Json, NOW, nested, type Pair } from './differences.ts';
import { LOWER, type Shape, UPPER } from './shape.ts';

/** Nobody can tell in general whether one pattern or format allows what another does. */
const OPAQUE = ['pattern', 'format', 'multipleOf', 'uniqueItems'];

export const LIMITS = [...LOWER, ...UPPER, ...OPAQUE];

export function limitBreaks(
  { released, present }: Pair<Shape>,
  direction: Direction,
  where: string,
): Difference[] {
  return LIMITS.flatMap((key) => {
    const before = limitOf(key, released.keywords[key]);
    const after = limitOf(key, present.keywords[key]);
    if (before === after) return [];
    const { inner, outer } = nested({ released: before, present: after }, direction);
    if (isWithin(key, inner, outer)) return [];
    const effect = direction === 'requests' ? 'requests may hold less' : 'answers promise less';
    return [broken(where, `${effect}: ${key} was ${told(before)}, is ${told(after)}`)];
  });
}

/** Undefined stands for no limit, in whatever words. */
const limitOf = (key: string, value: Json): Json =>
  (key.startsWith('min') && key !== 'minimum' && value === 0) || value === false ? undefined : value;

function isWithin(key: string, inner: Json, outer: Json): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  if (LOWER.includes(key)) return inner >= outer;
  if (UPPER.includes(key)) return inner <= outer;
  return inner === outer;
}

const told = (value: Json): string => (value === undefined ? 'not set' : JSON.stringify(value));

/** Every value that was listed keeps its name in generated clients, and readers know only those that were. */
export function enumBreaks(pair: Pair<Shape>, direction: Direction, where: string): Difference[] {
  const [before, after] = [pair.released.enum, pair.present.enum];
  if (before && !after) return [broken(where, 'its closed list of values is gone')];
  if (!after) return [];
  if (!before)
    return direction === 'requests'
      ? [broken(where, `${NOW.requests} anything but ${[...after].join(', ')}`)]
      : [];
  const gone = [...before.difference(after)].map((value) => broken(where, `the value ${value} is gone`));
  const added = direction === 'answers' ? [...after.difference(before)] : [];
  return [...gone, ...added.map((value) => broken(where, `${NOW.answers} ${value}`))];
}
