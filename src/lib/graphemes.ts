/**
 * Graphemes: what readers see as one character, such as a letter with its marks, a flag or a family of emoji.
 * Everything that shortens or splits a text does it here, so that no grapheme is ever cut.
 */

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Text in which every code point is a grapheme of its own: Latin letters, spaces and general punctuation. */
const PLAIN_TEXT = /^[\n -~\u00a0-\u02ff\u2010-\u2027]*$/;
/** Length of the text around an offset that is read to find its grapheme, unless flags or marks fill all of it. */
const WINDOW_UNITS = 256;
/** Two letters of scripts that do not join letters to one grapheme. */
const LETTERS =
  /^[[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]&&\p{L}]{2}$/v;

/** Returns the graphemes of a text. */
export const splitGraphemes = (text: string): string[] =>
  PLAIN_TEXT.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment);

/** Returns the start of the grapheme that `index` is in; `index` itself between two graphemes. */
export const floorToGrapheme = (text: string, index: number): number => findGrapheme(text, index)[0];

/** Returns the end of the grapheme that `index` is in; `index` itself between two graphemes. */
export const ceilToGrapheme = (text: string, index: number): number => findGrapheme(text, index)[1];

/** Returns start and end of the grapheme that contains `index`; twice `index` if it is a boundary. */
function findGrapheme(text: string, index: number): [start: number, end: number] {
  if (index <= 0 || index >= text.length || PLAIN_TEXT.test(text.slice(index - 1, index + 1)))
    return [index, index];
  const windowStart = findWindowStart(text, index);
  for (let lookahead = WINDOW_UNITS; ; lookahead *= 4) {
    const windowEnd = index + lookahead;
    const graphemes = segmenter.segment(text.slice(windowStart, windowEnd));
    const grapheme = graphemes.containing(index - windowStart);
    const start = windowStart + (grapheme?.index ?? index - windowStart);
    if (start === index) return [index, index];
    const end = start + (grapheme?.segment.length ?? 0);
    // A grapheme that ends with the window may go on behind it.
    if (end < windowEnd || windowEnd >= text.length) return [start, end];
  }
}

/** Returns an offset before `index` from which the text can be segmented: a letter before which a grapheme ends. */
function findWindowStart(text: string, index: number): number {
  const earliest = index - WINDOW_UNITS;
  for (let start = index - 1; start > 0; start -= 1) {
    if (/[\n -~]/.test(text[start] as string)) return start;
    if (start <= earliest && LETTERS.test(text.slice(start - 1, start + 1))) return start;
  }
  return 0;
}

/** Returns as many graphemes from the start of `text` as fit into `maxCodePoints` code points. */
export function takeGraphemes(text: string, maxCodePoints: number): string {
  if (text.length <= maxCodePoints) return text;
  const unit = toUnitOffset(text, maxCodePoints);
  if (unit >= text.length) return text;
  return text.slice(0, floorToGrapheme(text, unit));
}

/** Returns as many graphemes from the end of `text` as fit into `maxCodePoints` code points. */
export function takeLastGraphemes(text: string, maxCodePoints: number): string {
  if (text.length <= maxCodePoints) return text;
  if (maxCodePoints <= 0) return '';
  const codePoints = Array.from(text.slice(-2 * maxCodePoints).toWellFormed());
  if (codePoints.length < maxCodePoints) return text;
  const length = codePoints.slice(-maxCodePoints).join('').length;
  return text.slice(ceilToGrapheme(text, text.length - length));
}

/** Returns the offset in UTF-16 units after the first `count` code points. */
function toUnitOffset(text: string, count: number): number {
  let unit = 0;
  for (let index = 0; index < count && unit < text.length; index += 1)
    unit += (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
  return unit;
}

/**
 * Shortens a text to at most `maxCodePoints` code points with an ellipsis, at a space if one is near the end. At
 * least one grapheme remains.
 */
export function shorten(text: string, maxCodePoints: number): string {
  if (text.length <= maxCodePoints || toUnitOffset(text, maxCodePoints) >= text.length) return text;
  const head = takeGraphemes(text, maxCodePoints - ELLIPSIS.length) || text.slice(0, ceilToGrapheme(text, 1));
  const words = head.replace(/\s+\S*$/u, '');
  // Scripts without spaces, and long words, are cut between two graphemes.
  return `${words.length * 2 >= head.length ? words : head.trimEnd()}${ELLIPSIS}`;
}

const ELLIPSIS = '...';

/** Quotes a text for a message, on one line, shortened with an ellipsis. */
export function quoteText(text: string, maxCodePoints = 100): string {
  const head = takeGraphemes(text, maxCodePoints);
  return JSON.stringify(head === text ? text : head + ELLIPSIS);
}

/** Returns the offsets of the boundaries between graphemes in a list of code points, its ends included. */
export function findGraphemeBoundaries(codePoints: readonly string[]): Set<number> {
  const boundaries = new Set([0]);
  let offset = 0;
  for (const grapheme of splitGraphemes(codePoints.join(''))) {
    offset += Array.from(grapheme).length;
    boundaries.add(offset);
  }
  return boundaries;
}
