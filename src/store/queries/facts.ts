/** Queries for facts. Each runs at a revision, so that past and present share one code path. */
import { type RawBuilder, sql } from 'kysely';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { query, type Reader } from '../database.ts';
import { valuesTable } from '../dialect/bulk-insert.ts';
import { isIn } from '../predicates.ts';

/** Counts the versions of facts: their rows are numbered without gaps. */
export async function countVersions(db: Reader): Promise<number> {
  const [lastRow] = await query(db, sql<{ row: number | null }>`select max("row") as "row" from fact`);
  return lastRow?.row ?? 0;
}

/** Counts the versions written after `revision`: rows are numbered in the order of writing. */
export async function countVersionsSince(db: Reader, revision: number): Promise<number> {
  const firstRow = sql`select "row" from fact where rev_from > ${revision} order by rev_from, "row" limit 1`;
  const [row] = await query(db, sql<{ row: number | null }>`select (${firstRow}) as "row"`);
  return row?.row == null ? 0 : (await countVersions(db)) - row.row + 1;
}

/** Stored version of a fact. */
export interface FactRow {
  row: number;
  type: string;
  id: string;
  version: number;
  label: string;
  reported_on: string | null;
  retracted: string | null;
  body: string;
  revision: number;
  recorded_at: string;
}

/** Columns of a `FactRow`, from the version with the alias `f`. */
const FACT_COLUMNS = sql`f.row, f.type, f.id, f.version, f.label, f.reported_on, f.retracted, f.body, f.rev_from as revision,
  (select recorded_at from revision where n = f.rev_from) as recorded_at`;

/** Selects the versions that match `clauses`, the rest of a query beginning with `from`. */
export const selectFactRows = <T = unknown>(
  db: Reader,
  clauses: RawBuilder<unknown>,
  extraColumns?: RawBuilder<T>,
): Promise<(FactRow & T)[]> =>
  query(
    db,
    extraColumns
      ? sql`select ${FACT_COLUMNS}, ${extraColumns} ${clauses}`
      : sql`select ${FACT_COLUMNS} ${clauses}`,
  );

/** Returns a predicate for versions that are current at `revision`. */
export const isCurrentAt = (revision: number, alias = FACT_ALIAS): RawBuilder<boolean> =>
  sql`${alias}.rev_from <= ${revision} and ${alias}.rev_to > ${revision}`;

const FACT_ALIAS = sql.raw('f');

export async function findFact(
  db: Reader,
  revision: number,
  { type, id }: Reference,
): Promise<FactRow | undefined> {
  const [row] = await selectFactRows(
    db,
    sql`from fact as f where f.type = ${type} and f.id = ${id} and ${isCurrentAt(revision)}`,
  );
  return row;
}

/** Finds the facts of a type with these ids, in no particular order. */
export const findFactsByIds = (
  db: Reader,
  revision: number,
  type: string,
  ids: string[],
): Promise<FactRow[]> =>
  selectFactRows(
    db,
    sql`from fact as f where f.type = ${type} and ${isIn(sql`f.id`, ids)} and ${isCurrentAt(revision)}`,
  );

/** Finds the versions in these rows, in the given order. */
export async function findFactsByRows(db: Reader, rows: number[]): Promise<FactRow[]> {
  if (rows.length === 0) return [];
  const facts = await selectFactRows(db, sql`from fact as f where ${isIn(sql`f.row`, rows)}`);
  const byRow = new Map(facts.map((fact) => [fact.row, fact]));
  return rows.map((row) => byRow.get(row) as FactRow);
}

/** Returns the text of a document as received up to `revision`; the fact of the document must exist. */
export async function getSourceText(db: Reader, revision: number, document: string): Promise<string> {
  // The text of a deleted dossier stays available, like its facts.
  const [dossier] = await query(
    db,
    sql<{ source: string }>`select source from dossier
      where id = ${document} and rev_from <= ${revision} order by rev_from desc limit 1`,
  );
  if (!dossier) throw new Error(`document ${document} has no text up to revision ${revision}`);
  return dossier.source;
}

/** Label of a referenced fact. */
export interface Label {
  label: string;
  /** Null unless the fact is a document. */
  body: string | null;
}

/** Finds the label of each of these facts, and the body of documents, by `type/id`. */
export async function findLabels(
  db: Reader,
  revision: number,
  references: Reference[],
): Promise<Map<string, Label>> {
  const uniqueReferences = [
    ...new Map(references.map((reference) => [refKey(reference), reference])).values(),
  ];
  if (uniqueReferences.length === 0) return new Map();
  const rows = await query(
    db,
    sql<Reference & Label>`select f.type, f.id, f.label, case when f.type = 'document' then f.body end as body
      from ${valuesTable(db, uniqueReferences)} as asked cross join fact as f
      where f.type = asked.type and f.id = asked.id and ${isCurrentAt(revision)}`,
  );
  return new Map(rows.map((row) => [refKey(row), row]));
}
