/** Which stretches of a text stand inside quotation marks. */
import type { Stretch } from './source-text.ts';

/** Opening mark → the marks that can close it. A straight mark opens and closes. */
const PAIRS: Record<string, string> = {
  '"': '"',
  '\u201c': '\u201d', // English
  '\u201e': '\u201c\u201d', // German, Polish
  '\u00ab': '\u00bb', // French
  '\u300c': '\u300d', // Chinese, Japanese
};
const MARK = new RegExp(`[${Object.entries(PAIRS).flat().join('')}]`, 'g');
/** A single mark before a word: the same sign within or after one is an apostrophe. */
const SINGLE = /(?:^|[\s([])['\u2018\u201a\u2039\u300e]\S/m;

/**
 * Whether a stretch stands inside double quotation marks of its line; null where the line does not tell, because
 * its marks do not pair, or because it has single ones too.
 */
export function standsQuoted(text: string, { start, end }: Stretch): boolean | null {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const nextLine = text.indexOf('\n', end);
  const line = text.slice(lineStart, nextLine < 0 ? text.length : nextLine);
  const quoted = quotedStretches(line);
  if (!quoted) return null;
  const within = quoted.some((each) => lineStart + each.start <= start && end <= lineStart + each.end);
  return !within && SINGLE.test(line) ? null : within;
}

/** The insides of the outermost pairs of marks, or null if the marks do not pair. */
function quotedStretches(line: string): Stretch[] | null {
  const found: Stretch[] = [];
  const open: { closes: string; at: number }[] = [];
  for (const { 0: sign, index: at } of line.matchAll(MARK)) {
    const innermost = open.at(-1);
    if (innermost?.closes.includes(sign)) {
      open.pop();
      if (open.length === 0) found.push({ start: innermost.at + 1, end: at });
    } else if (sign in PAIRS) {
      open.push({ closes: PAIRS[sign] as string, at });
    } else {
      return null;
    }
  }
  return open.length === 0 ? found : null;
}
