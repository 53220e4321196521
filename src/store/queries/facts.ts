/** Everything that reads. Each question is asked at a revision, so the past and the present are one path. */
import { type RawBuilder, sql } from 'kysely';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { query, type Reader } from '../database.ts';
import { valuesTable } from '../dialect/bulk-insert.ts';

/** How many versions of facts the store has, or had before a text was redacted. */
export async function countVersions(db: Reader): Promise<number> {
  const [lastRow] = await query(db, sql<{ row: number | null }>`select max("row") as "row" from fact`);
  return Number(lastRow?.row ?? 0);
}

/** How many versions came about after `revision`: rows are numbered as they come. */
export async function countVersionsSince(db: Reader, revision: number): Promise<number> {
  const firstRow = sql`select "row" from fact where rev_from > ${revision} order by rev_from, "row" limit 1`;
  const [row] = await query(db, sql<{ row: number | null }>`select (${firstRow}) as "row"`);
  return row?.row == null ? 0 : (await countVersions(db)) - Number(row.row) + 1;
}

/** One version of a fact as it is stored. */
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

// What lists and items are made of is asked in SQL of our own: Kysely takes longer to build such a query than SQLite to answer it.

/** The columns of a `FactRow`, of the version that a query calls `f`. */
const FACT_COLUMNS = sql`f.row, f.type, f.id, f.version, f.label, f.reported_on, f.retracted, f.body, f.rev_from as revision,
  (select recorded_at from revision where n = f.rev_from) as recorded_at`;

/** The versions that the rest of a query, from `from` on, asks for. */
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

/** Whether the version that a query calls `f`, or by another name, is current at `revision`. */
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

/** The facts of a type with these ids, in no order. */
export const findFactsByIds = (
  db: Reader,
  revision: number,
  type: string,
  ids: string[],
): Promise<FactRow[]> =>
  selectFactRows(
    db,
    sql`from fact as f where f.type = ${type} and f.id in (${sql.join(ids)}) and ${isCurrentAt(revision)}`,
  );

/** The versions in these rows, in the order given. */
export async function findFactsByRows(db: Reader, rows: number[]): Promise<FactRow[]> {
  if (rows.length === 0) return [];
  const facts = await selectFactRows(db, sql`from fact as f where f.row in (${sql.join(rows)})`);
  const byRow = new Map(facts.map((fact) => [fact.row, fact]));
  return rows.map((row) => byRow.get(row) as FactRow);
}

/** The text of a document as it was received by `revision`; the fact of the document must be there. */
export async function getSourceText(db: Reader, revision: number, document: string): Promise<string> {
  const { source } = await db
    .selectFrom('dossier')
    .select('source')
    .where('id', '=', document)
    .where('rev_from', '<=', revision)
    // Of a dossier that was deleted the text is kept, as its facts are.
    .orderBy('rev_from', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return source;
}

/** What a reference shows of the fact that it leads to. */
export interface Label {
  label: string;
  /** Of documents only. */
  body: string | null;
}

/** The label of each of these facts, and of documents the body too; by `type/id`. */
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
