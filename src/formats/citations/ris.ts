/** Citations in RIS: a tag and a value a line, ended by CR and LF. */
import { type CslItem, dayOf } from './csl-json.ts';

const TYPES: Record<CslItem['type'], string> = { dataset: 'DATA', 'article-newspaper': 'NEWS' };

export const ris = (items: CslItem[]): string => items.map(recordOf).join('');

function recordOf(item: CslItem): string {
  const day = dayOf(item);
  const fields: [tag: string, value: string | null | undefined][] = [
    ['TY', TYPES[item.type]],
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
