/** Reads YAML and keeps where everything stands, so that a problem can name its line and column. */
import { type Document, isCollection, isMap, isNode, isScalar, parseDocument, visit } from 'yaml';
import { positionOf, sourceText } from '../model/source-text.ts';

export type Path = readonly (string | number)[];

/** Both from 1; the column counts code points. */
export interface Position {
  line: number;
  column: number;
}

export interface Parsed {
  value: unknown;
  /** What is wrong with the YAML or JSON itself; then `value` is not to be relied on. */
  errors: { position: Position; message: string }[];
  /** Where the value at `path` stands, or else the nearest thing around it. */
  positionOf(path: Path): Position;
  /** The file without this key at its top, to the letter; null where it cannot be cut out. */
  without(key: string): string | null;
}

/** Enough for an author's own anchors, far too few for a bomb. */
const MAX_ALIASES = 100;

/** Far deeper than any dossier is nested. */
export const MAX_DEPTH = 64;
export const TOO_DEEP = 'is nested too deep';

/** What follows from the first few is seldom worth reading. */
export const MAX_ERRORS = 20;

/** Something wrong with the YAML or JSON itself, and where. */
export interface Fault {
  offset: number;
  message: string;
}

export function parseYaml(text: string): Parsed {
  const document = documentIn(text);
  const written = sourceText(text);
  const placeOf = (path: Path) => positionOf(written, document ? offsetOf(document, path) : 0);
  const refused = (faults: Fault[]): Parsed => ({
    value: undefined,
    errors: faults
      .slice(0, MAX_ERRORS)
      .map(({ offset, message }) => ({ position: positionOf(written, offset), message })),
    positionOf: placeOf,
    without: () => null,
  });
  if (!document) return refused([{ offset: 0, message: TOO_DEEP }]);
  const faults = faultsOf(document);
  if (faults.length > 0) return refused(faults);
  try {
    const lossy = lossesIn(document);
    if (lossy.length > 0) return refused(lossy);
    const value = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, errors: [], positionOf: placeOf, without: (key) => cutOut(document, text, key) };
  } catch (error) {
    return refused([{ offset: 0, message: error instanceof Error ? error.message : String(error) }]);
  }
}

/** Null where the nesting is too deep for the parser's stack. */
function documentIn(text: string): Document.Parsed | null {
  try {
    return parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function faultsOf(document: Document.Parsed): Fault[] {
  const faults = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    offset: pos[0],
    message,
  }));
  const { version } = document.directives.yaml;
  if (version === '1.2') return faults;
  return [...faults, { offset: 0, message: `YAML ${version} reads some values otherwise; write YAML 1.2` }];
}

/** What would be changed in silence, numbers with more digits than a double keeps and keys that merge; and what is too deep. */
function lossesIn(document: Document.Parsed): Fault[] {
  const found: Fault[] = [];
  visit(document, {
    Collection(_, { range }, path) {
      if (path.filter(isCollection).length < MAX_DEPTH) return undefined;
      found.push({ offset: range?.[0] ?? 0, message: TOO_DEEP });
      return visit.SKIP;
    },
    Pair(_, { key }) {
      const plain = isScalar(key) && key.tag !== 'tag:yaml.org,2002:merge';
      const offset = (isNode(key) && key.range?.[0]) || 0;
      if (!plain) found.push({ offset, message: 'a key must be a word, neither an alias nor a merge' });
    },
    Scalar(_, { value, source, range }) {
      const message = typeof value === 'number' && source && cutShort(value, source);
      if (message) found.push({ offset: range?.[0] ?? 0, message });
    },
  });
  return found;
}

/** Only where the pair has its lines to itself, but for a comment that is left, and nothing else says what it says. */
function cutOut({ contents }: Document.Parsed, text: string, key: string): string | null {
  const pair =
    isMap(contents) && !contents.flow && !contents.anchor && !contents.tag
      ? contents.items.find(({ key: each }) => isScalar(each) && each.value === key)
      : undefined;
  const { key: name, value } = pair ?? {};
  if (!isScalar(name) || !isScalar(value) || !name.range || !value.range) return null;
  const [start, end] = [name.range[0], value.range[1]];
  const beginsLine = start === 0 || /[\n\ufeff]/.test(text[start - 1] ?? '');
  if (!beginsLine || name.anchor || name.tag || value.anchor) return null;
  const isBlock = value.type === 'BLOCK_LITERAL' || value.type === 'BLOCK_FOLDED';
  // A comment before the value, or behind the mark of a block, would have nothing left to stand by.
  const mark = isBlock ? text.slice(value.range[0]).split('\n')[0] : '';
  if (`${text.slice(name.range[1], value.range[0])}${mark}`.includes('#')) return null;
  const rest = isBlock ? text.slice(end) : text.slice(end).replace(/^[ \t]*\r?\n/, '');
  return text.slice(0, start) + rest;
}

/** What to say of a number that was written with more digits than `value` has; null if it was not. */
export function cutShort(value: number, source: string): string | null {
  if (!Number.isFinite(value))
    return /^[-+]?\./.test(source) ? null : `${source} is larger than any number that is kept`;
  if (/^[-+]?0[xo]/.test(source) || significantDigits(source) === significantDigits(String(value)))
    return null;
  return `${source} has more digits than are kept: ${value} is left`;
}

/** `-0.050e3` → `5` */
const significantDigits = (number: string): string =>
  number
    .replace(/e.*$/i, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+|0+$/g, '');

function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
