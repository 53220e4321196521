/**
 * Characters without a glyph of their own, such as soft hyphens, zero-width spaces and joiners, direction marks and
 * variation selectors. Readers cannot see them, so they never decide whether two texts match.
 */

/** Character class for a regular expression with the flag `u`. */
export const INVISIBLE_CHARACTER = '\\p{Default_Ignorable_Code_Point}';

const ONE = new RegExp(INVISIBLE_CHARACTER, 'u');
const ALL = new RegExp(`${INVISIBLE_CHARACTER}+`, 'gu');

export const hasInvisibleCharacters = (text: string): boolean => ONE.test(text);

export const removeInvisibleCharacters = (text: string): string =>
  hasInvisibleCharacters(text) ? text.replace(ALL, '') : text;
