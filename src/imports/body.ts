/** A dossier as a client sends it, in YAML or JSON: the authored file, and the source text if it comes along. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isPair, isScalar, type Pair, parseDocument, stringify } from 'yaml';
import { parseJson } from '../dossier/json.ts';
import { type Parsed, parseYaml } from '../dossier/yaml.ts';
import { Problem } from '../problem.ts';

export const JSON_BODY = 'application/json';
export const YAML_BODIES = ['application/yaml', 'application/x-yaml', 'text/yaml'];

export interface SentDossier {
  /** The dossier without its text, as a file. */
  facts: string;
  /** Null if it was left out. */
  source: string | null;
  /** What stands in `facts`, with the places where it was sent. */
  parsed: Parsed;
  /** Whether `stored`, a file of before, says just the same. */
  equals(stored: string): boolean;
}

/** Reads a body, or throws a problem that says why it cannot be. */
export function readSent(mediaType: string, bytes: Uint8Array): SentDossier {
  const text = decoded(bytes);
  return mediaType === JSON_BODY ? readJson(text) : readYaml(text);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('invalid-request', 'The body is not UTF-8.');
  }
}

function readJson(text: string): SentDossier {
  const parsed = parseJson(text);
  refuseFaulty(parsed, 'invalid-json');
  const { text: source, ...value } = mappingIn(parsed);
  return {
    facts: stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }),
    source: textIn(source),
    parsed: { ...parsed, value },
    equals: (stored) => isDeepStrictEqual(sectionsOf(value), sectionsOf(parseYaml(stored).value)),
  };
}

function readYaml(text: string): SentDossier {
  const parsed = parseYaml(text);
  refuseFaulty(parsed, 'invalid-yaml');
  const { text: source, ...value } = mappingIn(parsed);
  const facts = source === undefined ? text : withoutText(text, value);
  return {
    facts,
    source: textIn(source),
    parsed: { ...parsed, value },
    equals: (stored) => stored === facts,
  };
}

/** The YAML without the text in it. */
function withoutText(text: string, value: object): string {
  const { contents } = parseDocument(text);
  const pair = isMap(contents) && !contents.flow ? contents.items.find(isText) : undefined;
  const [start, end] = [rangeOf(pair?.key)?.[0], rangeOf(pair?.value)?.[2]];
  // On one line with other things it cannot be cut out: then the file is written anew.
  if (start === undefined || end === undefined || (start > 0 && text[start - 1] !== '\n')) {
    return stringify(value, { lineWidth: 0 });
  }
  return text.slice(0, start) + text.slice(end);
}

const isText = (pair: unknown): pair is Pair =>
  isPair(pair) && isScalar(pair.key) && pair.key.value === 'text';

const rangeOf = (node: unknown) => (node as { range?: [number, number, number] | null } | null)?.range;

function refuseFaulty({ errors: [first] }: Parsed, code: 'invalid-json' | 'invalid-yaml'): void {
  if (first) throw unreadable(code, first.message, first.position);
}

function mappingIn({ value }: Parsed): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw unreadable('invalid-field', 'a dossier is a mapping with document, facts and text');
}

function textIn(source: unknown): string | null {
  if (source === undefined) return null;
  if (typeof source === 'string') return source;
  const errors = [{ pointer: '/text', code: 'invalid-field' as const, detail: 'text must be a string' }];
  throw new Problem('invalid-dossier', 'text must be a string', errors);
}

function unreadable(
  code: 'invalid-json' | 'invalid-yaml' | 'invalid-field',
  detail: string,
  place: { line?: number; column?: number } = {},
): Problem {
  return new Problem('invalid-dossier', detail, [{ pointer: '', code, detail, ...place }]);
}

/** What a file may leave out, said outright: two dossiers that differ only in that are the same. */
const NO_SECTIONS = { adds: [], corrects: [], develops: [], retractions: [], renames: [], uncovered: [] };

/** A dossier's sections, every one of them. */
export const sectionsOf = (value: unknown): Record<string, unknown> => {
  // Of a redacted dossier nothing is left to be parsed.
  const { document, facts, ...rest } = (value ?? {}) as Record<string, unknown>;
  return { document, facts, ...NO_SECTIONS, ...rest };
};

/** How many facts a sound dossier gives, that of the document among them. */
export const factsIn = (facts: string): number =>
  (sectionsOf(parseYaml(facts).value)['facts'] as unknown[]).length + 1;
