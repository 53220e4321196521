/** Types and helpers that the modules of the comparison share. */
import { isDeepStrictEqual } from 'node:util';

// biome-ignore lint/suspicious/noExplicitAny: documents are not validated; unknown parts must be equal
export type Json = any;

/** Released and present form of the same thing. */
export interface Pair<T = Json> {
  released: T;
  present: T;
}

/** Direction in which values of a schema are sent: clients send requests and read answers (responses). */
export type Direction = 'requests' | 'answers';

export interface Break {
  kind: 'break';
  /** JSON pointer without its first slash, or a method and path followed by the part that is meant. */
  where: string;
  what: string;
}

export interface Addition {
  kind: 'addition';
  where: string;
  of: 'operation' | 'parameter' | 'field' | 'header' | 'schema';
  /** Name that documents it in CHANGELOG.md, as an alternative to the path of an operation. */
  name: string;
  /** Added node; schemas that it uses need not be documented separately. */
  node: Json;
}

export type Difference = Break | Addition;

/** Both documents, and the results for components that were already compared, by direction and name. */
export interface ComparisonState {
  documents: Pair;
  compared: Map<string, Difference[]>;
  /** Pairs of types with different names that are being compared, because either may be recursive. */
  comparing: Set<string>;
}

/** First words of a breaking change in each direction. */
export const BREAK_PREFIXES: Record<Direction, string> = {
  requests: 'requests may no longer contain',
  answers: 'responses may now contain',
};

/** Orders a pair so that all values of `inner`, the ones that are sent, must be allowed by `outer`. */
export const orderByDirection = <T>(
  { released, present }: Pair<T>,
  direction: Direction,
): { inner: T; outer: T } =>
  direction === 'requests' ? { inner: released, outer: present } : { inner: present, outer: released };

export const createBreak = (where: string, what: string): Break => ({ kind: 'break', where, what });

/** Keywords that inform readers and do not affect clients. */
const ANNOTATIONS = new Set([
  'title',
  'summary',
  'description',
  'example',
  'examples',
  'externalDocs',
  'deprecated',
  '$comment',
]);

export const isAnnotation = (key: string): boolean => ANNOTATIONS.has(key) || key.startsWith('x-');

export const listKeys = (...objects: (object | undefined)[]): string[] => [
  ...new Set(objects.flatMap((object) => Object.keys(object ?? {}))),
];

/** Reports every change of a keyword without a rule, so that unknown keywords cannot change unnoticed. */
export function findUnknownChanges({ released, present }: Pair, known: string[], where: string): Break[] {
  return listKeys(released, present)
    .filter((key) => !known.includes(key) && !isAnnotation(key))
    .filter((key) => !isDeepStrictEqual(released?.[key], present?.[key]))
    .map((key) => createBreak(where, `${key} changed, and no rule of this check permits that`));
}

/** Returns the component that `{$ref}` refers to, directly or through further references. */
export function resolveReference(document: Json, node: Json): Json {
  let resolved = node;
  for (let hops = 0; resolved?.$ref !== undefined; hops++) {
    const target = String(resolved.$ref);
    if (!target.startsWith('#/') || hops > 20) throw new Error(`Cannot resolve ${target}`);
    resolved = target
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce((inner, part) => inner?.[part], document);
    if (resolved === undefined) throw new Error(`${target} does not exist`);
  }
  return resolved;
}

/** Returns `section/name` of the referenced component, if `node` is a reference. */
export const getComponentName = (node: Json): string | undefined =>
  typeof node?.$ref === 'string' ? node.$ref.replace(/^#\/components\//, '') : undefined;

/**
 * Compares a component that both sides refer to once, where it is defined, and anything else where it is
 * used.
 */
export function compareComponents(
  contract: ComparisonState,
  pair: Pair,
  where: string,
  compare: (resolved: Pair, where: string) => Difference[],
  direction: Direction | '' = '',
): Difference[] {
  const { documents, compared } = contract;
  const name = getComponentName(pair.released);
  const isSame = name !== undefined && name === getComponentName(pair.present);
  const key = `${direction} ${name}`;
  const known = isSame && compared.get(key);
  if (known) return known;
  const resolved = {
    released: resolveReference(documents.released, pair.released),
    present: resolveReference(documents.present, pair.present),
  };
  if (!isSame) return compare(resolved, where);
  // A schema may be recursive.
  compared.set(key, []);
  const differences = compare(resolved, `components/${name}`);
  compared.set(key, differences);
  return differences;
}
