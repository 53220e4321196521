import { ceilToGrapheme, floorToGrapheme } from '../lib/graphemes.ts';
import { escapeHtml } from '../lib/html.ts';
import type { Synonyms } from './synonyms.ts';
import type { Token } from './tokenize.ts';

/** Maximum length of a snippet in UTF-16 units, without markup and ellipses. */
const MAX_LENGTH_UNITS = 200;
/** Length of the context before the first match, in UTF-16 units. */
const LEAD_LENGTH_UNITS = 60;

/**
 * Renders a snippet as HTML, from the text with the most distinct query words (the first such text on a tie).
 * The snippet starts shortly before the first match. It is escaped, and each match is wrapped in `<mark>`.
 */
export function renderSnippet(texts: string[], queryWords: string[], synonyms: Synonyms): string {
  let best = { text: texts[0] ?? '', matches: [] as Token[], distinctCount: 0 };
  for (const text of texts) {
    const matches = synonyms.tokenizeWithOffsets(text).filter(({ word }) => queryWords.includes(word));
    const distinctCount = new Set(matches.map(({ word }) => word)).size;
    if (distinctCount > best.distinctCount) best = { text, matches, distinctCount };
  }
  return highlightMatches(best.text, best.matches);
}

function highlightMatches(text: string, matches: Token[]): string {
  const ranges = mergeRanges(matches);
  const [from, to] = findWindow(text, ranges[0]?.start ?? 0);
  let html = from > 0 ? '... ' : '';
  let position = from;
  for (const { start, end } of ranges) {
    if (start < position || end > to) continue;
    html += `${escapeHtml(text.slice(position, start))}<mark>${escapeHtml(text.slice(start, end))}</mark>`;
    position = end;
  }
  return html + escapeHtml(text.slice(position, to)) + (to < text.length ? ' ...' : '');
}

/** Merges matches that overlap or touch: a phrase absorbs its words, and letters of scripts without spaces join. */
function mergeRanges(tokens: Token[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { start, end } of [...tokens].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = ranges.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else ranges.push({ start, end });
  }
  return ranges;
}

/** Returns the part of the text to show. It breaks at nearby spaces, and never inside a grapheme. */
function findWindow(text: string, firstMatchStart: number): [from: number, to: number] {
  if (text.length <= MAX_LENGTH_UNITS) return [0, text.length];
  const earliest = Math.max(0, Math.min(firstMatchStart - LEAD_LENGTH_UNITS, text.length - MAX_LENGTH_UNITS));
  const latest = Math.min(text.length, earliest + MAX_LENGTH_UNITS);
  const nextSpace = text.indexOf(' ', earliest);
  const from =
    earliest === 0
      ? 0
      : nextSpace >= 0 && nextSpace < firstMatchStart
        ? nextSpace + 1
        : ceilToGrapheme(text, earliest);
  const lastSpace = text.lastIndexOf(' ', latest);
  const to =
    latest === text.length
      ? latest
      : lastSpace > firstMatchStart + LEAD_LENGTH_UNITS
        ? lastSpace
        : floorToGrapheme(text, latest);
  return [from, to];
}
