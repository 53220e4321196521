/** Evidence, corrections and developments that a dossier contributes to facts of other dossiers. */
import { isDeepStrictEqual } from 'node:util';
import type { StoredEvidence } from './evidence.ts';
import { type FactBody, hasValue } from './fact-body.ts';
import type { FactType } from './fact-type.ts';
import type { Reference } from './fields.ts';
import type { Inference } from './inference.ts';

/**
 * Kinds in the order in which the amendments of one dossier are applied. Additions come last, because they
 * support the values that the fact has by then.
 */
export const AMENDMENT_KINDS = ['corrects', 'develops', 'adds'] as const;
export type AmendmentKind = (typeof AMENDMENT_KINDS)[number];

export interface Amendment {
  kind: AmendmentKind;
  /** Position among the amendments of its kind in its dossier, from 0. */
  index: number;
  fact: Reference;
  /** New values of fields; empty for an addition. */
  fields: Record<string, unknown>;
  evidence: StoredEvidence[];
  inferences: Inference[];
  /** Reason for a correction; null for the other kinds. */
  reason: string | null;
  /** Values that an addition found in the fields it supports; it supports no other values. Stored. */
  saw?: Record<string, unknown>;
}

/** Returns `body` with an amendment applied. */
export function applyAmendment(body: FactBody, { fields, evidence, inferences, saw }: Amendment): FactBody {
  const removeAmended = (names: string[]) => names.filter((name) => !(name in fields));
  // Evidence that supported only replaced values is dropped; earlier versions still have it.
  const remainingEvidence = (body.evidence ?? [])
    .map((span) => ({ ...span, supports: removeAmended(span.supports) }))
    .filter(({ supports }) => supports.length > 0);
  const remainingInferences = body.inferences
    .map((inference) => ({ ...inference, fields: removeAmended(inference.fields) }))
    .filter((inference) => inference.fields.length > 0);
  return {
    ...body,
    ...fields,
    evidence: [...remainingEvidence, ...(saw ? filterCurrentEvidence(body, evidence, saw) : evidence)],
    inferences: [...remainingInferences, ...inferences],
  };
}

/** Reduces the evidence of an addition to the fields whose values have not changed since. */
function filterCurrentEvidence(
  body: FactBody,
  evidence: StoredEvidence[],
  saw: Record<string, unknown>,
): StoredEvidence[] {
  const isUnchanged = (name: string) => isDeepStrictEqual(body[name], saw[name]);
  return evidence
    .map((span) => ({ ...span, supports: span.supports.filter(isUnchanged) }))
    .filter(({ supports }) => supports.length > 0);
}

/**
 * Records in an addition the values that it finds in `body`. If an earlier amendment has the same quotations,
 * the addition takes over the values that the earlier one found.
 */
export function captureSeenValues(
  body: FactBody,
  amendment: Amendment,
  earlierAmendments: Amendment[],
): Amendment {
  if (amendment.kind !== 'adds') return amendment;
  const quotations = toQuotations(amendment);
  const sameAddition = earlierAmendments.find(
    (each) => each.kind === 'adds' && isDeepStrictEqual(toQuotations(each), quotations),
  );
  const supportedFields = [...new Set(quotations.flatMap(({ supports }) => supports))];
  return {
    ...amendment,
    saw: sameAddition?.saw ?? Object.fromEntries(supportedFields.map((name) => [name, body[name] ?? null])),
  };
}

const toQuotations = ({ evidence }: Amendment) =>
  evidence.map(({ exact, supports }) => ({ exact, supports }));

/** Returns the fields that the amendments set, or support with additions, fewer times than before. */
export function findRemovedContributions(before: Amendment[], after: Amendment[]): string[] {
  const countContributions = (amendments: Amendment[]) => {
    const counts = new Map<string, number>();
    for (const { kind, fields, evidence } of amendments) {
      const names = kind === 'adds' ? evidence.flatMap(({ supports }) => supports) : Object.keys(fields);
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  };
  const remaining = countContributions(after);
  return [...countContributions(before)].flatMap(([name, count]) =>
    (remaining.get(name) ?? 0) < count ? [name] : [],
  );
}

/** Returns the fields that other documents can amend: those that dossiers write in their stored form. */
export function getAmendableFields({ hasEvidence, authoredForm, schema, fieldNames }: FactType): string[] {
  if (hasEvidence === false) return [];
  if (!authoredForm) return fieldNames;
  return fieldNames.filter((name) => authoredForm.schema.shape[name] === schema.shape[name]);
}

/** Returns the filled own fields that nothing supports, in violation of invariant 3. */
export function findUnsupportedFields(
  { fieldNames, evidenceExemptFields = [] }: FactType,
  ownFields: Record<string, unknown>,
  supportedFields: Iterable<string>,
): string[] {
  const supported = new Set([...supportedFields, ...evidenceExemptFields]);
  return fieldNames.filter((name) => hasValue(ownFields[name]) && !supported.has(name));
}
