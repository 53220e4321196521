/** Reads JSON as strictly as dossiers in YAML are read: nothing in it is lost in silence. */
import { findNodeAtLocation, type ParseErrorCode, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import { positionOf, type SourceText, sourceText } from '../model/source-text.ts';
import {
  cutShort,
  type Fault,
  MAX_DEPTH,
  MAX_ERRORS,
  type Parsed,
  type Path,
  TOO_DEEP,
} from './parse-yaml.ts';

export function parseJson(text: string): Parsed {
  // What tells places is made only where something is to be told of them.
  let written: SourceText | undefined;
  const placeOf = (offset: number) => {
    written ??= sourceText(text);
    return positionOf(written, offset);
  };
  const lossless = losslessIn(text);
  const faults = lossless === undefined ? faultsIn(text) : [];
  let tree: ReturnType<typeof parseTree>;
  return {
    value: lossless === undefined && faults.length === 0 ? JSON.parse(text) : lossless,
    errors: faults
      .slice(0, MAX_ERRORS)
      .map(({ offset, message }) => ({ position: placeOf(offset), message })),
    positionOf(path: Path) {
      tree ??= parseTree(text);
      for (let length = path.length; tree && length > 0; length -= 1) {
        const node = findNodeAtLocation(tree, path.slice(0, length));
        if (node) return placeOf(node.offset);
      }
      return placeOf(tree?.offset ?? 0);
    },
    // Written anew it is as good: JSON has no comments.
    without: () => null,
  };
}

/**
 * What `text` says, if nothing in it can have been lost: written again, the value is the very text. Many programs send
 * JSON like that, and theirs need not be read sign by sign. Undefined if that is not so.
 */
function losslessIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text && isShallow(value, MAX_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  return levels > 0 && Object.values(value).every((each) => isShallow(each, levels - 1));
}

/** Whatever is no JSON, keys that are given twice, and numbers with more digits than are kept. */
function faultsIn(text: string): Fault[] {
  const faults: Fault[] = [];
  const keys: Set<string>[] = [];
  let depth = 0;
  const deeper = (offset: number) => {
    depth += 1;
    if (depth === MAX_DEPTH + 1) faults.push({ offset, message: TOO_DEEP });
  };
  try {
    visit(
      text,
      {
        onObjectBegin(offset) {
          keys.push(new Set());
          deeper(offset);
        },
        onObjectEnd() {
          keys.pop();
          depth -= 1;
        },
        onArrayBegin: deeper,
        onArrayEnd() {
          depth -= 1;
        },
        onObjectProperty(name, offset) {
          if (keys.at(-1)?.has(name))
            faults.push({ offset, message: `${JSON.stringify(name)} is given twice` });
          keys.at(-1)?.add(name);
        },
        onLiteralValue(value, offset, length) {
          const message = typeof value === 'number' && cutShort(value, text.slice(offset, offset + length));
          if (message) faults.push({ offset, message });
        },
        onError: (error, offset) => void faults.push({ offset, message: describe(error) }),
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ offset: 0, message: TOO_DEEP }];
  }
  return faults;
}

/** `InvalidSymbol` → `invalid symbol` */
const describe = (error: ParseErrorCode): string =>
  printParseErrorCode(error)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
