/** The stretch of a text in which the words of a query stand, for a page of results. */
import { escaped } from '../lib/html.ts';
import type { Synonyms } from './synonyms.ts';
import type { Word } from './tokenize.ts';

/** How many UTF-16 units a snippet shows at most, its marks and ellipses aside. */
const MAX_LENGTH = 200;
/** How many of them stand before the first word that is marked. */
const LEAD = 60;

/**
 * As HTML: the text that holds most of the asked words (the first of several that do), cut around the first of
 * them, escaped, each word in `<mark>`.
 */
export function snippetOf(texts: string[], asked: string[], synonyms: Synonyms): string {
  let best = { text: texts[0] ?? '', found: [] as Word[], distinct: 0 };
  for (const text of texts) {
    const found = synonyms.wordsIn(text).filter(({ word }) => asked.includes(word));
    const distinct = new Set(found.map(({ word }) => word)).size;
    if (distinct > best.distinct) best = { text, found, distinct };
  }
  return marked(best.text, best.found);
}

function marked(text: string, found: Word[]): string {
  const stretches = merged(found);
  const [from, to] = windowAround(text, stretches[0]?.start ?? 0);
  let html = from > 0 ? '... ' : '';
  let at = from;
  for (const { start, end } of stretches) {
    if (start < at || end > to) continue;
    html += `${escaped(text.slice(at, start))}<mark>${escaped(text.slice(start, end))}</mark>`;
    at = end;
  }
  return html + escaped(text.slice(at, to)) + (to < text.length ? ' ...' : '');
}

/** The words as stretches that do not overlap: of a phrase and the words in it, the phrase. */
function merged(words: Word[]): { start: number; end: number }[] {
  const stretches: { start: number; end: number }[] = [];
  for (const { start, end } of [...words].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = stretches.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start, end });
  }
  return stretches;
}

/** Where to cut: at spaces if there are any near, and never within a surrogate pair. */
function windowAround(text: string, first: number): [from: number, to: number] {
  if (text.length <= MAX_LENGTH) return [0, text.length];
  const earliest = Math.max(0, Math.min(first - LEAD, text.length - MAX_LENGTH));
  const latest = Math.min(text.length, earliest + MAX_LENGTH);
  const space = text.indexOf(' ', earliest);
  const from = earliest === 0 ? 0 : space >= 0 && space < first ? space + 1 : whole(text, earliest);
  const lastSpace = text.lastIndexOf(' ', latest);
  const to = latest === text.length ? latest : lastSpace > first + LEAD ? lastSpace : whole(text, latest);
  return [from, to];
}

/** `at`, or the place before it where it would cut a surrogate pair in two. */
const whole = (text: string, at: number): number => (/[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at);
