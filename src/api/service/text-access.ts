/** Access to source texts: their rights and their redaction apply to every revision. */
import { Problem } from '../../lib/problem-details.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import { findRedaction } from '../../store/queries/dossiers.ts';
import { findFact } from '../../store/queries/facts.ts';
import { latestRevision } from '../../store/queries/revisions.ts';

/** True if both the rights at `revision` and today's rights allow the full text to be shown without a key. */
export async function isPublicText(db: Reader, id: string, revision: number): Promise<boolean> {
  const currentRevision = (await latestRevision(db))?.n ?? revision;
  const document = { type: getFactType('document').type, id };
  const rows = [await findFact(db, revision, document), await findFact(db, currentRevision, document)];
  const displays = rows.map(
    (row) => row && (JSON.parse(row.body) as { rights: { display: string } }).rights.display,
  );
  return displays.every((display) => display === 'full');
}

/** Throws a 451 if the text was ever redacted, whatever revision is read. */
export async function assertNotRedacted(db: Reader, id: string): Promise<void> {
  const redaction = await findRedaction(db, id);
  if (!redaction) return;
  const { revision, reason } = redaction;
  throw new Problem('redacted', `The text of ${id} was redacted by revision ${revision}: ${reason}`);
}
