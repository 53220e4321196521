/** The dossiers of a store, as they were received. */
import type { Reader } from './portable/index.ts';

export interface DossierRow {
  id: string;
  rev_from: number;
  /** Whether its texts were taken out of the store. */
  redacted: boolean;
}

/** The dossiers that were current at `revision`, in the order in which they came. */
export async function dossiersAt(db: Reader, revision: number): Promise<DossierRow[]> {
  const rows = await db
    .selectFrom('dossier')
    .select(['id', 'rev_from', 'checked'])
    .where('rev_from', '<=', revision)
    .where('rev_to', '>', revision)
    .orderBy('rev_from')
    .execute();
  return rows.map(({ id, rev_from, checked }) => ({ id, rev_from, redacted: checked !== null }));
}

export const dossierTexts = (
  db: Reader,
  { id, rev_from }: Pick<DossierRow, 'id' | 'rev_from'>,
): Promise<{ source: string; facts: string }> =>
  db
    .selectFrom('dossier')
    .select(['source', 'facts'])
    .where('id', '=', id)
    .where('rev_from', '=', rev_from)
    .executeTakeFirstOrThrow();
