/** Conflicts between a dossier and the facts in the store. */
import type { ValuePath } from '../../../dossier/parse-yaml.ts';
import { type Amendment, findUnsupportedFields } from '../../../model/amendments.ts';
import { findChangedFields } from '../../../model/change.ts';
import { collectReferences, type FactBody, hasValue, refKey } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import { isPlaceholder } from '../../../model/redaction.ts';
import { getFactType } from '../../../model/types/index.ts';
import type { Contribution } from '../contributions.ts';
import type { StoredVersion } from '../pending-versions.ts';
import { dedupeReferences, type PlanContext } from './context.ts';

/** True if two values are equal, or if a redaction prevents their comparison. */
const areEqualOrRedacted = (a: unknown, b: unknown): boolean =>
  isPlaceholder(a) || isPlaceholder(b) || JSON.stringify(a) === JSON.stringify(b);

/** Reports a change of the dossier's own fact that another dossier's correction overrides. */
export function checkOverriddenChange(
  { report }: PlanContext,
  fact: Reference,
  {
    base,
    before,
    mergedBody,
    others,
    path,
  }: {
    base: FactBody;
    before: FactBody | null;
    mergedBody: FactBody;
    others: Contribution[];
    path: ValuePath;
  },
): void {
  if (!before) return;
  for (const name of findChangedFields(getFactType(fact.type), before, base)) {
    if (areEqualOrRedacted(mergedBody[name], base[name])) continue;
    const overridingContribution = others.find(({ amendments }) =>
      amendments.some(({ kind, fields }) => kind === 'corrects' && name in fields),
    );
    if (!overridingContribution) continue;
    report(
      'later-word',
      [...path, name],
      `${name} of ${refKey(fact)} is corrected by dossier ${overridingContribution.document}, so this change would have no effect`,
    );
  }
}

/** Reports references to the fact itself, and new references to retracted facts. */
export function checkReferences(
  { factPositions, retractionReasons, stored, report }: PlanContext,
  fact: Reference,
  {
    body,
    previous,
    path,
  }: { body: Record<string, unknown>; previous: StoredVersion | null; path: ValuePath },
): void {
  const previousKeys = new Set(previous ? collectReferences(JSON.parse(previous.body)).map(refKey) : []);
  for (const reference of dedupeReferences(collectReferences(body))) {
    const key = refKey(reference);
    // Validation rejects this if the fact has one id; here it may have or have had several.
    if (key === refKey(fact)) report('self-reference', path, `${key} refers to itself`);
    const target = stored.home.get(key) ?? stored.identities.get(key);
    const isRetracted = target?.retracted != null && !previousKeys.has(key) && !factPositions.has(key);
    const isBeingRetracted = retractionReasons.has(key) && stored.home.has(key);
    if (isRetracted || isBeingRetracted)
      report('retracted-fact', path, `${refKey(fact)} refers to ${key}, which is retracted`);
  }
}

/** Checks that a fact merged from several dossiers meets the same rules as one from a single dossier. */
export function checkMergedFact(
  { report }: PlanContext,
  fact: Reference,
  body: FactBody,
  factPath: ValuePath,
): void {
  const factType = getFactType(fact.type);
  const { evidence = [], inferences } = body;
  if (evidence.length === 0)
    report('unsupported-field', factPath, `${refKey(fact)} would be left without evidence`);
  const supportedFields = [
    ...evidence.flatMap(({ supports }) => supports),
    ...inferences.flatMap(({ fields }) => fields),
  ];
  for (const name of findUnsupportedFields(factType, body, supportedFields)) {
    report(
      'unsupported-field',
      factPath,
      `${name} of ${refKey(fact)} would not be supported by any evidence or inference`,
    );
  }
  const emptyFields = new Set(
    supportedFields.filter((name) => !factType.fieldNames.includes(name) || !hasValue(body[name])),
  );
  for (const name of emptyFields)
    report('empty-field', factPath, `${name} of ${refKey(fact)} is empty, so nothing can support it`);
  const quotations = evidence.map(({ exact }) => exact);
  // Redacted quotations cannot be compared with the fields.
  if (quotations.some(isPlaceholder)) return;
  for (const { path, message } of factType.checkRules?.(body as never, quotations) ?? []) {
    report('invalid-field', factPath, `${refKey(fact)} would be inconsistent: ${path.join('.')} ${message}`);
  }
}

/** Reports a correction that an amendment of a dossier published later overrides. */
export function checkOverriddenCorrection(
  { report }: PlanContext,
  fact: Reference,
  amendments: Amendment[],
  body: FactBody,
): void {
  for (const { kind, index, fields } of amendments) {
    if (kind !== 'corrects') continue;
    for (const [name, value] of Object.entries(fields)) {
      if (areEqualOrRedacted(body[name], value)) continue;
      report(
        'later-word',
        [kind, index, 'fields', name],
        `a dossier published later sets ${name} of ${refKey(fact)} to another value, so this correction would have no effect`,
      );
    }
  }
}
