/** Characters that readers cannot tell apart: invisible ones, and those that look like another one. */

import { INVISIBLE_CHARACTER } from './invisible-characters.ts';

/** Names in the Unicode Standard of characters that are invisible or have look-alikes. */
const CHARACTER_NAMES: Record<string, string> = {
  '\t': 'CHARACTER TABULATION',
  '\n': 'LINE FEED',
  '\r': 'CARRIAGE RETURN',
  ' ': 'SPACE',
  '!': 'EXCLAMATION MARK',
  '"': 'QUOTATION MARK',
  "'": 'APOSTROPHE',
  ',': 'COMMA',
  '-': 'HYPHEN-MINUS',
  '.': 'FULL STOP',
  ':': 'COLON',
  ';': 'SEMICOLON',
  '?': 'QUESTION MARK',
  '`': 'GRAVE ACCENT',
  '\u0085': 'NEXT LINE',
  '\u00a0': 'NO-BREAK SPACE',
  '\u00ab': 'LEFT-POINTING DOUBLE ANGLE QUOTATION MARK',
  '\u00ad': 'SOFT HYPHEN',
  '\u00b4': 'ACUTE ACCENT',
  '\u00bb': 'RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK',
  '\u02b9': 'MODIFIER LETTER PRIME',
  '\u02bb': 'MODIFIER LETTER TURNED COMMA',
  '\u02bc': 'MODIFIER LETTER APOSTROPHE',
  '\u0300': 'COMBINING GRAVE ACCENT',
  '\u0301': 'COMBINING ACUTE ACCENT',
  '\u0302': 'COMBINING CIRCUMFLEX ACCENT',
  '\u0303': 'COMBINING TILDE',
  '\u0304': 'COMBINING MACRON',
  '\u0306': 'COMBINING BREVE',
  '\u0307': 'COMBINING DOT ABOVE',
  '\u0308': 'COMBINING DIAERESIS',
  '\u030a': 'COMBINING RING ABOVE',
  '\u030b': 'COMBINING DOUBLE ACUTE ACCENT',
  '\u030c': 'COMBINING CARON',
  '\u0326': 'COMBINING COMMA BELOW',
  '\u0327': 'COMBINING CEDILLA',
  '\u0328': 'COMBINING OGONEK',
  '\u034f': 'COMBINING GRAPHEME JOINER',
  '\u061c': 'ARABIC LETTER MARK',
  '\u1680': 'OGHAM SPACE MARK',
  '\u180e': 'MONGOLIAN VOWEL SEPARATOR',
  '\u2000': 'EN QUAD',
  '\u2001': 'EM QUAD',
  '\u2002': 'EN SPACE',
  '\u2003': 'EM SPACE',
  '\u2004': 'THREE-PER-EM SPACE',
  '\u2005': 'FOUR-PER-EM SPACE',
  '\u2006': 'SIX-PER-EM SPACE',
  '\u2007': 'FIGURE SPACE',
  '\u2008': 'PUNCTUATION SPACE',
  '\u2009': 'THIN SPACE',
  '\u200a': 'HAIR SPACE',
  '\u200b': 'ZERO WIDTH SPACE',
  '\u200c': 'ZERO WIDTH NON-JOINER',
  '\u200d': 'ZERO WIDTH JOINER',
  '\u200e': 'LEFT-TO-RIGHT MARK',
  '\u200f': 'RIGHT-TO-LEFT MARK',
  '\u2010': 'HYPHEN',
  '\u2011': 'NON-BREAKING HYPHEN',
  '\u2012': 'FIGURE DASH',
  '\u2013': 'EN DASH',
  '\u2014': 'EM DASH',
  '\u2015': 'HORIZONTAL BAR',
  '\u2018': 'LEFT SINGLE QUOTATION MARK',
  '\u2019': 'RIGHT SINGLE QUOTATION MARK',
  '\u201a': 'SINGLE LOW-9 QUOTATION MARK',
  '\u201b': 'SINGLE HIGH-REVERSED-9 QUOTATION MARK',
  '\u201c': 'LEFT DOUBLE QUOTATION MARK',
  '\u201d': 'RIGHT DOUBLE QUOTATION MARK',
  '\u201e': 'DOUBLE LOW-9 QUOTATION MARK',
  '\u201f': 'DOUBLE HIGH-REVERSED-9 QUOTATION MARK',
  '\u2024': 'ONE DOT LEADER',
  '\u2026': 'HORIZONTAL ELLIPSIS',
  '\u2028': 'LINE SEPARATOR',
  '\u2029': 'PARAGRAPH SEPARATOR',
  '\u202a': 'LEFT-TO-RIGHT EMBEDDING',
  '\u202b': 'RIGHT-TO-LEFT EMBEDDING',
  '\u202c': 'POP DIRECTIONAL FORMATTING',
  '\u202d': 'LEFT-TO-RIGHT OVERRIDE',
  '\u202e': 'RIGHT-TO-LEFT OVERRIDE',
  '\u202f': 'NARROW NO-BREAK SPACE',
  '\u2032': 'PRIME',
  '\u2033': 'DOUBLE PRIME',
  '\u2039': 'SINGLE LEFT-POINTING ANGLE QUOTATION MARK',
  '\u203a': 'SINGLE RIGHT-POINTING ANGLE QUOTATION MARK',
  '\u205f': 'MEDIUM MATHEMATICAL SPACE',
  '\u2060': 'WORD JOINER',
  '\u2061': 'FUNCTION APPLICATION',
  '\u2062': 'INVISIBLE TIMES',
  '\u2063': 'INVISIBLE SEPARATOR',
  '\u2064': 'INVISIBLE PLUS',
  '\u2066': 'LEFT-TO-RIGHT ISOLATE',
  '\u2067': 'RIGHT-TO-LEFT ISOLATE',
  '\u2068': 'FIRST STRONG ISOLATE',
  '\u2069': 'POP DIRECTIONAL ISOLATE',
  '\u2043': 'HYPHEN BULLET',
  '\u2212': 'MINUS SIGN',
  '\u2e3a': 'TWO-EM DASH',
  '\u2e3b': 'THREE-EM DASH',
  '\u3000': 'IDEOGRAPHIC SPACE',
  '\u30fb': 'KATAKANA MIDDLE DOT',
  '\ufe0e': 'VARIATION SELECTOR-15',
  '\ufe0f': 'VARIATION SELECTOR-16',
  '\ufeff': 'ZERO WIDTH NO-BREAK SPACE',
};

/** Letters of other scripts that look like Latin ones, with the end of their names in the Unicode Standard. */
const LOOK_ALIKE_LETTERS: [script: string, letters: string, latin: string, names: string][] = [
  [
    'CYRILLIC',
    'авекмнорстухіјѕһԁԛԝ',
    'abekmhopctyxijshdqw',
    'A,VE,IE,KA,EM,EN,O,ER,ES,TE,U,HA,BYELORUSSIAN-UKRAINIAN I,JE,DZE,SHHA,KOMI DE,QA,WE',
  ],
  [
    'GREEK',
    'αβεζηικμνορτυχ',
    'abezhikmnoptyx',
    'ALPHA,BETA,EPSILON,ZETA,ETA,IOTA,KAPPA,MU,NU,OMICRON,RHO,TAU,UPSILON,CHI',
  ],
];

const latinByLetter = new Map<string, string>();
const letterNames = new Map<string, string>();
for (const [script, letters, latin, names] of LOOK_ALIKE_LETTERS) {
  for (const [index, name] of names.split(',').entries()) {
    const [small, smallLatin] = [letters[index] as string, latin[index] as string];
    latinByLetter.set(small, smallLatin).set(small.toUpperCase(), smallLatin.toUpperCase());
    letterNames.set(small, `${script} SMALL LETTER ${name}`);
    letterNames.set(small.toUpperCase(), `${script} CAPITAL LETTER ${name}`);
  }
}

const SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Hebrew', 'Arabic', 'Hangul', 'Cherokee'].map(
  (name) => ({ name, pattern: new RegExp(`^\\p{Script=${name}}$`, 'u') }),
);

/** Formats a character as `U+00A0 NO-BREAK SPACE`, and one without a name here as `U+0434 Cyrillic letter д`. */
export function nameCharacter(character: string): string {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  const name = CHARACTER_NAMES[character] ?? letterNames.get(character) ?? describeCharacter(character);
  return `U+${code} ${name}`;
}

function describeCharacter(character: string): string {
  if (/^[a-z]$/.test(character)) return `LATIN SMALL LETTER ${character.toUpperCase()}`;
  if (/^[A-Z]$/.test(character)) return `LATIN CAPITAL LETTER ${character}`;
  if (/^[\uff01-\uff5e]$/.test(character)) return `FULLWIDTH ${character.normalize('NFKC')}`;
  if (/^\p{M}$/u.test(character)) return 'combining mark';
  if (/^[\p{Cc}\p{Cf}\p{Z}]$/u.test(character)) return 'invisible character';
  const script = SCRIPTS.find(({ pattern }) => pattern.test(character))?.name;
  return script ? `${script} letter ${character}` : character;
}

const INVISIBLE = new RegExp(`^[${INVISIBLE_CHARACTER}\\p{Cf}]$`, 'u');
const foldedByCharacter = new Map<string, string>();
/** Limit of the cache: a text in Chinese has some thousand characters. */
const MAX_CACHED_CHARACTERS = 20_000;

/**
 * Returns the form of a character that it shares with all that look like it, decomposed; empty for an
 * invisible one.
 */
function foldCharacter(character: string): string {
  if (/^[!-~]$/.test(character)) return character === '`' ? "'" : character;
  const cached = foldedByCharacter.get(character);
  if (cached !== undefined) return cached;
  const folded = foldUncached(character);
  if (foldedByCharacter.size < MAX_CACHED_CHARACTERS) foldedByCharacter.set(character, folded);
  return folded;
}

function foldUncached(character: string): string {
  if (/^\s$/u.test(character)) return ' ';
  if (INVISIBLE.test(character)) return '';
  if (/^[‘’‚‛′´‹›ʹʻʼ]$/u.test(character)) return "'";
  if (/^[“”„‟″«»]$/u.test(character)) return '"';
  if (/^[\p{Pd}\u2043\u2212]$/u.test(character)) return '-';
  return Array.from(character.normalize('NFKD'), (part) => latinByLetter.get(part) ?? part).join('');
}

/** Returns the form of a text that it shares with all texts that look the same. */
export const foldLookAlikes = (text: string): string =>
  Array.from(text.normalize('NFC'), foldCharacter).join('');

export interface FoldedText {
  /** Text with its look-alikes folded, in lower case. */
  text: string;
  /** Returns the offset in the original text of the character that an offset of the folded text belongs to. */
  toOriginalOffset(offset: number): number;
}

/** Folds look-alikes and case of a text of megabytes, with a way back to its offsets. */
export function foldWithOffsets(text: string): FoldedText {
  // Most texts in English: each character folds to one.
  if (/^[\t-\r -~]*$/.test(text)) {
    const folded = text.replaceAll(/\s/g, ' ').replaceAll('`', "'").toLowerCase();
    return { text: folded, toOriginalOffset: (offset) => offset };
  }
  let folded = '';
  const offsets: number[] = [];
  let unit = 0;
  for (const character of text) {
    const part = foldCharacter(character).toLowerCase();
    folded += part;
    for (let index = 0; index < part.length; index += 1) offsets.push(unit);
    unit += character.length;
  }
  return { text: folded, toOriginalOffset: (offset) => offsets[offset] ?? text.length };
}
