/** Reads YAML and keeps where everything stands, so that a problem can name its line and column. */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';

export type Path = readonly (string | number)[];

/** Both from 1; the column counts code points. */
export interface Position {
  line: number;
  column: number;
}

export interface ParsedYaml {
  value: unknown;
  /** What is wrong with the YAML itself; then `value` is not to be relied on. */
  errors: { position: Position; message: string }[];
  /** Where the value at `path` stands, or else the nearest thing around it. */
  positionOf(path: Path): Position;
}

/** Enough for an author's own anchors, far too few for a bomb. */
const MAX_ALIASES = 100;

export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number): Position => {
    const { line } = lines.linePos(offset);
    const lineStart = lines.lineStarts[line - 1] ?? 0;
    return { line, column: Array.from(text.slice(lineStart, offset)).length + 1 };
  };
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    position: at(error.pos[0]),
    message: error.message,
  }));
  const positionOf = (path: Path) => at(offsetOf(document, path));
  if (errors.length > 0) return { value: undefined, errors, positionOf };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }), errors, positionOf };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, errors: [{ position: { line: 1, column: 1 }, message }], positionOf };
  }
}

function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
