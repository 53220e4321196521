/** A dossier as a client sends it, in YAML or JSON: the authored file, and the source text if it comes along. */
import { isDeepStrictEqual } from 'node:util';
import { parseJson } from '../dossier/parse-json.ts';
import { type ParseResult, parseYaml } from '../dossier/parse-yaml.ts';
import { normalizeSections } from '../dossier/schema.ts';
import { Problem } from '../lib/problem-details.ts';
import { parseSections, type StoredDossier } from '../store/queries/dossiers.ts';
import { JSON_BODY_MEDIA_TYPE } from './media-types.ts';

export interface Submission {
  /** The dossier without its text, as a file. */
  facts: string;
  /** Null if it was left out. */
  source: string | null;
  /** What stands in `facts`, with the places where it was sent. */
  parseResult: ParseResult;
  /** Whether the facts that are stored are just these: to the letter in YAML, in what they say in JSON. */
  equalsStored(stored: StoredDossier): boolean;
}

/** Reads a body, or throws a problem that says why it cannot be. */
export function parseSubmission(mediaType: string, body: Uint8Array): Submission {
  if (body.length === 0) throw new Problem('invalid-request', 'The request has no body: send the dossier.');
  const text = decodeUtf8(body);
  return mediaType === JSON_BODY_MEDIA_TYPE ? parseJsonSubmission(text) : parseYamlSubmission(text);
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new Problem('invalid-request', 'The body is not UTF-8.');
  }
}

function parseJsonSubmission(text: string): Submission {
  const parseResult = parseJson(text);
  throwOnParseError(parseResult, 'invalid-json');
  const { text: source, ...value } = requireMapping(parseResult);
  return {
    // JSON is YAML, and so nothing can be lost on the way.
    facts: `${JSON.stringify(value, null, 2)}\n`,
    source: parseSourceText(source),
    parseResult: { ...parseResult, value },
    equalsStored: (stored) => isDeepStrictEqual(normalizeSections(value), parseSections(stored)),
  };
}

function parseYamlSubmission(text: string): Submission {
  const parseResult = parseYaml(text);
  throwOnParseError(parseResult, 'invalid-yaml');
  const { text: source, ...value } = requireMapping(parseResult);
  const facts = source === undefined ? text : parseResult.removeKey('text');
  // Something else may have leaned on what was cut out.
  const isLossless =
    facts !== null && (facts === text || isDeepStrictEqual(parseYaml(facts).value ?? {}, value));
  if (isLossless) {
    return {
      facts,
      source: parseSourceText(source),
      parseResult: { ...parseResult, value },
      equalsStored: (stored) => stored.facts === facts,
    };
  }
  if (parseJson(text).errors.length === 0) return parseJsonSubmission(text);
  throw createTextProblem(
    'text cannot be taken out of this file to the letter: give it as a key at the top with lines of its own, and without an anchor',
  );
}

function throwOnParseError({ errors: [error] }: ParseResult, code: 'invalid-json' | 'invalid-yaml'): void {
  if (error) throw createUnreadableProblem(code, error.message, error.position);
}

function requireMapping({ value }: ParseResult): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw createUnreadableProblem('invalid-field', 'a dossier is a mapping with document, facts and text');
}

function parseSourceText(source: unknown): string | null {
  if (source === undefined) return null;
  if (typeof source === 'string') return source;
  throw createTextProblem('text must be a string');
}

function createTextProblem(detail: string): Problem {
  return new Problem('invalid-dossier', detail, [{ pointer: '/text', code: 'invalid-field', detail }]);
}

function createUnreadableProblem(
  code: 'invalid-json' | 'invalid-yaml' | 'invalid-field',
  detail: string,
  position: { line?: number; column?: number } = {},
): Problem {
  return new Problem('invalid-dossier', detail, [{ pointer: '', code, detail, ...position }]);
}
