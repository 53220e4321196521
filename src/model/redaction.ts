/** Redaction: replaces the words of a text in facts by placeholders. */
import type { StoredEvidence } from './evidence.ts';
import type { FactType } from './fact-type.ts';
import type { Inference } from './inference.ts';

/** Revision that redacted a text, and the reason. */
export interface Redaction {
  revision: number;
  reason: string;
}

/** Returns distinct placeholders for distinct words, so that the history of a fact shows the same changes. */
export type Redactor = (words: string) => string;

const PLACEHOLDER = /\[redacted \d+\]/g;

/** Creates a redactor for one text. It numbers its placeholders in the order of their first use. */
export function createRedactor(): Redactor {
  const placeholdersByWords = new Map<string, string>();
  return (words) => {
    // An empty prefix or suffix, at the start or end of the text, reveals none of its words.
    if (words === '') return words;
    const placeholder = placeholdersByWords.get(words) ?? `[redacted ${placeholdersByWords.size + 1}]`;
    placeholdersByWords.set(words, placeholder);
    return placeholder;
  };
}

/** Removes placeholders from a text before it is indexed: their words and numbers are not part of it. */
export const stripPlaceholders = (text: string): string =>
  text.includes('[redacted ') ? text.replace(PLACEHOLDER, ' ') : text;

/** True if the value consists of a single placeholder. */
export const isPlaceholder = (value: unknown): boolean =>
  typeof value === 'string' && value.startsWith('[redacted ') && stripPlaceholders(value) === ' ';

/** Redacts the evidence and inferences of a fact, including the notes, which quote the text. */
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

/** Redacts those of the given own fields that contain literal words of the text. */
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
