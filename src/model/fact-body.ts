/** Stored form of a fact, and the references in it. */
import type { StoredEvidence } from './evidence.ts';
import type { Reference } from './fields.ts';
import type { Inference } from './inference.ts';
import type { Redaction } from './redaction.ts';

/** Own fields of a fact, with its evidence and inferences. References in it are `{type, id}`. */
export interface FactBody {
  accordingTo?: Reference | null;
  evidence?: StoredEvidence[];
  inferences: Inference[];
  /** Revision and reason of a redaction; only on documents. */
  redacted?: Redaction;
  [field: string]: unknown;
}

/** Formats a reference as `type/id`, the form used in dossiers and as a key of maps. */
export const refKey = ({ type, id }: Reference): string => `${type}/${id}`;

/** Collects every reference in a stored value. No other object in it has exactly the keys `type` and `id`. */
export function collectReferences(value: unknown, references: Reference[] = []): Reference[] {
  if (value === null || typeof value !== 'object') return references;
  if (isReference(value)) references.push(value);
  // Most values in a fact are texts, so only objects are searched.
  else
    for (const each of Object.values(value))
      if (typeof each === 'object') collectReferences(each, references);
  return references;
}

function isReference(value: object): value is Reference {
  return 'type' in value && 'id' in value && Object.keys(value).length === 2;
}

/** Replaces the references in `value` that have been renamed. */
export function renameReferences<T>(value: T, renamedReferences: ReadonlyMap<string, Reference>): T {
  if (renamedReferences.size === 0) return value;
  if (!collectReferences(value).some((reference) => renamedReferences.has(refKey(reference)))) return value;
  const copy = structuredClone(value);
  for (const reference of collectReferences(copy))
    Object.assign(reference, renamedReferences.get(refKey(reference)));
  return copy;
}

/** True if a field is filled: neither null, undefined nor an empty list. */
export function hasValue(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}
