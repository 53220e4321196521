/** The findings as lines to read. */
import { untold } from './changelog.ts';
import { compareDocuments } from './compare.ts';
import type { Pair } from './differences.ts';

export interface Report {
  /** What breaks clients of the released document. */
  breaks: string[];
  /** What is new, and not told in the changelog. */
  untold: string[];
  additions: number;
}

export function report(documents: Pair, changelog: string): Report {
  const { breaks, additions } = compareDocuments(documents);
  return {
    breaks: breaks.map(({ where, what }) => `${where}: ${what}`),
    untold: untold(additions, changelog).map(({ of, name, where: [first, ...others] }) => {
      const more = others.length > 0 ? `, and ${others.length} more` : '';
      return `${of} \`${name}\`: ${first}${more}`;
    }),
    additions: additions.length,
  };
}
