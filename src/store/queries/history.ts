/** Queries for history: revisions, versions of facts, and the changes between them. */
import type { Selectable } from 'kysely';
import { chunk } from '../../lib/chunk.ts';
import type { Cause } from '../../model/change.ts';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../database.ts';
import type { Tables } from '../schema.ts';
import { addEarlierIds, findCurrentNames, findEarlierIds } from './identities.ts';

export type RevisionRow = Omit<Selectable<Tables['revision']>, 'redaction'>;

/** Finds the revisions up to `revision`, newest first, continuing after the revision `after`. */
export function findRevisions(
  db: Reader,
  revision: number,
  after: number | null,
  limit: number,
): Promise<RevisionRow[]> {
  return db
    .selectFrom('revision')
    .select(['n', 'recorded_at', 'author', 'reviewer', 'note', 'dossier', 'action'])
    .where('n', '<=', after === null ? revision : after - 1)
    .orderBy('n', 'desc')
    .limit(limit)
    .execute();
}

export interface CauseCount {
  revision: number;
  cause: Cause;
  count: number;
}

/** Counts the versions that each of these revisions added, by cause. */
export async function countChanges(db: Reader, revisions: number[]): Promise<CauseCount[]> {
  if (revisions.length === 0) return [];
  const rows = await db
    .selectFrom('fact')
    .select((eb) => ['rev_from as revision', 'cause', eb.fn.countAll<number>().as('count')])
    .where('rev_from', 'in', revisions)
    .groupBy(['rev_from', 'cause'])
    .execute();
  return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }));
}

/** Version with its previous version and the revision that added it. */
export interface ChangeRow {
  row: number;
  type: string;
  id: string;
  version: number;
  label: string;
  reported_on: string | null;
  retracted: string | null;
  body: string;
  cause: Cause;
  reason: string | null;
  revision: number;
  recorded_at: string;
  author: string;
  reviewer: string | null;
  note: string;
  /** Dossier that the revision imported, deleted or redacted. */
  dossier: string | null;
  previous: PreviousRow | null;
}

type PreviousRow = Pick<
  Tables['fact'],
  'type' | 'id' | 'version' | 'label' | 'reported_on' | 'retracted' | 'body'
>;

/** Selection of changes; an empty list matches nothing, null matches everything. */
export interface ChangeQuery {
  /** Revision after which the changes begin. */
  after: number;
  types: string[] | null;
  facts: Reference[] | null;
  documents: string[] | null;
  causes: Cause[] | null;
  newestFirst: boolean;
}

/** End of a page of changes. Rows are numbered in the order of writing and sort them within a revision. */
export interface ChangePosition {
  revision: number;
  row: number;
}

/** Finds the changes up to `revision`, oldest or newest first, continuing after the position `after`. */
export async function findChanges(
  db: Reader,
  revision: number,
  changeQuery: ChangeQuery,
  after: ChangePosition | null,
  limit: number,
): Promise<ChangeRow[]> {
  const { types, facts, documents, causes, newestFirst } = changeQuery;
  let query = selectChanges(db);
  // The position replaces one bound of the range, so that the index on the pair starts there.
  if (after === null || newestFirst) query = query.where('f.rev_from', '>', changeQuery.after);
  if (after === null || !newestFirst) query = query.where('f.rev_from', '<=', revision);
  if (after) {
    const operator = newestFirst ? '<' : '>';
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('f.rev_from', 'f.row'), operator, tuple(after.revision, after.row)),
    );
  }
  if (types) query = query.where('f.type', 'in', types);
  if (causes) query = query.where('f.cause', 'in', causes);
  if (facts) {
    const currentNames = await findCurrentNames(db, facts);
    const references = await addEarlierIds(
      db,
      facts.map((fact) => currentNames.get(refKey(fact)) ?? fact),
    );
    query = query.where((eb) =>
      eb.or(references.map(({ type, id }) => eb.and({ 'f.type': type, 'f.id': id }))),
    );
  }
  if (documents) query = query.where('f.row', 'in', selectRowsOfDocuments(db, documents));
  const direction = newestFirst ? 'desc' : 'asc';
  const rows = await query
    .orderBy('f.rev_from', direction)
    .orderBy('f.row', direction)
    .limit(limit)
    .execute();
  return addPreviousVersions(db, rows);
}

/**
 * Selects the versions of facts of these documents, and those that revisions of their dossiers added. The
 * union uses one index for each part; no index serves an OR of the two.
 */
const selectRowsOfDocuments = (db: Reader, documents: string[]) =>
  db
    .selectFrom('fact')
    .select('row')
    .where('document', 'in', documents)
    .union(
      db
        .selectFrom('fact')
        .select('row')
        .where('rev_from', 'in', db.selectFrom('revision').select('n').where('dossier', 'in', documents)),
    );

/** Finds the versions of a fact up to `revision`, including those under earlier ids, oldest first. */
export async function findVersions(
  db: Reader,
  revision: number,
  fact: Reference,
  after: number | null,
  limit: number,
): Promise<ChangeRow[]> {
  const references = await addEarlierIds(db, [fact]);
  const rows = await selectChanges(db)
    .where('f.rev_from', '<=', revision)
    .where('f.version', '>', after ?? 0)
    .where((eb) => eb.or(references.map(({ type, id }) => eb.and({ 'f.type': type, 'f.id': id }))))
    .orderBy('f.version')
    .limit(limit)
    .execute();
  return addPreviousVersions(db, rows);
}

const selectChanges = (db: Reader) =>
  db
    .selectFrom('fact as f')
    .innerJoin('revision as r', 'r.n', 'f.rev_from')
    .select([
      'f.row',
      'f.type',
      'f.id',
      'f.version',
      'f.label',
      'f.reported_on',
      'f.retracted',
      'f.body',
      'f.cause',
      'f.reason',
      'f.rev_from as revision',
      'r.recorded_at',
      'r.author',
      'r.reviewer',
      'r.note',
      'r.dossier',
    ]);

async function addPreviousVersions(db: Reader, rows: Omit<ChangeRow, 'previous'>[]): Promise<ChangeRow[]> {
  const successors = rows.filter(({ version }) => version > 1);
  const earlierIdsByFact = await findEarlierIds(db, successors);
  const previousByKey = new Map<string, PreviousRow>();
  // The previous version of a renamed fact has another id.
  const predecessors = successors.flatMap((row) =>
    [row, ...(earlierIdsByFact.get(refKey(row)) ?? [])].map(({ type, id }) => ({
      type,
      id,
      version: row.version - 1,
    })),
  );
  for (const batch of chunk(predecessors)) {
    const previous = await db
      .selectFrom('fact')
      .select(['type', 'id', 'version', 'label', 'reported_on', 'retracted', 'body'])
      .where((eb) => eb.or(batch.map(({ type, id, version }) => eb.and({ type, id, version }))))
      .execute();
    for (const row of previous) previousByKey.set(`${refKey(row)} ${row.version}`, row);
  }
  return rows.map((row) => {
    const ids = [row, ...(earlierIdsByFact.get(refKey(row)) ?? [])];
    const previous =
      ids.flatMap((fact) => previousByKey.get(`${refKey(fact)} ${row.version - 1}`) ?? [])[0] ?? null;
    return { ...row, previous };
  });
}
