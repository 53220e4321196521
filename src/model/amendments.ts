/** What a dossier says about a fact of another one, and what the fact is with all that is said about it. */
import { isDeepStrictEqual } from 'node:util';
import type { StoredEvidence } from './evidence.ts';
import { type FactBody, hasValue } from './fact-body.ts';
import type { FactType } from './fact-type.ts';
import type { Reference } from './fields.ts';
import type { Inference } from './inference.ts';

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
  /** What an addition found in the fields that its words carry: they carry no other value. Kept in the store. */
  saw?: Record<string, unknown>;
}

/** `body` as it is once an amendment is taken. */
export function applyAmendment(body: FactBody, { fields, evidence, inferences, saw }: Amendment): FactBody {
  const removeAmended = (names: string[]) => names.filter((name) => !(name in fields));
  // Words that carried only what is no longer said carry nothing; earlier versions keep them.
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

/** The words of an addition, as far as the fields still say what they carry. */
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

/** `amendment` with what it finds in `body`, if it only adds; the same words as `before` are about what those found. */
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

/** The fields of which less is said than before: set no more, or carried by fewer words that only add. */
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

/** The fields of a type that another document can speak to: those that an editor writes as they are kept. */
export function getAmendableFields({ hasEvidence, authoredForm, schema, fieldNames }: FactType): string[] {
  if (hasEvidence === false) return [];
  if (!authoredForm) return fieldNames;
  return fieldNames.filter((name) => authoredForm.schema.shape[name] === schema.shape[name]);
}

/** The filled fields of `own` that none of `carriers` names: invariant 3. */
export function findUnsupportedFields(
  { fieldNames, evidenceExemptFields = [] }: FactType,
  ownFields: Record<string, unknown>,
  supportedFields: Iterable<string>,
): string[] {
  const supported = new Set([...supportedFields, ...evidenceExemptFields]);
  return fieldNames.filter((name) => hasValue(ownFields[name]) && !supported.has(name));
}
