/** Search for unreadable or unpredictable names in generated sources. */
import type { Sdk, Ugliness } from './sdk.ts';

/** Generated file. */
export interface Source {
  path: string;
  text: string;
}

export interface UglyName {
  match: string;
  what: string;
  /** Number of occurrences. */
  count: number;
  /** First occurrence, as `path:line`. */
  place: string;
  /** Reason why the name is allowed, or undefined. */
  reason: string | undefined;
}

export interface NameCount {
  files: number;
  /** Distinct matches. */
  ugly: UglyName[];
  /** Allowed matches that no longer occur and must be removed from the list. */
  stale: string[];
}

export function countNames(sources: Source[], { ugly, allowed }: Pick<Sdk, 'ugly' | 'allowed'>): NameCount {
  const found = new Map<string, UglyName>();
  const reasonFor = (match: string) => (Object.hasOwn(allowed, match) ? allowed[match] : undefined);
  for (const source of sources) {
    for (const { match, what, place } of matchesIn(source, ugly)) {
      const known = found.get(match);
      if (known) known.count += 1;
      else found.set(match, { match, what, count: 1, place, reason: reasonFor(match) });
    }
  }
  return {
    files: sources.length,
    ugly: [...found.values()].sort((a, b) => b.count - a.count || (a.match < b.match ? -1 : 1)),
    stale: Object.keys(allowed).filter((match) => !found.has(match)),
  };
}

/** Finds all matches in a file. Counts a match of several patterns at the same position once. */
function matchesIn({ path, text }: Source, ugly: Ugliness[]) {
  const found = new Map<string, { match: string; what: string; place: string }>();
  for (const { what, pattern } of ugly) {
    if (!pattern.global) throw new Error(`The pattern ${pattern} must have the g flag`);
    for (const { 0: match, index } of text.matchAll(pattern)) {
      const key = `${index}:${match}`;
      if (match !== '' && !found.has(key))
        found.set(key, { match, what, place: `${path}:${lineOf(text, index)}` });
    }
  }
  return [...found.values()];
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** Returns a line for each distinct name that is not allowed, and for each allowed one that is gone. */
export function nameFailures({ files, ugly, stale }: NameCount): string[] {
  if (files === 0) return ['no generated files found'];
  return [
    ...ugly
      .filter(({ reason }) => reason === undefined)
      .map(
        ({ match, what, count, place }) =>
          `${what}: ${JSON.stringify(match)}, ${count} times, first in ${place}`,
      ),
    ...stale.map(
      (match) => `${JSON.stringify(match)} is allowed but no longer occurs: remove it from the list`,
    ),
  ];
}
