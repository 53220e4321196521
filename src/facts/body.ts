/** What the store keeps of a fact, and how facts are named. */
import type { StoredEvidence } from './evidence.ts';
import type { Reference } from './fields.ts';
import type { Inference } from './inference.ts';

/** A fact's own fields, and what stands around them. References in it are `{type, id}`. */
export interface FactBody {
  accordingTo?: Reference | null;
  evidence?: StoredEvidence[];
  inferences: Inference[];
  [field: string]: unknown;
}

/** `type/id`: how dossiers write a reference, and what maps are keyed by. */
export const keyOf = ({ type, id }: Reference): string => `${type}/${id}`;
