/** The findings as lines to read. */
import { findUndocumented } from './changelog.ts';
import { compareDocuments } from './compare.ts';
import type { Pair } from './differences.ts';

export interface Report {
  /** What breaks clients of the released document. */
  breaks: string[];
  /** What is new, and not told in the changelog. */
  undocumented: string[];
  additions: number;
}

export function createReport(documents: Pair, changelog: string): Report {
  const { breaks, additions } = compareDocuments(documents);
  return {
    breaks: breaks.map(({ where, what }) => `${where}: ${what}`),
    undocumented: findUndocumented(additions, changelog).map(({ of, name, where: [first, ...others] }) => {
      const more = others.length > 0 ? `, and ${others.length} more` : '';
      return `${of} \`${name}\`: ${first}${more}`;
    }),
    additions: additions.length,
  };
}
