/** Search for additions that CHANGELOG.md does not document. */
import type { Addition } from './differences.ts';

/** Undocumented addition, with all the places where it appears. */
export interface UndocumentedAddition {
  of: Addition['of'];
  name: string;
  where: string[];
}

/** Returns the names in backticks under `## Unreleased`. */
export function unreleasedNames(changelog: string): string[] {
  const section = changelog.split(/^## /m).find((each) => each.startsWith('Unreleased\n')) ?? '';
  return [...section.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replaceAll(/\s+/g, ' ').trim());
}

/**
 * Finds the additions that the changelog does not name. An operation is documented by its id, or by its path
 * with or without its method; `{collection}` stands for any collection. Other additions are documented by
 * their name within any text (`include=retracted`, `meta.nextCursor`) except a path, which documents
 * operations only.
 */
export function findUndocumented(additions: Addition[], changelog: string): UndocumentedAddition[] {
  const names = unreleasedNames(changelog);
  const undocumented = additions.filter((each) => !names.some((name) => isDocumentedBy(name, each)));
  const groups = Map.groupBy(
    undocumented,
    ({ of, name, where }) => `${of} ${of === 'operation' ? where : name}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ of: first.of, name: first.name, where: group.map(({ where }) => where) }] : [];
  });
}

function isDocumentedBy(changelogName: string, { of, name, where }: Addition): boolean {
  const [, method, path, query = ''] = /^(?:([A-Z]+) )?(\/[^?]*)(\?.*)?$/.exec(changelogName) ?? [];
  if (of !== 'operation') return hasWord(path === undefined ? changelogName : query, name);
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
