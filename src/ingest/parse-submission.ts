/** A dossier as a client sends it, in YAML or JSON: the authored file, and the source text if it comes along. */
import { isDeepStrictEqual } from 'node:util';
import { parseJson } from '../dossier/parse-json.ts';
import { type Parsed, parseYaml } from '../dossier/parse-yaml.ts';
import { sectionsOf } from '../dossier/schema.ts';
import { Problem } from '../lib/problem-details.ts';
import { type StoredDossier, sectionsIn } from '../store/queries/dossiers.ts';
import { JSON_BODY } from './media-types.ts';

export interface SentDossier {
  /** The dossier without its text, as a file. */
  facts: string;
  /** Null if it was left out. */
  source: string | null;
  /** What stands in `facts`, with the places where it was sent. */
  parsed: Parsed;
  /** Whether the facts that are stored are just these: to the letter in YAML, in what they say in JSON. */
  equals(stored: StoredDossier): boolean;
}

/** Reads a body, or throws a problem that says why it cannot be. */
export function readSent(mediaType: string, bytes: Uint8Array): SentDossier {
  if (bytes.length === 0) throw new Problem('invalid-request', 'The request has no body: send the dossier.');
  const text = decoded(bytes);
  return mediaType === JSON_BODY ? readJson(text) : readYaml(text);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem('invalid-request', 'The body is not UTF-8.');
  }
}

function readJson(text: string): SentDossier {
  const parsed = parseJson(text);
  refuseFaulty(parsed, 'invalid-json');
  const { text: source, ...value } = mappingIn(parsed);
  return {
    // JSON is YAML, and so nothing can be lost on the way.
    facts: `${JSON.stringify(value, null, 2)}\n`,
    source: textIn(source),
    parsed: { ...parsed, value },
    equals: (stored) => isDeepStrictEqual(sectionsOf(value), sectionsIn(stored)),
  };
}

function readYaml(text: string): SentDossier {
  const parsed = parseYaml(text);
  refuseFaulty(parsed, 'invalid-yaml');
  const { text: source, ...value } = mappingIn(parsed);
  const facts = source === undefined ? text : parsed.without('text');
  // Something else may have leaned on what was cut out.
  const whole = facts !== null && (facts === text || isDeepStrictEqual(parseYaml(facts).value ?? {}, value));
  if (whole) {
    return {
      facts,
      source: textIn(source),
      parsed: { ...parsed, value },
      equals: (stored) => stored.facts === facts,
    };
  }
  if (parseJson(text).errors.length === 0) return readJson(text);
  throw refusedText(
    'text cannot be taken out of this file to the letter: give it as a key at the top with lines of its own, and without an anchor',
  );
}

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
  throw refusedText('text must be a string');
}

function refusedText(detail: string): Problem {
  return new Problem('invalid-dossier', detail, [{ pointer: '/text', code: 'invalid-field', detail }]);
}

function unreadable(
  code: 'invalid-json' | 'invalid-yaml' | 'invalid-field',
  detail: string,
  place: { line?: number; column?: number } = {},
): Problem {
  return new Problem('invalid-dossier', detail, [{ pointer: '', code, detail, ...place }]);
}
