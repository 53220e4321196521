/** Dossier as a client sends it, in YAML or JSON: the facts file, and the source text if it is included. */
import { isDeepStrictEqual } from 'node:util';
import { parseJson } from '../dossier/parse-json.ts';
import { type ParseResult, parseYaml } from '../dossier/parse-yaml.ts';
import { normalizeSections } from '../dossier/schema.ts';
import { JSON_BODY_MEDIA_TYPE } from '../http/body-media-types.ts';
import { Problem } from '../lib/problem-details.ts';
import { decodeUtf8 } from '../lib/utf8.ts';
import { parseSections, type StoredDossier } from '../store/queries/dossiers.ts';

export interface Submission {
  /** Contents of `facts.yaml`: the dossier without its text. */
  facts: string;
  /** Null if the body has no text. */
  source: string | null;
  /** Value of `facts`, with positions in the body. */
  parseResult: ParseResult;
  /** True if the stored facts equal these: byte for byte in YAML, by value in JSON. */
  equalsStored(stored: StoredDossier): boolean;
}

/** Parses a body, or throws a problem with the reason why it cannot. */
export function parseSubmission(mediaType: string, body: Uint8Array): Submission {
  if (body.length === 0)
    throw new Problem('invalid-request', 'The request has no body; send the dossier as JSON or YAML');
  const text = decodeBody(body);
  return mediaType === JSON_BODY_MEDIA_TYPE ? parseJsonSubmission(text) : parseYamlSubmission(text);
}

function decodeBody(body: Uint8Array): string {
  try {
    return decodeUtf8(body);
  } catch (error) {
    throw new Problem('invalid-request', `The body ${(error as Error).message}`);
  }
}

function parseJsonSubmission(text: string): Submission {
  const parseResult = parseJson(text);
  throwOnParseError(parseResult, 'invalid-json');
  const { text: source, ...value } = requireMapping(parseResult);
  return {
    // JSON is valid YAML, so nothing is lost.
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
  // The rest may have depended on the part that was cut out.
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
    'text cannot be cut out of this file: make it a top-level key on lines of its own, without an anchor or a comment',
  );
}

function throwOnParseError({ errors }: ParseResult, code: 'invalid-json' | 'invalid-yaml'): void {
  const [first] = errors;
  if (!first) return;
  const { line, column } = first.position;
  const suffix = errors.length > 1 ? ` (first of ${errors.length} problems)` : '';
  throw new Problem(
    'invalid-dossier',
    `line ${line}, column ${column}: ${first.message}${suffix}`,
    errors.map(({ message: detail, position }) => ({ pointer: '', code, detail, ...position })),
  );
}

function requireMapping({ value }: ParseResult): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  const detail = 'a dossier must be a mapping with document, facts and text';
  throw new Problem('invalid-dossier', detail, [{ pointer: '', code: 'invalid-field', detail }]);
}

function parseSourceText(source: unknown): string | null {
  if (source === undefined) return null;
  if (typeof source === 'string') return source;
  throw createTextProblem('text must be a string');
}

function createTextProblem(detail: string): Problem {
  return new Problem('invalid-dossier', detail, [{ pointer: '/text', code: 'invalid-field', detail }]);
}
