/** What a schema says of single values beside their type: limits, patterns, formats, lists of values. */
import {
  BREAK_PREFIXES,
  createBreak,
  type Difference,
  type Direction,
  type Json,
  orderByDirection,
  type Pair,
} from './differences.ts';
import { LOWER_LIMITS, type NormalizedSchema, UPPER_LIMITS } from './shape.ts';

/** Nobody can tell in general whether one pattern or format allows what another does. */
const UNORDERED_LIMITS = ['pattern', 'format', 'multipleOf', 'uniqueItems'];

export const LIMITS = [...LOWER_LIMITS, ...UPPER_LIMITS, ...UNORDERED_LIMITS];

export function findLimitBreaks(
  { released, present }: Pair<NormalizedSchema>,
  direction: Direction,
  where: string,
): Difference[] {
  return LIMITS.flatMap((key) => {
    const before = normalizeLimit(key, released.keywords[key]);
    const after = normalizeLimit(key, present.keywords[key]);
    if (before === after) return [];
    const { inner, outer } = orderByDirection({ released: before, present: after }, direction);
    if (isWithin(key, inner, outer)) return [];
    const effect = direction === 'requests' ? 'requests may hold less' : 'answers promise less';
    return [createBreak(where, `${effect}: ${key} was ${formatValue(before)}, is ${formatValue(after)}`)];
  });
}

/** Undefined stands for no limit, in whatever words. */
const normalizeLimit = (key: string, value: Json): Json =>
  (key.startsWith('min') && key !== 'minimum' && value === 0) || value === false ? undefined : value;

function isWithin(key: string, inner: Json, outer: Json): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  if (LOWER_LIMITS.includes(key)) return inner >= outer;
  if (UPPER_LIMITS.includes(key)) return inner <= outer;
  return inner === outer;
}

const formatValue = (value: Json): string => (value === undefined ? 'not set' : JSON.stringify(value));

/** Every value that was listed keeps its name in generated clients, and readers know only those that were. */
export function findEnumBreaks(
  pair: Pair<NormalizedSchema>,
  direction: Direction,
  where: string,
): Difference[] {
  const [before, after] = [pair.released.enum, pair.present.enum];
  if (before && !after) return [createBreak(where, 'its closed list of values is gone')];
  if (!after) return [];
  if (!before)
    return direction === 'requests'
      ? [createBreak(where, `${BREAK_PREFIXES.requests} anything but ${[...after].join(', ')}`)]
      : [];
  const removed = [...before.difference(after)].map((value) =>
    createBreak(where, `the value ${value} is gone`),
  );
  const added = direction === 'answers' ? [...after.difference(before)] : [];
  return [...removed, ...added.map((value) => createBreak(where, `${BREAK_PREFIXES.answers} ${value}`))];
}
