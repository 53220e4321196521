/** Queries for history: revisions, versions of facts, and the changes between them. */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { chunk } from '../../lib/chunk.ts';
import type { Cause } from '../../model/change.ts';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { query, type Reader } from '../database.ts';
import { and, isIn, or } from '../predicates.ts';
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
  const last = after === null ? revision : after - 1;
  return query(
    db,
    sql<RevisionRow>`select n, recorded_at, author, reviewer, note, dossier, action from revision
      where n <= ${last} order by n desc limit ${limit}`,
  );
}

export interface CauseCount {
  revision: number;
  cause: Cause;
  count: number;
}

/** Counts the versions that each of these revisions added, by cause. */
export async function countChanges(db: Reader, revisions: number[]): Promise<CauseCount[]> {
  if (revisions.length === 0) return [];
  return query(
    db,
    sql<CauseCount>`select rev_from as revision, cause, cast(count(*) as integer) as count from fact
      where ${isIn(sql`rev_from`, revisions)} group by rev_from, cause`,
  );
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
  /** Number of the revision after which the changes begin. */
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
  const predicate = and(
    // The position replaces one bound of the range, so that the index on the pair starts there.
    (after === null || newestFirst) && sql`f.rev_from > ${changeQuery.after}`,
    (after === null || !newestFirst) && sql`f.rev_from <= ${revision}`,
    after && sql`(f.rev_from, f.row) ${newestFirst ? sql`<` : sql`>`} (${after.revision}, ${after.row})`,
    types && isIn(sql`f.type`, types),
    causes && isIn(sql`f.cause`, causes),
    facts && isAnyFact(await addAllIds(db, facts)),
    documents && sql`f.row in (${rowsOfDocuments(documents)})`,
  );
  const direction = newestFirst ? sql`desc` : sql`asc`;
  const order = sql`f.rev_from ${direction}, f.row ${direction}`;
  return selectChanges(db, sql`where ${predicate} order by ${order} limit ${limit}`);
}

/** Adds the current and the earlier ids of these facts. */
async function addAllIds(db: Reader, facts: Reference[]): Promise<Reference[]> {
  const currentNames = await findCurrentNames(db, facts);
  return addEarlierIds(
    db,
    facts.map((fact) => currentNames.get(refKey(fact)) ?? fact),
  );
}

const isAnyFact = (facts: Reference[]): RawBuilder<boolean> =>
  or(facts.map(({ type, id }) => sql`f.type = ${type} and f.id = ${id}`));

/**
 * Returns a query for the versions of facts of these documents, and those that revisions of their dossiers
 * added. The union uses one index for each part; no index serves an OR of the two.
 */
const rowsOfDocuments = (documents: string[]): RawBuilder<unknown> =>
  sql`select "row" from fact where ${isIn(sql`document`, documents)}
    union select "row" from fact where rev_from in
      (select n from revision where ${isIn(sql`dossier`, documents)})`;

/** Finds the versions of a fact up to `revision`, including those under earlier ids, oldest first. */
export async function findVersions(
  db: Reader,
  revision: number,
  fact: Reference,
  after: number | null,
  limit: number,
): Promise<ChangeRow[]> {
  const isOfFact = isAnyFact(await addEarlierIds(db, [fact]));
  return selectChanges(
    db,
    sql`where f.rev_from <= ${revision} and f.version > ${after ?? 0} and ${isOfFact}
      order by f.version limit ${limit}`,
  );
}

/** Selects the changes that match `clauses`, the rest of a query beginning with `where`. */
async function selectChanges(db: Reader, clauses: RawBuilder<unknown>): Promise<ChangeRow[]> {
  const rows = await query(
    db,
    sql<Omit<ChangeRow, 'previous'>>`
      select f.row, f.type, f.id, f.version, f.label, f.reported_on, f.retracted, f.body, f.cause, f.reason,
        f.rev_from as revision, r.recorded_at, r.author, r.reviewer, r.note, r.dossier
      from fact as f join revision as r on r.n = f.rev_from ${clauses}`,
  );
  return addPreviousVersions(db, rows);
}

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
    const isPredecessor = or(
      batch.map(({ type, id, version }) => sql`type = ${type} and id = ${id} and version = ${version}`),
    );
    const previous = await query(
      db,
      sql<PreviousRow>`select type, id, version, label, reported_on, retracted, body from fact
        where ${isPredecessor}`,
    );
    for (const row of previous) previousByKey.set(`${refKey(row)} ${row.version}`, row);
  }
  return rows.map((row) => {
    const ids = [row, ...(earlierIdsByFact.get(refKey(row)) ?? [])];
    const previous =
      ids.flatMap((fact) => previousByKey.get(`${refKey(fact)} ${row.version - 1}`) ?? [])[0] ?? null;
    return { ...row, previous };
  });
}
