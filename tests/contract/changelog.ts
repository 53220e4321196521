/** Whether CHANGELOG.md tells what is new. */
import type { Addition } from './differences.ts';

/** An addition that is not told, with all the places where it shows. */
export interface UndocumentedAddition {
  of: Addition['of'];
  /** What to call it. */
  name: string;
  where: string[];
}

/** What stands in backticks under `## Unreleased`. */
export function unreleasedNames(changelog: string): string[] {
  const section = changelog.split(/^## /m).find((each) => each.startsWith('Unreleased\n')) ?? '';
  return [...section.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replaceAll(/\s+/g, ' ').trim());
}

/**
 * An operation is told by its id or by its path, with or without its method; `{collection}` stands there for any
 * collection. All else is told by its name alone, whatever stands around it (`include=retracted`, `meta.nextCursor`),
 * except in a path: that says something of operations only.
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

/** `{collection}` is one literal segment, so that `/v1/{collection}/{id}` tells nothing of `/v1/events/facets`. */
const toPathPattern = (path: string): RegExp =>
  new RegExp(`^${RegExp.escape(path).replaceAll(RegExp.escape('{collection}'), '[a-z-]+')}$`);

const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w-])${RegExp.escape(word)}(?![\\w-])`, 'i').test(text);
