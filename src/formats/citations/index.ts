/** How a fact can be cited. A new style is one more line here. */
import { bibtex } from './bibtex.ts';
import type { CslItem } from './csl-json.ts';
import { ris } from './ris.ts';
import { text } from './text.ts';

interface CitationStyle {
  /** What a file of it ends in. */
  extension: string;
  write(items: CslItem[]): string;
}

export const citationStyles = {
  bibtex: { extension: 'bib', write: bibtex },
  ris: { extension: 'ris', write: ris },
  'csl-json': { extension: 'json', write: (items) => `${JSON.stringify(items, null, 2)}\n` },
  text: { extension: 'txt', write: text },
} satisfies Record<string, CitationStyle>;

export type StyleName = keyof typeof citationStyles;
