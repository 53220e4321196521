/** Links that scroll to words on a page: URL fragment text directives, as specified by the WICG. */

/** Words of a page, with the text around them. Evidence has this form. */
export interface Quote {
  exact: string;
  /** Up to 32 code points before the words. */
  prefix?: string;
  /** Up to 32 code points after the words. */
  suffix?: string;
}

/**
 * Length of a context, in code points, that may have been cut off in the middle of a word. The server returns up to
 * 32, and fewer where more would cut a character with combining marks or an emoji.
 */
const CUT_CONTEXT = 24;
/** Maximum length of a quotation in UTF-16 units. Longer ones are given by their first and last words. */
const LONG = 120;
const WORDS_OF_LONG = 5;

/**
 * Adds a text directive to `url` for the words of one or more spans: browsers scroll to the first and
 * highlight all. An existing fragment is kept; existing text directives are replaced. Browsers find the words
 * only on a page that has them exactly as in the source text.
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

/** Returns the words, or the first and last of them: browsers search for each term within one block. */
function essence(exact: string): string[] {
  const lines = exact.trim().split(/\s*\n\s*/);
  const first = lines[0] as string;
  const last = lines[lines.length - 1] as string;
  if (lines.length === 1 && first.length <= LONG) return [first];
  const opening = wordsIn(first);
  const closing = wordsIn(last);
  // Within one line, the two must not overlap.
  const most = lines.length > 1 ? WORDS_OF_LONG : Math.min(WORDS_OF_LONG, Math.floor(opening.length / 2));
  if (most === 0) return [first];
  const end = opening[Math.min(most, opening.length) - 1]?.end;
  const start = closing[Math.max(0, closing.length - most)]?.start;
  return [first.slice(0, end), last.slice(start)];
}

/** Returns the context in the same line: words of the line above would be in another block of the page. */
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

const isCut = (context: string): boolean => [...context].length >= CUT_CONTEXT;

/** Drops a context without words: punctuation identifies no position, and pages may use other characters. */
const ifWords = (context: string): string => (/[\p{L}\p{N}]/u.test(context) ? context : '');

/** Returns the positions of the words in a line, also for languages without spaces between words. */
function wordsIn(line: string): { start: number; end: number }[] {
  const segments = [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(line)];
  return segments
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index, segment }) => ({ start: index, end: index + segment.length }));
}

/** Encodes a term. The dash is syntax too, and `encodeURIComponent` leaves it unencoded. */
const encoded = (term: string): string =>
  encodeURIComponent(term.trim().replace(/\s+/g, ' ')).replaceAll('-', '%2D');
