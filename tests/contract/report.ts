import { findUndocumented } from './changelog.ts';
import { compareDocuments } from './compare.ts';
import type { Pair } from './differences.ts';

export interface Report {
  /** Changes that break clients of the released document. */
  breaks: string[];
  /** Additions that the changelog does not name. */
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
