/** What becomes of the words of a text that was redacted. */
import type { StoredEvidence } from './evidence.ts';
import type { Resource } from './fact-type.ts';
import type { Inference } from './inference.ts';

/** By which revision a text was redacted, and why. */
export interface Redaction {
  revision: number;
  reason: string;
}

/** Stands for some words in a way that tells them from others, so that the history of a fact comes out as before. */
export type Blank = (words: string) => string;

const PLACEHOLDER = /\[redacted \d+\]/g;

/** Placeholders for the words of one text: the same for the same words, numbered as they first come up. */
export function placeholders(): Blank {
  const known = new Map<string, string>();
  return (words) => {
    // The start and the end of a text have no words around them, which says nothing of the text.
    if (words === '') return words;
    const placeholder = known.get(words) ?? `[redacted ${known.size + 1}]`;
    known.set(words, placeholder);
    return placeholder;
  };
}

/** What search looks into: a placeholder has no words, and its number is none of the text's. */
export const withoutPlaceholders = (text: string): string =>
  text.includes('[redacted ') ? text.replace(PLACEHOLDER, ' ') : text;

/** Whether these are no words, but what stands for some. */
export const isPlaceholder = (value: unknown): boolean =>
  typeof value === 'string' && value.startsWith('[redacted ') && withoutPlaceholders(value) === ' ';

/** Evidence and inferences without the words of the text; notes quote it as they argue. */
export function blankedCarriers<T extends { evidence?: StoredEvidence[]; inferences: Inference[] }>(
  carried: T,
  blank: Blank,
): T {
  const { evidence, inferences } = carried;
  return {
    ...carried,
    ...(evidence && {
      evidence: evidence.map((span) => ({
        ...span,
        exact: blank(span.exact),
        prefix: blank(span.prefix),
        suffix: blank(span.suffix),
      })),
    }),
    inferences: inferences.map((inference) => ({ ...inference, note: blank(inference.note) })),
  };
}

/** Own fields, or some of them, without those that hold words of the text as they stand there. */
export function blankedFields<T extends object>({ literal = [] }: Resource, fields: T, blank: Blank): T {
  return literal.reduce((own, path) => blankedAt(own, path.split('.'), blank) as T, fields);
}

function blankedAt(value: unknown, path: string[], blank: Blank): unknown {
  if (Array.isArray(value)) return value.map((each) => blankedAt(each, path, blank));
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'string' ? blank(value) : value;
  if (value === null || typeof value !== 'object' || !(name in value)) return value;
  return { ...value, [name]: blankedAt((value as Record<string, unknown>)[name], rest, blank) };
}
