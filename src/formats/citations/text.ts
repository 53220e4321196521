/** Citations in words: a sentence for the fact, and one for each document that it stands on. */
import { type CslItem, dayOf } from './csl-json.ts';

export const text = (items: CslItem[]): string => items.map(sentenceOf).join('');

function sentenceOf(item: CslItem): string {
  const { title, publisher, version, note, URL } = item;
  const day = dayOf(item);
  const record = item.type === 'dataset';
  const parts = [
    `"${title}"`,
    publisher,
    version && `version ${version}`,
    day && (record ? `recorded on ${day}` : day),
  ].filter(Boolean);
  const withdrawn = note ? ` ${note}.` : '';
  return `${record ? '' : 'Source: '}${parts.join(', ')}.${withdrawn}${URL ? ` ${URL}` : ''}\n`;
}
