/** Citations as plain text: one sentence for the fact, and one for each source document. */
import { type CslItem, formatIssuedDay } from './csl-json.ts';

export const formatPlainText = (items: CslItem[]): string => items.map(formatSentence).join('');

function formatSentence(item: CslItem): string {
  const { title, publisher, version, note, URL } = item;
  const day = formatIssuedDay(item);
  const isDataset = item.type === 'dataset';
  const parts = [
    `"${title}"`,
    publisher,
    version && `version ${version}`,
    day && (isDataset ? `recorded on ${day}` : day),
  ].filter(Boolean);
  const noteSentence = note ? ` ${note}.` : '';
  return `${isDataset ? '' : 'Source: '}${parts.join(', ')}.${noteSentence}${URL ? ` ${URL}` : ''}\n`;
}
