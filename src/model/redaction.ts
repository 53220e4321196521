/** What becomes of the words of a text that was redacted. */
import type { StoredEvidence } from './evidence.ts';
import type { FactType } from './fact-type.ts';
import type { Inference } from './inference.ts';

/** By which revision a text was redacted, and why. */
export interface Redaction {
  revision: number;
  reason: string;
}

/** Stands for some words in a way that tells them from others, so that the history of a fact comes out as before. */
export type Redactor = (words: string) => string;

const PLACEHOLDER = /\[redacted \d+\]/g;

/** Placeholders for the words of one text: the same for the same words, numbered as they first come up. */
export function createRedactor(): Redactor {
  const placeholdersByWords = new Map<string, string>();
  return (words) => {
    // The start and the end of a text have no words around them, which says nothing of the text.
    if (words === '') return words;
    const placeholder = placeholdersByWords.get(words) ?? `[redacted ${placeholdersByWords.size + 1}]`;
    placeholdersByWords.set(words, placeholder);
    return placeholder;
  };
}

/** What search looks into: a placeholder has no words, and its number is none of the text's. */
export const stripPlaceholders = (text: string): string =>
  text.includes('[redacted ') ? text.replace(PLACEHOLDER, ' ') : text;

/** Whether these are no words, but what stands for some. */
export const isPlaceholder = (value: unknown): boolean =>
  typeof value === 'string' && value.startsWith('[redacted ') && stripPlaceholders(value) === ' ';

/** Evidence and inferences without the words of the text; notes quote it as they argue. */
export function redactEvidenceAndInferences<
  T extends { evidence?: StoredEvidence[]; inferences: Inference[] },
>(fact: T, redact: Redactor): T {
  const { evidence, inferences } = fact;
  return {
    ...fact,
    ...(evidence && {
      evidence: evidence.map((span) => ({
        ...span,
        exact: redact(span.exact),
        prefix: redact(span.prefix),
        suffix: redact(span.suffix),
      })),
    }),
    inferences: inferences.map((inference) => ({ ...inference, note: redact(inference.note) })),
  };
}

/** Own fields, or some of them, without those that hold words of the text as they stand there. */
export function redactFields<T extends object>(
  { verbatimFields = [] }: FactType,
  fields: T,
  redact: Redactor,
): T {
  return verbatimFields.reduce(
    (redactedFields, path) => redactAtPath(redactedFields, path.split('.'), redact) as T,
    fields,
  );
}

function redactAtPath(value: unknown, path: string[], redact: Redactor): unknown {
  if (Array.isArray(value)) return value.map((item) => redactAtPath(item, path, redact));
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'string' ? redact(value) : value;
  if (value === null || typeof value !== 'object' || !(name in value)) return value;
  return { ...value, [name]: redactAtPath((value as Record<string, unknown>)[name], rest, redact) };
}
