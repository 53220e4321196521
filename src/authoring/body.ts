/** A dossier as a client sends it, in YAML or JSON: the authored file, and the source text if it comes along. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isPair, isScalar, type Pair, parseDocument, stringify } from 'yaml';
import type { CheckProblem } from '../dossier/report.ts';
import { type ParsedYaml, parseYaml } from '../dossier/yaml.ts';
import { Problem } from '../problem.ts';

export const JSON_BODY = 'application/json';
export const YAML_BODIES = ['application/yaml', 'application/x-yaml', 'text/yaml'];

export interface SentDossier {
  /** The dossier without its text, as a file. */
  facts: string;
  /** Null if it was left out. */
  source: string | null;
  /** Whether `stored`, a file of before, says just the same. */
  equals(stored: string): boolean;
  /** Where a problem of `facts` stands in what was sent; null where that has no lines worth naming. */
  placeOf(problem: CheckProblem): { line: number; column: number } | null;
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
  try {
    JSON.parse(text);
  } catch (error) {
    throw unreadable('invalid-json', (error as Error).message);
  }
  // JSON is YAML: this reader refuses what the other loses in silence, keys given twice and digits past a double's.
  const parsed = parseYaml(text);
  refuseFaulty(parsed, 'invalid-json');
  const { text: source, ...value } = mappingIn(parsed);
  return {
    facts: stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }),
    source: textIn(source),
    equals: (stored) => isDeepStrictEqual(sectionsOf(value), sectionsOf(parseYaml(stored).value)),
    placeOf: () => null,
  };
}

function readYaml(text: string): SentDossier {
  const parsed = parseYaml(text);
  refuseFaulty(parsed, 'invalid-yaml');
  const { text: source, ...value } = mappingIn(parsed);
  const cut = source === undefined ? { facts: text, line: Infinity, lines: 0 } : withoutText(text, value);
  return {
    facts: cut.facts,
    source: textIn(source),
    equals: (stored) => stored === cut.facts,
    placeOf: ({ line, column }) => ({ line: line < cut.line ? line : line + cut.lines, column }),
  };
}

/** The YAML without the text in it, and from which line on how many are missing. */
function withoutText(text: string, value: object): { facts: string; line: number; lines: number } {
  const { contents } = parseDocument(text, { keepSourceTokens: true });
  const pair = isMap(contents) && !contents.flow ? contents.items.find(isText) : undefined;
  const [start, end] = [rangeOf(pair?.key)?.[0], rangeOf(pair?.value)?.[2]];
  // On one line with other things it cannot be cut out: then the file is written anew.
  if (start === undefined || end === undefined || (start > 0 && text[start - 1] !== '\n')) {
    return { facts: stringify(value, { lineWidth: 0 }), line: Infinity, lines: 0 };
  }
  const [before, taken] = [text.slice(0, start), text.slice(start, end)];
  return { facts: before + text.slice(end), line: linesIn(before) + 1, lines: linesIn(taken) };
}

const isText = (pair: unknown): pair is Pair =>
  isPair(pair) && isScalar(pair.key) && pair.key.value === 'text';

const rangeOf = (node: unknown) => (node as { range?: [number, number, number] | null } | null)?.range;

const linesIn = (text: string): number => text.split('\n').length - 1;

function refuseFaulty({ errors: [first] }: ParsedYaml, code: 'invalid-json' | 'invalid-yaml'): void {
  if (first) throw unreadable(code, first.message, first.position);
}

function mappingIn({ value }: ParsedYaml): Record<string, unknown> {
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
  const { document, facts, ...rest } = value as Record<string, unknown>;
  return { document, facts, ...NO_SECTIONS, ...rest };
};

/** How many facts a sound dossier gives, that of the document among them. */
export const factsIn = (facts: string): number =>
  (sectionsOf(parseYaml(facts).value)['facts'] as unknown[]).length + 1;
