/** What a dossier must not do to what the store holds. */
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

/** Whether two values are the same, as far as can be told where the words of one were redacted. */
const areEqualOrRedacted = (a: unknown, b: unknown): boolean =>
  isPlaceholder(a) || isPlaceholder(b) || JSON.stringify(a) === JSON.stringify(b);

/** A change of one's own fact that another dossier's correction leaves without effect. */
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
      `${name} of ${refKey(fact)} is corrected by dossier ${overridingContribution.document}, which this would not change`,
    );
  }
}

/** References to the fact itself, and to what is withdrawn, but for those that the fact has had since before. */
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
    // The check sees to it where the fact goes by one id, this where it has or had several.
    if (key === refKey(fact)) report('self-reference', path, `${key} refers to itself`);
    const target = stored.home.get(key) ?? stored.identities.get(key);
    const isRetracted = target?.retracted != null && !previousKeys.has(key) && !factPositions.has(key);
    const isBeingRetracted = retractionReasons.has(key) && stored.home.has(key);
    if (isRetracted || isBeingRetracted)
      report('retracted-fact', path, `${refKey(fact)} refers to ${key}, which is retracted`);
  }
}

/** What a fact has become by words of several dossiers must hold together as if one had given it. */
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
    report('unsupported-field', factPath, `${name} of ${refKey(fact)} would be carried by nothing`);
  }
  const emptyFields = new Set(
    supportedFields.filter((name) => !factType.fieldNames.includes(name) || !hasValue(body[name])),
  );
  for (const name of emptyFields)
    report('empty-field', factPath, `${name} of ${refKey(fact)} is empty, so nothing can carry it`);
  const quotations = evidence.map(({ exact }) => exact);
  // What was redacted cannot be held against words that are gone.
  if (quotations.some(isPlaceholder)) return;
  for (const { path, message } of factType.checkRules?.(body as never, quotations) ?? []) {
    report(
      'invalid-field',
      factPath,
      `${refKey(fact)} would not hold together: ${path.join('.')} ${message}`,
    );
  }
}

/** A correction that a later word of another dossier leaves without effect. */
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
        `a dossier published later has another word on ${name} of ${refKey(fact)}`,
      );
    }
  }
}
