/** Search for additions to the API that CHANGELOG.md does not name. */
import type { Change } from './oasdiff.ts';

export interface Addition {
  kind: 'operation' | 'parameter' | 'field' | 'request body' | 'header';
  /** Name that documents it in CHANGELOG.md, as an alternative to the path of an operation. */
  name: string;
  /** Method and path of the operation. */
  where: string;
}

const ADDITION_KINDS: Record<string, Addition['kind']> = {
  'endpoint-added': 'operation',
  'new-optional-request-default-parameter-to-existing-path': 'parameter',
  'new-optional-request-parameter': 'parameter',
  'new-optional-request-property': 'field',
  'request-body-added-optional': 'request body',
  'response-header-added': 'header',
  'response-optional-property-added': 'field',
  'response-required-property-added': 'field',
};

/** Returns undefined for changes that are not additions. */
export function toAddition({ id, text, operation, path, operationId }: Change): Addition | undefined {
  const kind = ADDITION_KINDS[id];
  if (kind === undefined) return undefined;
  // Texts give the path of a field (`data/items/label`); its own name is the last part.
  const name = /(?:parameter|property|header) `(?:[^`]*\/)?([^`]+)`/.exec(text)?.[1];
  return {
    kind,
    name: (kind === 'operation' ? operationId : name) ?? kind,
    where: `${operation} ${path}`,
  };
}

/** Returns the names in backticks under `## Unreleased`. */
export function listUnreleasedNames(changelog: string): string[] {
  const section = changelog.split(/^## /m).find((each) => each.startsWith('Unreleased\n')) ?? '';
  return [...section.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replaceAll(/\s+/g, ' ').trim());
}

/**
 * Returns true if a name from the changelog documents the addition. An operation is documented by its id, or
 * by its path with or without its method; `{collection}` stands for any collection. Other additions are
 * documented by their name within any text (`include=retracted`, `meta.nextCursor`) except a path, which
 * documents operations only.
 */
export function isDocumentedBy(changelogName: string, { kind, name, where }: Addition): boolean {
  const [, method, path, query = ''] = /^(?:([A-Z]+) )?(\/[^?]*)(\?.*)?$/.exec(changelogName) ?? [];
  if (kind !== 'operation') return hasWord(path === undefined ? changelogName : query, name);
  if (path === undefined) return changelogName === name;
  const [itsMethod, itsPath = ''] = where.split(' ');
  return (!method || method === itsMethod) && toPathPattern(path).test(itsPath);
}

/**
 * `{collection}` matches one literal segment, so that `/v1/{collection}/{id}` does not document
 * `/v1/events/facets`.
 */
const toPathPattern = (path: string): RegExp =>
  new RegExp(`^${RegExp.escape(path).replaceAll(RegExp.escape('{collection}'), '[a-z-]+')}$`);

const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w-])${RegExp.escape(word)}(?![\\w-])`, 'i').test(text);
