/** Strict parser for query strings: it rejects what it cannot decode. */
import { invalidParameters, type ProblemError } from '../lib/problem-details.ts';

/** Values by parameter name, in request order, with `ENCODED_COMMA` for each percent-encoded comma. */
export type QueryValues = Record<string, string[]>;

/**
 * Placeholder for a percent-encoded comma. A plain comma separates values; a client encodes a comma that is
 * part of a value. Both stay distinguishable until the type of the parameter is known. No value contains NUL,
 * since the parser rejects it.
 */
export const ENCODED_COMMA = '\0';

const MAX_PARAMETERS = 100;

/** Raw query string. The validator decodes it, because an error there becomes a problem document. */
export class RawQuery {
  readonly #text: string;
  #values: QueryValues | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** Decodes the query string once; throws a problem that names every parameter it cannot decode. */
  parse(): QueryValues {
    this.#values ??= this.#decode();
    return this.#values;
  }

  #decode(): QueryValues {
    const pairs = this.#text.split('&').filter((pair) => pair !== '');
    if (pairs.length > MAX_PARAMETERS) {
      const detail = `the query string has ${pairs.length} parameters; at most ${MAX_PARAMETERS} are allowed`;
      throw invalidParameters([{ code: 'too-many-parameters', detail }]);
    }
    const values: QueryValues = Object.create(null);
    const errors: ProblemError[] = [];
    for (const pair of pairs) {
      const equalsIndex = pair.indexOf('=');
      const rawName = equalsIndex < 0 ? pair : pair.slice(0, equalsIndex);
      const name = decode(rawName)?.replaceAll(ENCODED_COMMA, ',') ?? null;
      const value = equalsIndex < 0 ? '' : decode(pair.slice(equalsIndex + 1));
      if (name === null || value === null) {
        const detail = 'must be percent-encoded UTF-8 without NUL';
        errors.push({ parameter: name ?? rawName, code: 'invalid-encoding', detail });
      } else {
        const existing = values[name];
        if (existing) existing.push(value);
        else values[name] = [value];
      }
    }
    if (errors.length > 0) throw invalidParameters(errors);
    return values;
  }
}

function decode(text: string): string | null {
  if (UNRESERVED_CHARACTERS.test(text)) return text;
  try {
    // decodeURIComponent rejects UTF-8 sequences of surrogate halves.
    if (text.includes('%00')) return null;
    return decodeURIComponent(
      text.replaceAll('+', ' ').replaceAll(/%2c/gi, encodeURIComponent(ENCODED_COMMA)),
    );
  } catch {
    return null;
  }
}

/** Fast path: text of these characters is the same encoded and decoded, and most queries consist of them. */
const UNRESERVED_CHARACTERS = /^[\w.~-]*$/;

/** Splits the URL of a request into its path and its decoded query. */
export function splitUrl(url: string): { path: string; values: QueryValues } {
  const queryStart = url.indexOf('?');
  if (queryStart < 0) return { path: url, values: {} };
  return { path: url.slice(0, queryStart), values: new RawQuery(url.slice(queryStart + 1)).parse() };
}

/** Formats `?a=1&b=2` sorted by name, so that equivalent queries are equal; empty if there are no values. */
export function formatCanonicalQuery(values: QueryValues): string {
  const pairs = Object.keys(values)
    .sort()
    .map((name) => `${encode(name)}=${encode((values[name] as string[]).join(','))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Percent-encodes only what is necessary: commas, slashes and colons stay readable. */
const encode = (text: string): string =>
  UNRESERVED_CHARACTERS.test(text)
    ? text
    : encodeURIComponent(text)
        .replace(/%2C/g, ',')
        .replace(/%00/g, '%2C')
        .replace(/%2F/g, '/')
        .replace(/%3A/g, ':');
