/** Citations in RIS: a tag and a value a line, ended by CR and LF. */
import { type CslItem, formatIssuedDay } from './csl-json.ts';

const RIS_TYPES: Record<CslItem['type'], string> = { dataset: 'DATA', 'article-newspaper': 'NEWS' };

export const formatRis = (items: CslItem[]): string => items.map(formatRecord).join('');

function formatRecord(item: CslItem): string {
  const day = formatIssuedDay(item);
  const fields: [tag: string, value: string | null | undefined][] = [
    ['TY', RIS_TYPES[item.type]],
    ['ID', item.id],
    ['TI', item.title],
    ['T2', item['container-title']],
    ['PB', item.publisher],
    ['ET', item.version],
    ['PY', day?.slice(0, 4)],
    // After the last slash there could be a season.
    ['DA', day && `${day.replaceAll('-', '/')}/`],
    ['LA', item.language],
    ['N1', item.note],
    ['UR', item.URL],
  ];
  const lines = fields.flatMap(([tag, value]) => (value ? [`${tag}  - ${value}\r\n`] : []));
  return `${lines.join('')}ER  - \r\n`;
}
