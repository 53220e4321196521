/** Counts names in generated sources that no reader would want to see or guess. */
import type { Sdk, Ugliness } from './sdk.ts';

/** A generated file. */
export interface Source {
  path: string;
  text: string;
}

export interface UglyName {
  match: string;
  what: string;
  /** How often it occurs. */
  count: number;
  /** Where it occurs first, as `path:line`. */
  place: string;
  /** Why it may stay, or undefined. */
  reason: string | undefined;
}

export interface NameCount {
  files: number;
  /** Each distinct match once. */
  ugly: UglyName[];
  /** Allowed matches that occur no more: the list of what may stay must not outlive it. */
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

/** Every match in the file; what several patterns find at one place counts once. */
function matchesIn({ path, text }: Source, ugly: Ugliness[]) {
  const found = new Map<string, { match: string; what: string; place: string }>();
  for (const { what, pattern } of ugly) {
    if (!pattern.global) throw new Error(`the pattern ${pattern} needs the g flag`);
    for (const { 0: match, index } of text.matchAll(pattern)) {
      const key = `${index}:${match}`;
      if (match !== '' && !found.has(key))
        found.set(key, { match, what, place: `${path}:${lineOf(text, index)}` });
    }
  }
  return [...found.values()];
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** What is wrong with the names: one line for each distinct name that may not stay, and for each that is gone. */
export function nameFailures({ files, ugly, stale }: NameCount): string[] {
  if (files === 0) return ['no generated file was found'];
  return [
    ...ugly
      .filter(({ reason }) => reason === undefined)
      .map(
        ({ match, what, count, place }) =>
          `${what}: ${JSON.stringify(match)}, ${count} times, first in ${place}`,
      ),
    ...stale.map(
      (match) => `${JSON.stringify(match)} is allowed, and occurs no more: take it out of the list`,
    ),
  ];
}
