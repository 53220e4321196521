import type { TextRange } from './source-text.ts';

/** Opening mark → marks that can close it. A straight mark opens and closes. */
const CLOSING_MARKS: Record<string, string> = {
  '"': '"',
  '\u201c': '\u201d', // English
  '\u201e': '\u201c\u201d', // German, Polish
  '\u00ab': '\u00bb', // French
  '\u300c': '\u300d', // Chinese, Japanese
};
const QUOTATION_MARK = new RegExp(`[${Object.entries(CLOSING_MARKS).flat().join('')}]`, 'g');
/** Single quotation mark before a word. The same character inside or after a word is an apostrophe. */
const SINGLE_QUOTATION_MARK = /(?:^|[\s([])['\u2018\u201a\u2039\u300e]\S/m;

/**
 * Returns true if a range is inside double quotation marks of its line. Returns null if that is unclear: the
 * double marks do not pair, or the range is outside them and the line has single marks too.
 */
export function isQuoted(text: string, { start, end }: TextRange): boolean | null {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const nextLine = text.indexOf('\n', end);
  const line = text.slice(lineStart, nextLine < 0 ? text.length : nextLine);
  const quotedRanges = findQuotedRanges(line);
  if (!quotedRanges) return null;
  const isInside = quotedRanges.some(
    (range) => lineStart + range.start <= start && end <= lineStart + range.end,
  );
  return !isInside && SINGLE_QUOTATION_MARK.test(line) ? null : isInside;
}

/** Returns the ranges inside the outermost pairs of marks, or null if the marks do not pair. */
function findQuotedRanges(line: string): TextRange[] | null {
  const ranges: TextRange[] = [];
  const openMarks: { closingMarks: string; position: number }[] = [];
  for (const { 0: mark, index: position } of line.matchAll(QUOTATION_MARK)) {
    const innermost = openMarks.at(-1);
    if (innermost?.closingMarks.includes(mark)) {
      openMarks.pop();
      if (openMarks.length === 0) ranges.push({ start: innermost.position + 1, end: position });
    } else if (mark in CLOSING_MARKS) {
      openMarks.push({ closingMarks: CLOSING_MARKS[mark] as string, position });
    } else {
      return null;
    }
  }
  return openMarks.length === 0 ? ranges : null;
}
