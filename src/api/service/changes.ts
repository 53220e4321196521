/** Changes to facts. */
import { invalidParameters } from '../../lib/problem-details.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../../store/database.ts';
import { type ChangeQuery, type ChangeRow, findChanges } from '../../store/queries/history.ts';
import { loadReferenceLabels, toChangeFields, toRevisionFields } from '../serialize/changes.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import { type Page, takePage } from './page.ts';
import { defineQuery } from './query.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

export type Change = Awaited<ReturnType<typeof serializeChanges>>[number];

/** Revision and row of the last change of a page. */
export type ChangePagePosition = [revision: string, row: string];

export interface ChangesInput {
  query: ChangeQuery;
  after: ChangePagePosition | null;
  limit: number;
}

/** Query for a page of changes; throws a 400 if it starts after the revision being read. */
export const listChanges = defineQuery(
  'listChanges',
  async (reader, { query, after, limit }: ChangesInput) => {
    const { db, snapshot } = reader;
    assertAfterInRange(query.after, snapshot.revision);
    // An index has the corrections, newest first. No index has other types or causes in the order of the list.
    const isScan = query.types !== null || (query.causes !== null && !query.newestFirst);
    return {
      cost: isScan ? ('scan' as const) : ('lookup' as const),
      async run(): Promise<Page<Change, ChangePagePosition>> {
        const position = after && { revision: Number(after[0]), row: Number(after[1]) };
        const matches = await findChanges(db, snapshot.revision, query, position, limit + 1);
        const { rows, next } = takePage(
          matches,
          limit,
          (last): ChangePagePosition => [String(last.revision), String(last.row)],
        );
        return { data: await serializeChanges(db, snapshot.revision, rows), next };
      },
    };
  },
);

/** Throws a 400 if `after` is later than the revision being read. */
export function assertAfterInRange(after: number, revision: number): void {
  if (after <= revision) return;
  const detail = `must be at most ${revision}, the revision being read (given: ${after})`;
  throw invalidParameters([{ parameter: 'after', code: 'out-of-range', detail }]);
}

/** Returns changes as the API has them, with labels at `revision`. */
export async function serializeChanges(db: Reader, revision: number, rows: ChangeRow[]) {
  const getLabel = await loadReferenceLabels(db, revision, rows);
  return rows.map((row) => ({
    ...toRevisionFields(row),
    ...toChangeFields(row, getLabel),
    fact: { type: row.type, id: row.id, label: row.label, links: buildFactLinks(row) },
    version: row.version,
    document: row.dossier,
  }));
}

/** Returns the corrections of a fact, newest first, up to the newest revision, whatever revision is read. */
export async function listFactCorrections(
  { db, snapshot: { latestRevision } }: SnapshotReader,
  fact: Reference,
  limit: number,
): Promise<Change[]> {
  const query: ChangeQuery = {
    after: 0,
    types: null,
    facts: [fact],
    documents: null,
    causes: ['correction', 'retraction'],
    newestFirst: true,
  };
  return serializeChanges(db, latestRevision, await findChanges(db, latestRevision, query, null, limit));
}
