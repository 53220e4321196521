/** How a fact can be cited. A new style is one more line here. */
import { formatBibtex } from './bibtex.ts';
import type { CslItem } from './csl-json.ts';
import { formatRis } from './ris.ts';
import { formatPlainText } from './text.ts';

interface CitationStyle {
  /** What a file of it ends in. */
  extension: string;
  format(items: CslItem[]): string;
}

export const citationStyles = {
  bibtex: { extension: 'bib', format: formatBibtex },
  ris: { extension: 'ris', format: formatRis },
  'csl-json': { extension: 'json', format: (items) => `${JSON.stringify(items, null, 2)}\n` },
  text: { extension: 'txt', format: formatPlainText },
} satisfies Record<string, CitationStyle>;

export type CitationStyleName = keyof typeof citationStyles;
