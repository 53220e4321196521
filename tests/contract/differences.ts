/** What the modules of the comparison have in common: both documents, and what was found. */
import { isDeepStrictEqual } from 'node:util';

// biome-ignore lint/suspicious/noExplicitAny: documents are taken as they come; what is not known in them is compared whole
export type Json = any;

/** Two of a kind: as it was released, and as it is now. */
export interface Pair<T = Json> {
  released: T;
  present: T;
}

/** Who has to bear it if a schema changes: who sends what it describes, or who reads it. */
export type Direction = 'requests' | 'answers';

export interface Break {
  kind: 'break';
  /** A JSON pointer without its slash, or a method and path and what is meant there. */
  where: string;
  what: string;
}

export interface Addition {
  kind: 'addition';
  where: string;
  of: 'operation' | 'parameter' | 'field' | 'header' | 'schema';
  /** What CHANGELOG.md may call it, beside the path of an operation. */
  name: string;
  /** What was added, so that what comes with it needs no name of its own. */
  node: Json;
}

export type Difference = Break | Addition;

/** Both documents, and the components that were compared already, by direction and name. */
export interface ComparisonState {
  documents: Pair;
  compared: Map<string, Difference[]>;
  /** Types of different names that are being compared: either may have itself inside. */
  comparing: Set<string>;
}

/** What the first word of a break of each direction is. */
export const BREAK_PREFIXES: Record<Direction, string> = {
  requests: 'requests may no longer hold',
  answers: 'answers may now hold',
};

/** All that is in `inner` must be in `outer`: what clients sent until now, or what they get from now on. */
export const orderByDirection = <T>(
  { released, present }: Pair<T>,
  direction: Direction,
): { inner: T; outer: T } =>
  direction === 'requests' ? { inner: released, outer: present } : { inner: present, outer: released };

export const createBreak = (where: string, what: string): Break => ({ kind: 'break', where, what });

/** What tells readers something, and clients nothing. */
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

/** Nothing slips through for being new to this check: what it has no rule for must stay as it is. */
export function findUnknownChanges({ released, present }: Pair, known: string[], where: string): Break[] {
  return listKeys(released, present)
    .filter((key) => !known.includes(key) && !isAnnotation(key))
    .filter((key) => !isDeepStrictEqual(released?.[key], present?.[key]))
    .map((key) => createBreak(where, `${key} changed, and this check has no rule that would permit it`));
}

/** The component that `{$ref}` leads to, through further references if need be. */
export function resolveReference(document: Json, node: Json): Json {
  let resolved = node;
  for (let hops = 0; resolved?.$ref !== undefined; hops++) {
    const target = String(resolved.$ref);
    if (!target.startsWith('#/') || hops > 20) throw new Error(`${target} cannot be followed`);
    resolved = target
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce((inner, part) => inner?.[part], document);
    if (resolved === undefined) throw new Error(`${target} leads nowhere`);
  }
  return resolved;
}

/** `section/name` of the component that is meant, if one is. */
export const getComponentName = (node: Json): string | undefined =>
  typeof node?.$ref === 'string' ? node.$ref.replace(/^#\/components\//, '') : undefined;

/** Compares a component that both sides use once, where it is defined; whatever else, where it is used. */
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
  // A schema may have itself inside.
  compared.set(key, []);
  const differences = compare(resolved, `components/${name}`);
  compared.set(key, differences);
  return differences;
}
