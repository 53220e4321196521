/** Citation styles. New styles are added here. */
import { formatBibtex } from './bibtex.ts';
import type { CslItem } from './csl-json.ts';
import { formatRis } from './ris.ts';
import { formatPlainText } from './text.ts';

interface CitationStyle {
  /** File extension. */
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
