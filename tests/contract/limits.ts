/** Comparison of limits, patterns, formats and lists of values. */
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

/** Limits without an order: it is undecidable in general if one pattern or format includes another. */
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
    const effect = direction === 'requests' ? 'requests are more restricted' : 'responses guarantee less';
    return [createBreak(where, `${effect}: ${key} was ${formatValue(before)}, is ${formatValue(after)}`)];
  });
}

/** Converts every form of "no limit" to undefined. */
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

/**
 * Finds removed values, which have names in generated clients, and new ones in responses, which clients do
 * not know.
 */
export function findEnumBreaks(
  pair: Pair<NormalizedSchema>,
  direction: Direction,
  where: string,
): Difference[] {
  const [before, after] = [pair.released.enum, pair.present.enum];
  if (before && !after) return [createBreak(where, 'the enum was removed')];
  if (!after) return [];
  if (!before)
    return direction === 'requests'
      ? [createBreak(where, `${BREAK_PREFIXES.requests} anything but ${[...after].join(', ')}`)]
      : [];
  const removed = [...before.difference(after)].map((value) =>
    createBreak(where, `the value ${value} was removed`),
  );
  const added = direction === 'answers' ? [...after.difference(before)] : [];
  return [...removed, ...added.map((value) => createBreak(where, `${BREAK_PREFIXES.answers} ${value}`))];
}
