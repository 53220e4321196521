/** Planning of the dossier's own facts. */
import { isDeepStrictEqual } from 'node:util';
import type { DossierContent } from '../../../dossier/validate.ts';
import { refKey, renameReferences } from '../../../model/fact-body.ts';
import { applyContributions } from '../contributions.ts';
import { checkMergedFact, checkOverriddenChange, checkReferences } from './conflicts.ts';
import { type PlanContext, toFactPath } from './context.ts';

export function planFact(
  context: PlanContext,
  { type, id, body }: DossierContent['facts'][number],
  index: number,
): void {
  const { dossier, stored, renamed, pendingVersions, report } = context;
  const key = refKey({ type, id });
  const previous = context.renamedFrom.get(key) ?? stored.home.get(key) ?? stored.others.get(key) ?? null;
  const path = toFactPath(index);
  const currentName = stored.renamed.get(key);
  if (currentName) {
    report(
      'renamed-fact',
      [...path, 'id'],
      `${key} has been renamed to ${refKey(currentName)}: use the new id`,
    );
    return;
  }
  if (previous && previous.document !== dossier.id && previous.retracted === null) {
    report(
      'home-elsewhere',
      [...path, 'id'],
      `${key} has its home in dossier ${previous.document}, so ${dossier.id} cannot define it too: amend it instead`,
    );
    return;
  }
  const base = renameReferences(body, renamed);
  checkReferences(context, { type, id }, { body: base, previous, path });
  const pendingVersion = {
    type,
    id,
    previous,
    document: dossier.id,
    reportedOn: dossier.publishedOn,
    label: '',
    retracted: null,
  };
  const contributions = stored.contributions.get(previous ? refKey(previous) : key);
  // If this dossier amended the fact while it had another home, its own definition replaces those amendments.
  const others = (contributions?.others ?? [])
    .filter(({ document }) => document !== dossier.id)
    .map((each) => ({ ...each, amendments: renameReferences(each.amendments, renamed) }));
  const isUnmoved =
    previous?.id === id && previous.document === dossier.id && contributions?.others.length === others.length;
  if (contributions && !(isUnmoved && isDeepStrictEqual(contributions.base, base))) {
    context.contributions.push({ fact: { type, id }, home: { document: dossier.id, base }, others });
  }
  if (!contributions || others.length === 0) {
    pendingVersions.set(key, { ...pendingVersion, body: base });
    return;
  }
  const mergedBody = applyContributions(base, others);
  pendingVersions.set(key, { ...pendingVersion, body: mergedBody });
  checkMergedFact(context, { type, id }, mergedBody, path);
  checkOverriddenChange(
    context,
    { type, id },
    { base, before: contributions.base, mergedBody, others, path },
  );
}

/** Reports facts that the dossier no longer defines: each of them must be retracted explicitly. */
export function planRemovedFacts({
  dossier,
  stored,
  renamedFrom,
  pendingVersions,
  report,
}: PlanContext): void {
  const renamedKeys = new Set([...renamedFrom.values()].map(refKey));
  for (const [key, { retracted }] of stored.home) {
    if (retracted !== null || pendingVersions.has(key) || renamedKeys.has(key)) continue;
    report(
      'fact-left-out',
      ['facts'],
      `${key} is missing from dossier ${dossier.id}, which defined it before: restore it, or list it under retractions with a reason`,
    );
  }
}
