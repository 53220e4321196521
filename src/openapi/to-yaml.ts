/**
 * YAML of the OpenAPI documents. It is compact, because editors and browsers load all of it: what fits on one
 * line is written on one line, and the indentation, which was a third of the file, is one space.
 */
import { Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml';

const LINE_WIDTH = 240;
const INDENT = 1;

/** Characters that parsers take for syntax, some of them only within `{}` and `[]` (libyaml: `?`). */
const SPECIAL_CHARACTER = /[^\w ./()-]/;

export function toYaml(value: object): string {
  // Some generators read YAML 1.1, in which an unquoted `on` is a boolean.
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Scalar: (_, scalar) => {
      if (String(scalar.value).includes('\n')) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  foldCollections(document.contents as Node, 0);
  const yaml = document.toString({
    lineWidth: 0,
    indent: INDENT,
    indentSeq: false,
    flowCollectionPadding: false,
    // A text of several lines is a string with \n: a literal block would need an indentation of two spaces.
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  const nonAsciiLine = /.*[^\n\x20-\x7e].*/.exec(yaml);
  if (nonAsciiLine)
    throw new Error(
      `some client generators read ASCII only, but this line has other characters: ${nonAsciiLine[0]}`,
    );
  return yaml;
}

function foldCollections(node: Node | null, depth: number, isExample = false): void {
  if (!isMap(node) && !isSeq(node)) return;
  const isShort =
    isExample || depth * INDENT + measure(node) <= LINE_WIDTH || (isSeq(node) && node.items.every(isScalar));
  if (depth > 1 && node.items.length > 0 && isShort) {
    node.flow = true;
    quoteSpecialCharacters(node);
    return;
  }
  if (isMap(node)) {
    // Examples are JSON on one line.
    for (const { key, value } of node.items)
      foldCollections(value as Node | null, depth + 1, isScalar(key) && key.value === 'example');
  }
  // An entry with a single reference is shortest in block style: `- $ref: ...`.
  else for (const item of node.items) if (!isReference(item)) foldCollections(item as Node, depth + 1);
}

const isReference = (node: unknown): boolean => isMap(node) && node.items.length === 1 && node.has('$ref');

function quoteSpecialCharacters(collection: Node): void {
  visit(collection, {
    Scalar: (key, scalar) => {
      if (key !== 'key' && typeof scalar.value === 'string' && SPECIAL_CHARACTER.test(scalar.value))
        scalar.type = 'QUOTE_DOUBLE';
    },
  });
}

/** Returns the approximate number of characters of a node in flow style. */
function measure(node: unknown): number {
  if (isScalar(node)) return JSON.stringify(node.value).length;
  if (isSeq(node)) return node.items.reduce<number>((sum, item) => sum + measure(item) + 2, 0);
  if (isMap(node))
    return node.items.reduce((sum, { key, value }) => sum + measure(key) + measure(value) + 2, 0);
  return 0;
}
