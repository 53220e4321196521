/** Messages for editors about YAML and JSON that cannot be parsed: what is wrong, and what to write instead. */
import type { ErrorCode } from 'yaml';

interface Line {
  /** Field name with its colon and the space after it, and what precedes it. */
  key: string;
  name: string;
  value: string;
  text: string;
}

/** Describes an error at a UTF-16 offset, by the line that it is in: several mistakes have the same code. */
export function describeYamlError(code: ErrorCode, text: string, offset: number): string {
  // An error at the end of the file is about its last line.
  const line = readLine(text, offset >= text.length ? text.trimEnd().length : offset);
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent a line: use spaces';
    case 'DUPLICATE_KEY':
      return describeDuplicateKey(/^(?:"[^"]*"|'[^']*'|[^\s:]+)/.exec(text.slice(offset))?.[0] ?? line.name);
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
    case 'MULTILINE_IMPLICIT_KEY':
      return describeColonOrIndent(line);
    case 'UNEXPECTED_TOKEN':
      return describeTextAfterValue(line);
    case 'BAD_SCALAR_START':
      return `a text that starts with ${text[offset]} needs quotation marks${formatQuoted(line)}`;
    case 'TAG_RESOLVE_FAILED':
      return `a text that starts with ! needs quotation marks${formatQuoted(line)}`;
    case 'BAD_ALIAS':
      return `a text that starts with * needs quotation marks${formatQuoted(line)}`;
    case 'MISSING_CHAR':
      return describeMissingCharacter(line, text);
    case 'BAD_INDENT':
      return /^\s*(?:- )?[\w-]+:/.test(line.text)
        ? 'this line is not indented like the other fields of the same block, or the line before it lacks a closing ] or }'
        : 'this line is not indented like the others of the same block';
    case 'MULTIPLE_DOCS':
      return 'a file has one dossier: remove the line --- and what follows it, or make it a file of its own';
    case 'BAD_DQ_ESCAPE':
      return 'a backslash within double quotation marks starts an escape: write \\\\ for a backslash, or use single quotation marks';
    case 'KEY_OVER_1024_CHARS':
      return 'a field name is too long: a colon in a text may need quotation marks around the text';
    default:
      return 'this is not valid YAML: check the quotation marks, colons and indentation of this line and the one before it';
  }
}

export const describeDuplicateKey = (name: string): string =>
  `duplicate key ${/^["']/.test(name) ? name : JSON.stringify(name)}: a field can be given only once; keep one of them`;

function readLine(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const [line = ''] = text.slice(start).split(/\r?\n/, 1);
  const [, key = '', name = '', value = ''] = /^(\s*(?:- +)*\{? *([\w-]+): +)(.*)$/.exec(line) ?? [];
  return { key, name, value, text: line };
}

/** A colon within a text, a colon without a space, a line without a colon, or one that is indented too far. */
function describeColonOrIndent({ name, value, text }: Line): string {
  if (/:(?:\s|$)/.test(value)) {
    const words = /^[[{]/.test(value) ? value : value.replace(/,\s*\w+: *\[.*$|\s*\}$/, '');
    return `a text with a colon followed by a space needs quotation marks: ${name}: ${quoteYaml(words)}`;
  }
  const missingSpace = /^(\s*(?:- +)*)([\w-]+):(\S.*)$/.exec(text);
  if (missingSpace) return `a colon needs a space after it: ${missingSpace[2]}: ${missingSpace[3]}`;
  const missingDashSpace = /^\s*-([A-Za-z]\w*:.*)$/.exec(text);
  if (missingDashSpace) return `a dash needs a space after it: - ${missingDashSpace[1]}`;
  if (name === '') return 'this line has no colon; a field is written name: value';
  return `${name} already has a value, so the next line must not be indented more than it; align them, or put a longer text in quotation marks`;
}

/** Text after a closing quotation mark or bracket. */
const describeTextAfterValue = (line: Line): string =>
  /^["'[{]/.test(line.value)
    ? `the text continues after the closing ${line.value.startsWith('[') ? ']' : line.value.startsWith('{') ? '}' : 'quotation mark'}: put all of it in quotation marks${formatQuoted(line)}`
    : 'there is something after the value that does not belong to it: put the whole text in quotation marks';

function describeMissingCharacter({ name, text }: Line, file: string): string {
  const open = file.split('\n').findIndex((line) => /: +(["'])(?:(?!\1).)*$/.test(line.trimEnd()));
  if (open >= 0)
    return `a text has an opening quotation mark without a closing one, probably in line ${open + 1}`;
  if (/[[{]/.test(text)) return 'a list or mapping lacks its closing ] or }';
  return name === ''
    ? 'this line has no colon; a field is written name: value. If it continues a text, indent it or put the text in quotation marks'
    : 'something is missing here: check the quotation marks, colons and indentation';
}

const formatQuoted = ({ name, value }: Line): string => (name ? `: ${name}: ${quoteYaml(value)}` : '');

/** Quotes a text for YAML: in double quotation marks, or in single ones if it has double ones itself. */
const quoteYaml = (words: string): string =>
  /["\\]/.test(words) ? `'${words.replaceAll("'", "''")}'` : `"${words}"`;

const JSON_ERRORS: Record<string, string> = {
  InvalidSymbol: 'this is not JSON: a text needs double quotation marks; true, false and null are lower-case',
  InvalidNumberFormat: 'this is not a number as JSON writes it, such as 1 or 0.5',
  PropertyNameExpected:
    'a field name in double quotation marks is expected here; nothing may follow the last comma',
  ValueExpected:
    'a value is expected here: a text in double quotation marks, a number, true, false, null, a list or a mapping',
  ColonExpected: 'a colon is expected between the field name and its value',
  CommaExpected: 'a comma is expected before this',
  CloseBraceExpected: 'a closing } is expected here',
  CloseBracketExpected: 'a closing ] is expected here',
  EndOfFileExpected: 'the JSON is complete before this, so nothing may follow',
  InvalidCommentToken: 'JSON has no comments: remove it, or send YAML',
  UnexpectedEndOfComment: 'JSON has no comments: remove it, or send YAML',
  UnexpectedEndOfString: 'a text lacks its closing quotation mark',
  UnexpectedEndOfNumber: 'this number is incomplete',
  InvalidUnicode: 'an escape \\u needs four hexadecimal digits',
  InvalidEscapeCharacter: 'a backslash in a text starts an escape: write \\\\ for a backslash',
  InvalidCharacter: 'a line break or tab in a text is written \\n or \\t',
};

/** Describes an error of the JSON parser by the name of its code. */
export const describeJsonError = (codeName: string): string =>
  JSON_ERRORS[codeName] ?? 'this is not valid JSON: check the quotation marks, commas and brackets before it';
