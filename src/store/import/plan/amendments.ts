/** Planning of the dossier's amendments to facts of other dossiers. */
import { isDeepStrictEqual } from 'node:util';
import type { ValuePath } from '../../../dossier/parse-yaml.ts';
import { type Amendment, findRemovedContributions } from '../../../model/amendments.ts';
import { type FactBody, renameReferences } from '../../../model/fact-body.ts';
import { applyContributions, type Contribution, recordSeenValues } from '../contributions.ts';
import type { StoredVersion } from '../pending-versions.ts';
import { checkMergedFact, checkOverriddenCorrection, checkReferences } from './conflicts.ts';
import type { PlanContext } from './context.ts';

/** Plans all amendments of the dossier, and the withdrawal of those that it no longer makes. */
export function planAmendments(context: PlanContext): void {
  const { dossier, stored, pendingVersions, retractionReasons, report } = context;
  const amendmentsByFact = context.amendments;
  for (const [key, amendments] of amendmentsByFact) planAmendedFact(context, key, amendments);
  for (const [key, { others }] of stored.contributions) {
    const isAmendedHere = others.some(({ document }) => document === dossier.id);
    if (!isAmendedHere || amendmentsByFact.has(key) || stored.home.has(key) || pendingVersions.has(key))
      continue;
    if (retractionReasons.has(key)) planAmendedFact(context, key, []);
    else
      report(
        'fact-left-out',
        [],
        `dossier ${dossier.id} no longer amends ${key}: restore the amendment, or list ${key} under retractions with a reason`,
      );
  }
}

function planAmendedFact(context: PlanContext, key: string, amendments: Amendment[]): void {
  const [first] = amendments;
  const path: ValuePath = first ? [first.kind, first.index] : ['retractions'];
  const target = findTarget(context, key, path);
  if (!target || !checkUniqueFields(context, key, amendments)) return;
  const contributions = context.stored.contributions.get(key) ?? { base: null, others: [] };
  const previousContribution = contributions.others.find(({ document }) => document === context.dossier.id);
  if (target.retracted !== null && first && !previousContribution) {
    context.report('retracted-fact', [...path, 'fact'], `${key} is retracted`);
    return;
  }
  if (first && previousContribution)
    checkRemovedAmendments(context, key, previousContribution.amendments, amendments);
  const base = renameReferences(contributions.base ?? (JSON.parse(target.body) as FactBody), context.renamed);
  const others = contributions.others.filter((other) => other !== previousContribution);
  const contribution = recordSeenValues(
    base,
    others,
    toContribution(context, amendments),
    previousContribution?.amendments ?? [],
  );
  if (first) others.push(contribution);
  const { type, id, document, reported_on: reportedOn } = target;
  const isUnchanged = isDeepStrictEqual(previousContribution, first ? contribution : undefined);
  if (!isUnchanged) context.contributions.push({ fact: { type, id }, home: { document, base }, others });
  // Amendments to a retracted fact may still be corrected or withdrawn; the fact does not change.
  if (target.retracted !== null) return;
  const body = applyContributions(base, others);
  const changedFields = Object.assign({}, ...contribution.amendments.map(({ fields }) => fields));
  context.pendingVersions.set(key, {
    type,
    id,
    previous: target,
    document,
    reportedOn,
    label: '',
    retracted: null,
    body,
  });
  checkReferences(context, { type, id }, { body: changedFields, previous: target, path });
  checkMergedFact(context, { type, id }, body, path);
  if (!isUnchanged) checkOverriddenCorrection(context, { type, id }, contribution.amendments, body);
}

/** Finds the amended fact of another dossier; reports a problem and returns null if there is none. */
function findTarget(
  { stored, factPositions, report }: PlanContext,
  key: string,
  path: ValuePath,
): StoredVersion | null {
  const target = stored.others.get(key) ?? null;
  if (stored.home.has(key) || factPositions.has(key)) {
    report('home-here', [...path, 'fact'], `${key} is a fact of this dossier: change it under facts`);
    return null;
  }
  if (!target) report('unknown-reference', [...path, 'fact'], `fact ${key} not found`);
  return target;
}

/** Builds the contribution of this dossier, with the values that determine its precedence. */
const toContribution = (
  { dossier, options, renamed }: PlanContext,
  amendments: Amendment[],
): Contribution => ({
  document: dossier.id,
  day: dossier.publishedOn ?? options.firstRecordedOn,
  first_rev: options.firstRevision,
  amendments: renameReferences(amendments, renamed),
});

/**
 * Requires a note if one of several amendments to a fact is withdrawn: even if the fact does not change by
 * it, nothing may disappear silently.
 */
function checkRemovedAmendments(
  { dossier, options, report }: PlanContext,
  key: string,
  before: Amendment[],
  amendments: Amendment[],
): void {
  const removedFields = findRemovedContributions(before, amendments);
  if (removedFields.length === 0 || options.reason !== null) return;
  const subject = `some amendments of dossier ${dossier.id} to ${removedFields.join(', ')} of ${key}`;
  report('reason-missing', [], `${subject} would be withdrawn: say why in a note`);
}

/** Rejects two amendments of one field. Validation does so for one id, this for all ids of the fact. */
function checkUniqueFields({ report }: PlanContext, key: string, amendments: Amendment[]): boolean {
  const setBy = new Map<string, string>();
  let isUnique = true;
  for (const { kind, index, fields } of amendments) {
    for (const name of Object.keys(fields)) {
      const other = setBy.get(name);
      setBy.set(name, other ?? `${kind}/${index}`);
      if (other === undefined) continue;
      isUnique = false;
      report('duplicate-id', [kind, index, 'fields', name], `${name} of ${key} is already set, in ${other}`);
    }
  }
  return isUnique;
}
