/** Links that lead a browser to the words on a page: URL fragment text directives, as the WICG specifies them. */

/** Words of a page, and what stands around them: evidence is of this form. */
export interface Quote {
  exact: string;
  /** Up to 32 code points before the words. */
  prefix?: string;
  /** Up to 32 code points after the words. */
  suffix?: string;
}

/** A context of this length, in code points, may have been cut in the midst of a word. */
const WHOLE_CONTEXT = 32;
/** Quotations of more UTF-16 units are named by their first and last words. */
const LONG = 120;
const WORDS_OF_LONG = 5;

/**
 * `url` with a text directive for the words of `evidence`, of one span or of several: browsers scroll to the first and
 * mark all. A fragment that the URL has is kept, text directives are replaced. The words are found only on a page that
 * says them just as the source text does.
 */
export function textFragment(url: string, evidence: Quote | readonly Quote[]): string {
  const directives = [evidence].flat().map((quote) => `text=${directive(quote as Quote)}`);
  if (directives.length === 0) return url;
  const [page = ''] = url.split(':~:');
  return `${page}${page.includes('#') ? '' : '#'}:~:${directives.join('&')}`;
}

function directive({ exact, prefix = '', suffix = '' }: Quote): string {
  const before = contextBefore(prefix);
  const after = contextAfter(suffix);
  const terms = essence(exact).map(encoded);
  if (before) terms.unshift(`${encoded(before)}-`);
  if (after) terms.push(`-${encoded(after)}`);
  return terms.join(',');
}

/** The words themselves, or the first and the last of them: browsers look for each term within one block of the page. */
function essence(exact: string): string[] {
  const lines = exact.trim().split(/\s*\n\s*/);
  const first = lines[0] as string;
  const last = lines[lines.length - 1] as string;
  if (lines.length === 1 && first.length <= LONG) return [first];
  const opening = wordsIn(first);
  const closing = wordsIn(last);
  // Of one line, the two must not overlap.
  const most = lines.length > 1 ? WORDS_OF_LONG : Math.min(WORDS_OF_LONG, Math.floor(opening.length / 2));
  if (most === 0) return [first];
  const end = opening[Math.min(most, opening.length) - 1]?.end;
  const start = closing[Math.max(0, closing.length - most)]?.start;
  return [first.slice(0, end), last.slice(start)];
}

/** What stands before, in the same line: with anything from the line above, browsers might look over two blocks. */
function contextBefore(prefix: string): string {
  const line = prefix.slice(prefix.lastIndexOf('\n') + 1);
  const cut = line === prefix && isCut(prefix);
  return ifWords(cut ? line.replace(/^\S+/, '') : line);
}

function contextAfter(suffix: string): string {
  const line = suffix.split('\n', 1)[0] as string;
  const cut = line === suffix && isCut(suffix);
  return ifWords(cut ? line.replace(/\S+$/, '') : line);
}

const isCut = (context: string): boolean => [...context].length >= WHOLE_CONTEXT;

/** Quotation marks alone tell no place from another, and pages may write them otherwise. */
const ifWords = (context: string): string => (/[\p{L}\p{N}]/u.test(context) ? context : '');

/** Where the words of a line begin and end, in any language: not all put spaces between them. */
function wordsIn(line: string): { start: number; end: number }[] {
  const segments = [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(line)];
  return segments
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index, segment }) => ({ start: index, end: index + segment.length }));
}

/** The dash is part of the syntax too, and `encodeURIComponent` leaves it. */
const encoded = (term: string): string =>
  encodeURIComponent(term.trim().replace(/\s+/g, ' ')).replaceAll('-', '%2D');
