/** What redacting a text does to the facts: its document says so. Their words are blanked where the dossier is kept. */
import { type FactBody, keyOf } from '../../facts/body.ts';
import type { Redaction } from '../../facts/redaction.ts';
import { versionsOf } from '../drafts.ts';
import type { Reader } from '../portable/database.ts';
import type { Plan } from './planning.ts';

export async function planRedaction(db: Reader, id: string, redacted: Redaction): Promise<Plan> {
  const document = { type: 'document', id };
  const previous = (await versionsOf(db, [document])).get(keyOf(document));
  if (!previous)
    throw new Error(`there is no document ${id} to be redacted by revision ${redacted.revision}`);
  const body: FactBody = { ...(JSON.parse(previous.body) as FactBody), redacted };
  const draft = {
    ...document,
    previous,
    body,
    document: id,
    reportedOn: previous.reported_on,
    label: previous.label,
    // One whose dossier was deleted stays withdrawn.
    retracted: previous.retracted && (JSON.parse(previous.retracted) as Redaction).reason,
  };
  const change = { draft, cause: 'editorial' as const, reason: redacted.reason };
  return { changes: [change], unchanged: 0, renames: [], contributions: [], problems: [] };
}
