/** JSON parser as strict as the one for YAML: anything that would be lost silently is an error. */
import { findNodeAtLocation, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import { createSourceText, type SourceText, toLineAndColumn } from '../model/source-text.ts';
import { describeDuplicateKey, describeJsonError } from './describe-syntax-error.ts';
import {
  describePrecisionLoss,
  limitParseErrors,
  MAX_DEPTH,
  type ParseError,
  type ParseResult,
  TOO_DEEP_MESSAGE,
  type ValuePath,
} from './parse-yaml.ts';

/** Parses JSON; a byte order mark before it is ignored, as RFC 8259 (section 8.1) allows. */
export function parseJson(markedText: string): ParseResult {
  const text = markedText.replace(/^\ufeff/, '');
  // Created on first use: only positions need it.
  let source: SourceText | undefined;
  const toPosition = (offset: number) => {
    source ??= createSourceText(text);
    return toLineAndColumn(source, offset);
  };
  const losslessValue = parseIfLossless(text);
  const parseErrors = losslessValue === undefined ? findParseErrors(text) : [];
  let tree: ReturnType<typeof parseTree>;
  return {
    value: losslessValue === undefined && parseErrors.length === 0 ? JSON.parse(text) : losslessValue,
    errors: limitParseErrors(parseErrors, toPosition),
    getPosition(path: ValuePath) {
      tree ??= parseTree(text);
      for (let length = path.length; tree && length > 0; length -= 1) {
        const node = findNodeAtLocation(tree, path.slice(0, length));
        if (node) return toPosition(node.offset);
      }
      return toPosition(tree?.offset ?? 0);
    },
    // Not needed: JSON has no comments, so callers can serialize the value without the key.
    removeKey: () => null,
  };
}

/**
 * Returns the value if serializing it gives `text` again, so that nothing can have been lost, or undefined.
 * Many programs send such JSON, which then needs no slower search for errors.
 */
function parseIfLossless(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text && isShallow(value, MAX_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, maxDepth: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  return maxDepth > 0 && Object.values(value).every((each) => isShallow(each, maxDepth - 1));
}

/** Finds syntax errors, duplicate keys, numbers that would lose digits, and nesting that is too deep. */
function findParseErrors(text: string): ParseError[] {
  const parseErrors: ParseError[] = [];
  const keysByObject: Set<string>[] = [];
  let depth = 0;
  const enterLevel = (offset: number) => {
    depth += 1;
    if (depth === MAX_DEPTH + 1) parseErrors.push({ offset, message: TOO_DEEP_MESSAGE });
  };
  try {
    visit(
      text,
      {
        onObjectBegin(offset) {
          keysByObject.push(new Set());
          enterLevel(offset);
        },
        onObjectEnd() {
          keysByObject.pop();
          depth -= 1;
        },
        onArrayBegin: enterLevel,
        onArrayEnd() {
          depth -= 1;
        },
        onObjectProperty(name, offset) {
          if (keysByObject.at(-1)?.has(name))
            parseErrors.push({ offset, message: describeDuplicateKey(name) });
          keysByObject.at(-1)?.add(name);
        },
        onLiteralValue(value, offset, length) {
          const message =
            typeof value === 'number' && describePrecisionLoss(value, text.slice(offset, offset + length));
          if (message) parseErrors.push({ offset, message });
        },
        onError: (error, offset) =>
          void parseErrors.push({ offset, message: describeJsonError(printParseErrorCode(error)) }),
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ offset: 0, message: TOO_DEEP_MESSAGE }];
  }
  return parseErrors;
}
