/** What a dossier says about a fact of another one, and what the fact is with all that is said about it. */
import { type FactBody, isFilled } from './body.ts';
import type { StoredEvidence } from './evidence.ts';
import type { Reference } from './fields.ts';
import type { Inference } from './inference.ts';
import type { Resource } from './resource.ts';

/** In the order in which those of one dossier are taken: further words carry what the fact then says. */
export const AMENDMENT_KINDS = ['corrects', 'develops', 'adds'] as const;
export type AmendmentKind = (typeof AMENDMENT_KINDS)[number];

export interface Amendment {
  kind: AmendmentKind;
  /** Which of its kind it is in its dossier, from 0. */
  index: number;
  fact: Reference;
  /** The fields that get another value; none in what only adds evidence. */
  fields: Record<string, unknown>;
  evidence: StoredEvidence[];
  inferences: Inference[];
  /** Of a correction only. */
  reason: string | null;
}

/** `body` as it is once an amendment is taken. */
export function amended(body: FactBody, { fields, evidence, inferences }: Amendment): FactBody {
  const still = (names: string[]) => names.filter((name) => !(name in fields));
  // Words that carried only what is no longer said carry nothing; earlier versions keep them.
  const carryingOn = (body.evidence ?? [])
    .map((span) => ({ ...span, supports: still(span.supports) }))
    .filter(({ supports }) => supports.length > 0);
  const inferred = body.inferences
    .map((inference) => ({ ...inference, fields: still(inference.fields) }))
    .filter((inference) => inference.fields.length > 0);
  return {
    ...body,
    ...fields,
    evidence: [...carryingOn, ...evidence],
    inferences: [...inferred, ...inferences],
  };
}

/** The fields of a type that another document can speak to: those that an editor writes as they are kept. */
export function amendableFields({ sourced, authoring, schema, fieldNames }: Resource): string[] {
  if (sourced === false) return [];
  if (!authoring) return fieldNames;
  return fieldNames.filter((name) => authoring.schema.shape[name] === schema.shape[name]);
}

/** The filled fields of `own` that none of `carriers` names: invariant 3. */
export function uncarriedFields(
  { fieldNames, accompanying = [] }: Resource,
  own: Record<string, unknown>,
  carriers: Iterable<string>,
): string[] {
  const carried = new Set([...carriers, ...accompanying]);
  return fieldNames.filter((name) => isFilled(own[name]) && !carried.has(name));
}
