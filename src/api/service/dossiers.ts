/** Dossiers as received. */
import { Problem } from '../../lib/problem-details.ts';
import {
  findDossierAt,
  findDossiers,
  findDossierVersionsAt,
  type StoredDossier,
} from '../../store/queries/dossiers.ts';
import { type Page, takePage } from './page.ts';
import type { SnapshotReader } from './snapshot-reader.ts';
import { assertNotRedacted, isPublicText } from './text-access.ts';

/** Dossier as received, with the revision that imported it. */
export type Dossier = StoredDossier;

/** Returns the path-absolute URLs of a dossier. */
const buildDossierLinks = (dossier: string) => ({
  self: `/v1/dossiers/${dossier}`,
  yaml: `/v1/dossiers/${dossier}.yaml`,
  document: `/v1/documents/${dossier}`,
});

/** Id of the last dossier of a page. */
export type DossierPosition = [id: string];

/** Returns a page of the dossiers by id. */
export async function listDossiers(
  { db, snapshot }: SnapshotReader,
  { after, limit }: { after: DossierPosition | null; limit: number },
) {
  const matches = await findDossiers(db, snapshot.revision, after?.[0] ?? null, limit + 1);
  const { rows, next } = takePage(matches, limit, ({ id }): DossierPosition => [id]);
  const data = rows.map((row) => ({ ...row, links: buildDossierLinks(row.id) }));
  return { data, next } satisfies Page<unknown, DossierPosition>;
}

/**
 * Returns a dossier; null if readers without a key may see only excerpts of its text, and `hasKey` is false.
 * Throws a 404 if there is none, and a 451 if its text was ever redacted.
 */
export async function getDossier(
  { db, snapshot: { revision } }: SnapshotReader,
  id: string,
  { hasKey }: { hasKey: boolean },
): Promise<Dossier | null> {
  await assertNotRedacted(db, id);
  const dossier = await findDossierAt(db, revision, id);
  if (!dossier) throw new Problem('not-found', `Dossier ${id} not found at revision ${revision}`);
  return hasKey || (await isPublicText(db, id, revision)) ? dossier : null;
}

/** Dossier at a revision, as an export writes it. */
export interface DossierExport {
  id: string;
  /** True if its texts were removed from the store, so that there are no files to write. */
  redacted: boolean;
  loadFiles(): Promise<Pick<Dossier, 'source' | 'facts'>>;
}

/** Returns all dossiers at the revision, in the order of their import. */
export async function listDossierExports({
  db,
  snapshot,
}: Pick<SnapshotReader, 'db' | 'snapshot'>): Promise<DossierExport[]> {
  const versions = await findDossierVersionsAt(db, snapshot.revision);
  return versions.map(({ id, rev_from, redacted }) => ({
    id,
    redacted,
    async loadFiles() {
      const { source = '', facts = '' } = (await findDossierAt(db, rev_from, id)) ?? {};
      return { source, facts };
    },
  }));
}
