/** Rebuild of facts and index, which derive entirely from the stored dossiers. */
import { sql } from 'kysely';
import { parseRedactedContent } from '../../dossier/redacted.ts';
import type { ReportProgress } from '../../lib/progress.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import { asReader, query, type Writer } from '../database.ts';
import { clearSearchIndex } from '../dialect/full-text-index.ts';
import type { Store } from '../open.ts';
import type { RevisionRow } from '../queries/history.ts';
import type { Tables } from '../schema.ts';
import { applyPlan, replanImport, validateAgainstStore } from './import-dossier.ts';
import { planDeletion } from './plan/deletion.ts';
import type { ImportPlan } from './plan/index.ts';
import { planRedaction } from './plan/redaction.ts';
import { saveSearchFingerprint } from './write-versions.ts';

/** Rebuilds facts and index by replaying the stored dossiers. Returns the number of revisions. */
export function reindex(store: Store, onRevision: ReportProgress = () => {}): Promise<number> {
  return store.write((db) => rebuildFacts(db, store.synonyms, onRevision));
}

/** Rebuilds facts and index within the caller's transaction. */
export async function rebuildFacts(
  db: Writer,
  synonyms: Synonyms,
  onRevision: ReportProgress = () => {},
): Promise<number> {
  await db.deleteFrom('term').execute();
  await db.deleteFrom('span').execute();
  await clearSearchIndex(db);
  await db.deleteFrom('fact').execute();
  await db.deleteFrom('contribution').execute();
  await db.deleteFrom('identity').execute();
  const revisions = await query(
    db,
    sql<ReplayedRevision>`select n, action, dossier, note from revision order by n`,
  );
  for (const [index, revision] of revisions.entries()) {
    const plan = await planRevision(db, revision);
    const [conflict] = plan?.problems ?? [];
    if (conflict) throw new Error(`revision ${revision.n} can no longer be replayed: ${conflict.message}`);
    if (plan) await applyPlan(db, revision.n, plan, synonyms);
    onRevision(index + 1, revisions.length);
  }
  await saveSearchFingerprint(db, synonyms);
  return revisions.length;
}

type ReplayedRevision = Pick<RevisionRow, 'n' | 'action' | 'dossier' | 'note'>;

/** Plans again the changes of a revision; null if it changed no facts. */
async function planRevision(
  db: Writer,
  { n, action, dossier: id, note }: ReplayedRevision,
): Promise<ImportPlan | null> {
  if (id === null) return null;
  const reader = asReader(db);
  if (action === 'delete') return planDeletion(reader, id, note);
  if (action === 'redact') return planRedaction(reader, id, { revision: n, reason: note });
  const [row] = await query(
    db,
    sql<Pick<Tables['dossier'], 'source' | 'facts' | 'checked'>>`select source, facts, checked from dossier
      where id = ${id} and rev_from = ${n}`,
  );
  if (!row) return null;
  const { checked, ...files } = row;
  if (checked !== null) return replanImport(reader, parseRedactedContent(checked), note, n);
  // Reads within this transaction, which alone sees the facts written so far.
  const transactionStore: Pick<Store, 'read'> = { read: (work) => work(reader) };
  const { dossier, problems } = await validateAgainstStore(transactionStore, { id, ...files });
  if (!dossier) throw new Error(`revision ${n}: dossier ${id} is no longer valid: ${problems[0]?.message}`);
  // The revision was accepted, so its note suffices as the reason of all changes.
  return replanImport(reader, dossier, note, n);
}
