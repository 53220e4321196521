/** Versions of a fact, and revisions of the store. */
import { Problem } from '../../lib/problem-details.ts';
import { type Cause, CHANGE_CAUSES } from '../../model/change.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Reader } from '../../store/database.ts';
import {
  type CauseCount,
  type ChangeRow,
  countChanges,
  findRevisions,
  findVersions,
  type RevisionRow,
} from '../../store/queries/history.ts';
import {
  type LabelLookup,
  loadReferenceLabels,
  toAttributionFields,
  toChangeFields,
  toRevisionFields,
} from '../serialize/changes.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import { findFactOrThrow } from './facts.ts';
import { type Page, takePage } from './page.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

export type Version = ReturnType<typeof toVersion>;
export type Revision = Awaited<ReturnType<typeof serializeRevisions>>[number];

/** Number of the last version or revision of a page. */
export type NumberPosition = [number: string];

/** Returns a page of the versions of a fact, oldest first; throws if there is no such fact. */
export async function listVersions(
  reader: SnapshotReader,
  factType: FactType,
  id: string,
  { after, limit }: { after: NumberPosition | null; limit: number },
): Promise<Page<Version, NumberPosition>> {
  const { db, snapshot } = reader;
  await findFactOrThrow(reader, factType, id);
  const fact = { type: factType.type, id };
  const matches = await findVersions(db, snapshot.revision, fact, toNumber(after), limit + 1);
  const { rows, next } = takePage(matches, limit, ({ version }): NumberPosition => [String(version)]);
  const getLabel = await loadReferenceLabels(db, snapshot.revision, rows);
  return { data: rows.map((row) => toVersion(row, getLabel)), next };
}

const toNumber = (position: NumberPosition | null): number | null => (position ? Number(position[0]) : null);

const toVersion = (row: ChangeRow, getLabel: LabelLookup) => ({
  version: row.version,
  id: row.id,
  ...toRevisionFields(row),
  ...toAttributionFields(row),
  ...toChangeFields(row, getLabel),
  links: { self: `${buildFactLinks(row).self}?asOf=${row.revision}` },
});

/** Returns a page of the revisions up to that of the snapshot, newest first. */
export async function listRevisions(
  { db, snapshot }: SnapshotReader,
  { after, limit }: { after: NumberPosition | null; limit: number },
): Promise<Page<Revision, NumberPosition>> {
  const matches = await findRevisions(db, snapshot.revision, toNumber(after), limit + 1);
  const { rows, next } = takePage(matches, limit, ({ n }): NumberPosition => [String(n)]);
  return { data: await serializeRevisions(db, rows), next };
}

/** Returns a revision; throws a 404 if it does not exist or is newer than that of the snapshot. */
export async function getRevision(
  { db, snapshot: { revision } }: SnapshotReader,
  n: number,
): Promise<Revision> {
  const rows = n > revision ? [] : await findRevisions(db, n, null, 1);
  const [found] = await serializeRevisions(db, rows);
  if (found) return found;
  const detail = `Revision ${n} not found; the newest revision of this request is ${revision}`;
  throw new Problem('not-found', detail);
}

/** Returns revisions as the API has them. */
export async function serializeRevisions(db: Reader, rows: RevisionRow[]) {
  const counts = await countChanges(
    db,
    rows.map(({ n }) => n),
  );
  return rows.map((row) => ({
    ...toRevisionFields({ revision: row.n, recorded_at: row.recorded_at }),
    ...toAttributionFields(row),
    action: row.action,
    dossier: row.dossier,
    changes: Object.fromEntries(CHANGE_CAUSES.map((name) => [name, getCauseCount(counts, row.n, name)])),
    links: { self: `/v1/revisions/${row.n}`, changes: `/v1/changes?after=${row.n - 1}&asOf=${row.n}` },
  }));
}

const getCauseCount = (counts: CauseCount[], n: number, name: Cause): number =>
  counts.find(({ revision, cause }) => revision === n && cause === name)?.count ?? 0;
