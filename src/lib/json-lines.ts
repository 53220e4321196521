/** JSON in outputs with one value on each line. */

/**
 * Escapes the characters that JSON allows within a line, but that some readers take for its end: Node's readline and
 * Python's `splitlines` among others. They occur only within strings.
 */
export const escapeLineBreaks = (json: string): string =>
  json.replace(/[\u0085\u2028\u2029]/g, (character) => ESCAPES[character] as string);

const ESCAPES: Record<string, string> = {
  '\u0085': '\\u0085',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};
