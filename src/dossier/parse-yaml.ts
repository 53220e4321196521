/** YAML parser that keeps positions, so that a problem can name its line and column. */
import { type Document, isCollection, isMap, isNode, isScalar, parseDocument, visit } from 'yaml';
import { formatCount } from '../lib/numbers.ts';
import { createSourceText, toLineAndColumn } from '../model/source-text.ts';
import { describeYamlError } from './describe-syntax-error.ts';

export type ValuePath = readonly (string | number)[];

/** Line and column, both from 1. The column counts code points. */
export interface Position {
  line: number;
  column: number;
}

export interface ParseResult {
  value: unknown;
  /** Errors in the YAML or JSON itself. If there are any, `value` is not reliable. */
  errors: { position: Position; message: string }[];
  /** Position of the value at `path`, or of the nearest value that contains it. */
  getPosition(path: ValuePath): Position;
  /** Text of the file without this top-level key, otherwise unchanged; null if the key cannot be cut out. */
  removeKey(key: string): string | null;
}

/** Maximum number of aliases: enough for an author's own anchors, far too few for an alias bomb. */
const MAX_ALIASES = 100;

/** Maximum nesting depth, far deeper than any dossier. */
export const MAX_DEPTH = 64;
export const TOO_DEEP_MESSAGE = `is nested more than ${MAX_DEPTH} levels deep`;

/** Maximum number of errors that are reported: later ones mostly follow from the first few. */
const MAX_PARSE_ERRORS = 20;

/** Returns the first errors, one for each offset, with the number of the others. */
export function limitParseErrors(
  parseErrors: ParseError[],
  toPosition: (offset: number) => Position,
): ParseResult['errors'] {
  const distinct = [...new Map(parseErrors.toReversed().map((error) => [error.offset, error])).values()];
  distinct.sort((a, b) => a.offset - b.offset);
  const more = distinct.length - MAX_PARSE_ERRORS;
  return distinct.slice(0, MAX_PARSE_ERRORS).map(({ offset, message }, index) => ({
    position: toPosition(offset),
    message:
      more > 0 && index === MAX_PARSE_ERRORS - 1
        ? `${message} (and ${formatCount(more, 'more error')} after it)`
        : message,
  }));
}

/** Error in the YAML or JSON itself, at a UTF-16 offset. */
export interface ParseError {
  offset: number;
  message: string;
}

export function parseYaml(text: string): ParseResult {
  const document = tryParseDocument(text);
  const source = createSourceText(text);
  const getPosition = (path: ValuePath) => toLineAndColumn(source, document ? findOffset(document, path) : 0);
  const toFailedResult = (parseErrors: ParseError[]): ParseResult => ({
    value: undefined,
    errors: limitParseErrors(parseErrors, (offset) => toLineAndColumn(source, offset)),
    getPosition,
    removeKey: () => null,
  });
  if (!document) return toFailedResult([{ offset: 0, message: TOO_DEEP_MESSAGE }]);
  const parseErrors = listParseErrors(document, text);
  if (parseErrors.length > 0) return toFailedResult(parseErrors);
  try {
    const unsupported = findUnsupportedNodes(document, text);
    if (unsupported.length > 0) return toFailedResult(unsupported);
    const value = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, errors: [], getPosition, removeKey: (key) => removeTopLevelKey(document, text, key) };
  } catch (error) {
    // The only error left is that of an alias bomb.
    if (!(error instanceof ReferenceError)) throw error;
    return toFailedResult([
      { offset: 0, message: `has more than ${MAX_ALIASES} values through aliases (*name)` },
    ]);
  }
}

/** Returns null if the nesting is too deep for the parser's stack. */
function tryParseDocument(text: string): Document.Parsed | null {
  try {
    return parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function listParseErrors(document: Document.Parsed, text: string): ParseError[] {
  const parseErrors = [...document.errors, ...document.warnings].map(({ pos: [offset], code }) => ({
    offset,
    message: describeYamlError(code, text, offset),
  }));
  const { version } = document.directives.yaml;
  if (version === '1.2') return parseErrors;
  return [
    ...parseErrors,
    { offset: 0, message: `YAML ${version} interprets some values differently: use YAML 1.2` },
  ];
}

/**
 * Finds numbers that would lose digits, keys that are aliases or merges, aliases of nothing or of what contains them,
 * and nesting that is too deep.
 */
function findUnsupportedNodes(document: Document.Parsed, text: string): ParseError[] {
  const parseErrors: ParseError[] = [];
  // An alias refers to an anchor before it. The parser's own search for it starts at the top each time.
  const anchors = new Set<string | undefined>();
  visit(document, {
    Collection(_, { anchor, range }, path) {
      anchors.add(anchor);
      if (path.filter(isCollection).length < MAX_DEPTH) return undefined;
      parseErrors.push({ offset: range?.[0] ?? 0, message: TOO_DEEP_MESSAGE });
      return visit.SKIP;
    },
    Alias(_, { source, range }, path) {
      const offset = range?.[0] ?? 0;
      if (!anchors.has(source))
        parseErrors.push({ offset, message: describeYamlError('BAD_ALIAS', text, offset) });
      else if (path.some((parent) => isCollection(parent) && parent.anchor === source))
        parseErrors.push({ offset, message: `*${source} is part of the value that it stands for` });
    },
    Pair(_, { key }) {
      const isPlainKey = isScalar(key) && key.tag !== 'tag:yaml.org,2002:merge';
      const offset = (isNode(key) && key.range?.[0]) || 0;
      if (!isPlainKey)
        parseErrors.push({ offset, message: 'a key must be a plain value, not an alias or a merge key' });
    },
    Scalar(_, { anchor, value, source, range }) {
      anchors.add(anchor);
      const message = typeof value === 'number' && source && describePrecisionLoss(value, source);
      if (message) parseErrors.push({ offset: range?.[0] ?? 0, message });
    },
  });
  return parseErrors;
}

/** Cuts out a pair that has lines of its own and no anchor, or returns null. A comment after it stays. */
function removeTopLevelKey({ contents }: Document.Parsed, text: string, key: string): string | null {
  const pair =
    isMap(contents) && !contents.flow && !contents.anchor && !contents.tag
      ? contents.items.find(({ key: each }) => isScalar(each) && each.value === key)
      : undefined;
  const { key: keyNode, value: valueNode } = pair ?? {};
  if (!isScalar(keyNode) || !isScalar(valueNode) || !keyNode.range || !valueNode.range) return null;
  const [start, end] = [keyNode.range[0], valueNode.range[1]];
  const startsLine = start === 0 || /[\n\ufeff]/.test(text[start - 1] ?? '');
  if (!startsLine || keyNode.anchor || keyNode.tag || valueNode.anchor) return null;
  const isBlock = valueNode.type === 'BLOCK_LITERAL' || valueNode.type === 'BLOCK_FOLDED';
  // A comment before the value, or after a block header, would no longer belong to anything.
  const blockHeader = isBlock ? text.slice(valueNode.range[0]).split('\n')[0] : '';
  if (`${text.slice(keyNode.range[1], valueNode.range[0])}${blockHeader}`.includes('#')) return null;
  const rest = isBlock ? text.slice(end) : text.slice(end).replace(/^[ \t]*\r?\n/, '');
  return text.slice(0, start) + rest;
}

/** Returns a message if the number was written with more digits than `value` has, or null. */
export function describePrecisionLoss(value: number, source: string): string | null {
  if (!Number.isFinite(value))
    return /^[-+]?\./.test(source)
      ? null
      : `${source} is too large: numbers are stored with double precision`;
  if (
    /^[-+]?0[xo]/.test(source) ||
    extractSignificantDigits(source) === extractSignificantDigits(String(value))
  )
    return null;
  return `${source} has too many digits: it would be stored as ${value}`;
}

/** `-0.050e3` → `5` */
const extractSignificantDigits = (number: string): string =>
  number
    .replace(/e.*$/i, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+|0+$/g, '');

function findOffset(document: Document.Parsed, path: ValuePath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
