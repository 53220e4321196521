/** Changes to facts. */
import type { Cause } from '../../model/change.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../../store/database.ts';
import { type ChangeQuery, type ChangeRow, findChanges } from '../../store/queries/history.ts';
import { loadReferenceLabels, toChangeFields, toRevisionFields } from '../serialize/changes.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import { resolveAfter } from './as-of.ts';
import { type Page, takePage } from './page.ts';
import { defineQuery } from './query.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

export type Change = Awaited<ReturnType<typeof serializeChanges>>[number];

/** Revision and row of the last change of a page. */
export type ChangePagePosition = [revision: string, row: string];

/** Selection of changes as requested: `after` may be an instant or a day. */
export interface RequestedChanges extends Omit<ChangeQuery, 'after'> {
  after: number | string;
}

export interface ChangesInput {
  query: RequestedChanges;
  after: ChangePagePosition | null;
  limit: number;
}

/** Query for a page of changes; throws a 400 if it starts after the revision being read. */
export const listChanges = defineQuery(
  'listChanges',
  async (reader, { query, after, limit }: ChangesInput) => {
    const { db, snapshot } = reader;
    const changeQuery = { ...query, after: await resolveAfter(db, query.after, snapshot) };
    return {
      cost: hasIndex(changeQuery) ? ('lookup' as const) : ('scan' as const),
      async run(): Promise<Page<Change, ChangePagePosition>> {
        const position = after && { revision: Number(after[0]), row: Number(after[1]) };
        const matches = await findChanges(db, snapshot.revision, changeQuery, position, limit + 1);
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

/** True if an index has the changes in the order of the list: all of them, or the corrections, newest first. */
function hasIndex({ types, causes, newestFirst }: ChangeQuery): boolean {
  if (types !== null) return false;
  return causes === null || (newestFirst && causes.every((cause) => CORRECTION_CAUSES.has(cause)));
}

const CORRECTION_CAUSES: ReadonlySet<Cause> = new Set(['correction', 'retraction']);

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
