/** Planning of a redaction: it marks the document. The words are removed from the stored dossier. */
import { type FactBody, refKey } from '../../../model/fact-body.ts';
import type { Redaction } from '../../../model/redaction.ts';
import type { Reader } from '../../database.ts';
import { findLatestVersions } from '../pending-versions.ts';
import type { ImportPlan } from './context.ts';

export async function planRedaction(db: Reader, id: string, redacted: Redaction): Promise<ImportPlan> {
  const document = { type: 'document', id };
  const previous = (await findLatestVersions(db, [document])).get(refKey(document));
  if (!previous) throw new Error(`document ${id} not found, which revision ${redacted.revision} redacts`);
  const body: FactBody = { ...(JSON.parse(previous.body) as FactBody), redacted };
  const pendingVersion = {
    ...document,
    previous,
    body,
    document: id,
    reportedOn: previous.reported_on,
    label: previous.label,
    // A document whose dossier was deleted stays retracted.
    retracted: previous.retracted && (JSON.parse(previous.retracted) as Redaction).reason,
  };
  const change = { pendingVersion, cause: 'editorial' as const, reason: redacted.reason };
  return { changes: [change], unchanged: 0, renames: [], contributions: [], problems: [] };
}
