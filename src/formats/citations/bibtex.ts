/** Citations in BibTeX, encoded in UTF-8. */
import { type CslItem, formatIssuedDay, getAuthorName } from './csl-json.ts';

/**
 * Replacements for the special characters of LaTeX. Braces are commands, because BibTeX counts literal ones.
 */
const LATEX_COMMANDS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export const formatBibtex = (items: CslItem[]): string => items.map(formatEntry).join('\n');

function formatEntry(item: CslItem): string {
  const { id, title, publisher, version, language, note, URL } = item;
  const container = item['container-title'];
  const author = getAuthorName(item);
  const newspaper = item.type === 'article-newspaper' ? container : undefined;
  const [year, month, day] = formatIssuedDay(item)?.split('-') ?? [];
  const fields = {
    // The inner braces preserve capital letters.
    title: `{{${escapeLatex(title)}}}`,
    // An organization: without the inner braces, BibTeX would take it for a person.
    author: author && `{{${escapeLatex(author)}}}`,
    journal: newspaper && `{${escapeLatex(newspaper)}}`,
    // The oldest styles print this field for entries of no particular kind.
    howpublished: !newspaper && container && `{${escapeLatex(container)}}`,
    publisher: publisher && `{${escapeLatex(publisher)}}`,
    version: version && `{${version}}`,
    year: year && `{${year}}`,
    month: month && MONTHS[Number(month) - 1],
    day: day && `{${Number(day)}}`,
    language: language && `{${language}}`,
    note: note && `{${escapeLatex(note)}}`,
    // Not escaped, because programs that read BibTeX take URLs literally. These have no braces or
    // backslashes.
    url: URL && `{${URL}}`,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) => (value ? [`  ${name} = ${value},\n`] : []));
  return `@${newspaper ? 'article' : 'misc'}{${id},\n${lines.join('')}}\n`;
}

const escapeLatex = (text: string): string =>
  text.replace(/[\\{}~^$&#_%]/g, (character) => LATEX_COMMANDS[character] as string);
