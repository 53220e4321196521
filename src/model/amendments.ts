/** What a dossier says about a fact of another one, and what the fact is with all that is said about it. */
import { isDeepStrictEqual } from 'node:util';
import type { StoredEvidence } from './evidence.ts';
import { type FactBody, isFilled } from './fact-body.ts';
import type { Resource } from './fact-type.ts';
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
export function amended(body: FactBody, { fields, evidence, inferences, saw }: Amendment): FactBody {
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
    evidence: [...carryingOn, ...(saw ? evidenceFor(body, evidence, saw) : evidence)],
    inferences: [...inferred, ...inferences],
  };
}

/** The words of an addition, as far as the fields still say what they carry. */
function evidenceFor(
  body: FactBody,
  evidence: StoredEvidence[],
  saw: Record<string, unknown>,
): StoredEvidence[] {
  const still = (name: string) => isDeepStrictEqual(body[name], saw[name]);
  return evidence
    .map((span) => ({ ...span, supports: span.supports.filter(still) }))
    .filter(({ supports }) => supports.length > 0);
}

/** `amendment` with what it finds in `body`, if it only adds; the same words as `before` are about what those found. */
export function withSeen(body: FactBody, amendment: Amendment, before: Amendment[]): Amendment {
  if (amendment.kind !== 'adds') return amendment;
  const words = wordsOf(amendment);
  const same = before.find((each) => each.kind === 'adds' && isDeepStrictEqual(wordsOf(each), words));
  const names = [...new Set(words.flatMap(({ supports }) => supports))];
  return {
    ...amendment,
    saw: same?.saw ?? Object.fromEntries(names.map((name) => [name, body[name] ?? null])),
  };
}

const wordsOf = ({ evidence }: Amendment) => evidence.map(({ exact, supports }) => ({ exact, supports }));

/** The fields of which less is said than before: set no more, or carried by fewer words that only add. */
export function saidNoMore(before: Amendment[], now: Amendment[]): string[] {
  const count = (amendments: Amendment[]) => {
    const times = new Map<string, number>();
    for (const { kind, fields, evidence } of amendments) {
      const names = kind === 'adds' ? evidence.flatMap(({ supports }) => supports) : Object.keys(fields);
      for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
    }
    return times;
  };
  const left = count(now);
  return [...count(before)].flatMap(([name, times]) => ((left.get(name) ?? 0) < times ? [name] : []));
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
