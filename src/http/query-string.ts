/** Query strings, read strictly: what cannot be decoded is refused, never guessed at. */
import { invalidParameters, type ProblemError } from '../lib/problem-details.ts';

/** Names with their values in the order given, in which `ENCODED_COMMA` stands for a comma that was percent-encoded. */
export type QueryValues = Record<string, string[]>;

/**
 * A comma separates values, and a value may have commas too: there the client encodes them. So the two are kept
 * apart until it is known what the parameter takes. No value holds a NUL, since that is refused.
 */
export const ENCODED_COMMA = '\0';

export const MAX_PARAMETERS = 100;

/** A query string as it came; it is decoded by the validator, which can answer with a problem. */
export class RawQuery {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Decodes it, or throws a problem that names every parameter that cannot be. */
  parse(): QueryValues {
    const pairs = this.text.split('&').filter((pair) => pair !== '');
    if (pairs.length > MAX_PARAMETERS) {
      const detail = `the query has ${pairs.length} parameters; at most ${MAX_PARAMETERS} are read`;
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
    // Halves of surrogate pairs in UTF-8 are refused by the decoder itself.
    if (text.includes('%00')) return null;
    return decodeURIComponent(
      text.replaceAll('+', ' ').replaceAll(/%2c/gi, encodeURIComponent(ENCODED_COMMA)),
    );
  } catch {
    return null;
  }
}

/** What is written the same encoded and decoded, as most of a query is. */
const UNRESERVED_CHARACTERS = /^[\w.~-]*$/;

/** A URL as a request has it, taken apart. */
export function splitUrl(url: string): { path: string; values: QueryValues } {
  const queryStart = url.indexOf('?');
  if (queryStart < 0) return { path: url, values: {} };
  return { path: url.slice(0, queryStart), values: new RawQuery(url.slice(queryStart + 1)).parse() };
}

/** `?a=1&b=2` in the order of the names: the same question always has the same URL. Empty without values. */
export function formatCanonicalQuery(values: QueryValues): string {
  const pairs = Object.keys(values)
    .sort()
    .map((name) => `${encode(name)}=${encode((values[name] as string[]).join(','))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Percent-encodes what must be, and leaves commas, slashes and colons readable. */
const encode = (text: string): string =>
  UNRESERVED_CHARACTERS.test(text)
    ? text
    : encodeURIComponent(text)
        .replace(/%2C/g, ',')
        .replace(/%00/g, '%2C')
        .replace(/%2F/g, '/')
        .replace(/%3A/g, ':');
