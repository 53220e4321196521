/** Citations in RIS: one tag and one value per line, with CRLF line ends. */
import { type CslItem, formatIssuedDay, getAuthorName } from './csl-json.ts';

const RIS_TYPES: Record<CslItem['type'], string> = { dataset: 'DATA', 'article-newspaper': 'NEWS' };

export const formatRis = (items: CslItem[]): string => items.map(formatRecord).join('');

function formatRecord(item: CslItem): string {
  const day = formatIssuedDay(item);
  const fields: [tag: string, value: string | null | undefined][] = [
    ['TY', RIS_TYPES[item.type]],
    ['ID', item.id],
    ['TI', item.title],
    ['AU', getAuthorName(item)],
    ['T2', item['container-title']],
    ['PB', item.publisher],
    ['ET', item.version],
    ['PY', day?.slice(0, 4)],
    // The part after the last slash is for other information, such as a season.
    ['DA', day && `${day.replaceAll('-', '/')}/`],
    ['LA', item.language],
    ['N1', item.note],
    ['UR', item.URL],
  ];
  const lines = fields.flatMap(([tag, value]) => (value ? [`${tag}  - ${value}\r\n`] : []));
  return `${lines.join('')}ER  - \r\n`;
}
