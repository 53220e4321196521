import { type Cause, findChangedFields } from '../../../model/change.ts';
import { type FactBody, refKey, renameReferences } from '../../../model/fact-body.ts';
import { getFactType } from '../../../model/types/index.ts';
import type { PendingVersion } from '../pending-versions.ts';
import { type PlanContext, type PlannedChange, toFactPath } from './context.ts';

/** Determines the cause of a pending version; null if it equals the previous version. */
export function classifyChange(context: PlanContext, pendingVersion: PendingVersion): PlannedChange | null {
  const { previous, body, label, reportedOn, retracted } = pendingVersion;
  if (!previous || (previous.retracted !== null && retracted === null)) {
    return { pendingVersion, cause: 'addition', reason: null };
  }
  if (retracted !== null) return { pendingVersion, cause: 'retraction', reason: retracted };
  const isUnchanged = previous.body === JSON.stringify(body) && previous.label === label;
  if (isUnchanged && previous.reported_on === reportedOn && previous.id === pendingVersion.id) return null;
  const before = renameReferences(JSON.parse(previous.body) as FactBody, context.renamed);
  const fields = findChangedFields(getFactType(pendingVersion.type), before, body);
  if (fields.length === 0) return { pendingVersion, cause: 'editorial', reason: null };
  return { pendingVersion, ...determineCause(context, pendingVersion, fields) };
}

function determineCause(
  context: PlanContext,
  pendingVersion: PendingVersion,
  fields: string[],
): { cause: Cause; reason: string | null } {
  const { dossier, options, report } = context;
  const key = refKey(pendingVersion);
  if (pendingVersion.document === dossier.id) {
    if (options.reason !== null) return { cause: 'correction', reason: options.reason };
    report(
      'reason-missing',
      toFactPath(context.factPositions.get(key) ?? -1),
      `${fields.join(', ')} of ${key} would be corrected: say why in a note`,
    );
    return { cause: 'correction', reason: null };
  }
  const ownAmendments = context.amendments.get(key) ?? [];
  const correction = ownAmendments.find(
    ({ kind, fields: amendedFields }) => kind === 'corrects' && fields.some((name) => name in amendedFields),
  );
  if (correction) return { cause: 'correction', reason: correction.reason };
  if (
    fields.every((name) =>
      ownAmendments.some(({ kind, fields: amendedFields }) => kind === 'develops' && name in amendedFields),
    )
  ) {
    return { cause: 'development', reason: null };
  }
  // The dossier has withdrawn an amendment.
  const reason = context.retractionReasons.get(key) ?? options.reason;
  if (reason === null) {
    report(
      'reason-missing',
      [],
      `amendments of this dossier to ${fields.join(', ')} of ${key} would be withdrawn: say why in a note`,
    );
  }
  return { cause: 'correction', reason };
}
