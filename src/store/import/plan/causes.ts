/** Why a version differs from the one before it. */

import { type Cause, contentChanged } from '../../../model/change.ts';
import { type FactBody, keyOf, withRenamed } from '../../../model/fact-body.ts';
import { resourceOf } from '../../../model/types/index.ts';
import type { Draft } from '../pending-versions.ts';
import { type PlannedChange, type Planning, placeOf } from './context.ts';

/** Why a draft is another version than the one before, or null if it is none. */
export function changeOf(planning: Planning, draft: Draft): PlannedChange | null {
  const { previous, body, label, reportedOn, retracted } = draft;
  if (!previous || (previous.retracted !== null && retracted === null)) {
    return { draft, cause: 'addition', reason: null };
  }
  if (retracted !== null) return { draft, cause: 'retraction', reason: retracted };
  const same = previous.body === JSON.stringify(body) && previous.label === label;
  if (same && previous.reported_on === reportedOn && previous.id === draft.id) return null;
  const before = withRenamed(JSON.parse(previous.body) as FactBody, planning.renamed);
  const fields = contentChanged(resourceOf(draft.type), before, body);
  if (fields.length === 0) return { draft, cause: 'editorial', reason: null };
  return { draft, ...causeOf(planning, draft, fields) };
}

function causeOf(
  planning: Planning,
  draft: Draft,
  fields: string[],
): { cause: Cause; reason: string | null } {
  const { dossier, options, report } = planning;
  const key = keyOf(draft);
  if (draft.document === dossier.id) {
    if (options.reason !== null) return { cause: 'correction', reason: options.reason };
    report(
      'reason-missing',
      placeOf(planning.given.get(key) ?? -1),
      `${fields.join(', ')} of ${key} would be corrected: say why in a note`,
    );
    return { cause: 'correction', reason: null };
  }
  const mine = planning.amendments.get(key) ?? [];
  const correction = mine.find(
    ({ kind, fields: set }) => kind === 'corrects' && fields.some((name) => name in set),
  );
  if (correction) return { cause: 'correction', reason: correction.reason };
  if (fields.every((name) => mine.some(({ kind, fields: set }) => kind === 'develops' && name in set))) {
    return { cause: 'development', reason: null };
  }
  // Something that was said is said no more.
  const reason = planning.withdrawn.get(key) ?? options.reason;
  if (reason === null) {
    report(
      'reason-missing',
      [],
      `what this dossier said about ${fields.join(', ')} of ${key} would be taken back: say why in a note`,
    );
  }
  return { cause: 'correction', reason };
}
