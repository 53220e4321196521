/** What the store keeps of a fact, and how facts are named. */
import type { StoredEvidence } from './evidence.ts';
import type { Reference } from './fields.ts';
import type { Inference } from './inference.ts';
import type { Redaction } from './redaction.ts';

/** A fact's own fields, and what stands around them. References in it are `{type, id}`. */
export interface FactBody {
  accordingTo?: Reference | null;
  evidence?: StoredEvidence[];
  inferences: Inference[];
  /** Of documents only: when and why the text was taken out. */
  redacted?: Redaction;
  [field: string]: unknown;
}

/** `type/id`: how dossiers write a reference, and what maps are keyed by. */
export const refKey = ({ type, id }: Reference): string => `${type}/${id}`;

/** Every reference in a stored value: nothing else in it has just the two keys `type` and `id`. */
export function collectReferences(value: unknown, references: Reference[] = []): Reference[] {
  if (value === null || typeof value !== 'object') return references;
  if (isReference(value)) references.push(value);
  // Most of what stands in a fact is text.
  else
    for (const each of Object.values(value))
      if (typeof each === 'object') collectReferences(each, references);
  return references;
}

function isReference(value: object): value is Reference {
  return 'type' in value && 'id' in value && Object.keys(value).length === 2;
}

/** `value` with every reference that `renamed` has under its new id. */
export function renameReferences<T>(value: T, renamedReferences: ReadonlyMap<string, Reference>): T {
  if (renamedReferences.size === 0) return value;
  if (!collectReferences(value).some((reference) => renamedReferences.has(refKey(reference)))) return value;
  const copy = structuredClone(value);
  for (const reference of collectReferences(copy))
    Object.assign(reference, renamedReferences.get(refKey(reference)));
  return copy;
}

/** Whether a field says something. */
export function hasValue(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}
