/** Citations in BibTeX, in UTF-8: for LaTeX, and for whatever else reads it. */
import { type CslItem, formatIssuedDay } from './csl-json.ts';

/** What LaTeX takes for a command; braces as commands, since BibTeX counts those that it sees. */
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
  const newspaper = item.type === 'article-newspaper' ? container : undefined;
  const [year, month, day] = formatIssuedDay(item)?.split('-') ?? [];
  const fields = {
    // Braces keep capitals as they are.
    title: `{{${escapeLatex(title)}}}`,
    journal: newspaper && `{${escapeLatex(newspaper)}}`,
    // What the oldest styles print of an entry that is none of their kinds.
    howpublished: !newspaper && container && `{${escapeLatex(container)}}`,
    publisher: publisher && `{${escapeLatex(publisher)}}`,
    version: version && `{${version}}`,
    year: year && `{${year}}`,
    month: month && MONTHS[Number(month) - 1],
    day: day && `{${Number(day)}}`,
    language: language && `{${language}}`,
    note: note && `{${escapeLatex(note)}}`,
    // Taken to the letter, as it is by all that reads BibTeX; ours hold neither braces nor backslashes.
    url: URL && `{${URL}}`,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) => (value ? [`  ${name} = ${value},\n`] : []));
  return `@${newspaper ? 'article' : 'misc'}{${id},\n${lines.join('')}}\n`;
}

const escapeLatex = (text: string): string =>
  text.replace(/[\\{}~^$&#_%]/g, (character) => LATEX_COMMANDS[character] as string);
