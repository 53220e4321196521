/** Everything that reads. Each question is asked at a revision, so the past and the present are one path. */
import { type RawBuilder, sql } from 'kysely';
import { keyOf } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { type Reader, rowsOf } from '../database.ts';
import { tableOf } from '../dialect/bulk-insert.ts';

/** How many versions of facts the store has, or had before a text was redacted. */
export async function versionsIn(db: Reader): Promise<number> {
  const [newest] = await rowsOf(db, sql<{ row: number | null }>`select max("row") as "row" from fact`);
  return Number(newest?.row ?? 0);
}

/** How many versions came about after `revision`: rows are numbered as they come. */
export async function versionsSince(db: Reader, revision: number): Promise<number> {
  const first = sql`select "row" from fact where rev_from > ${revision} order by rev_from, "row" limit 1`;
  const [found] = await rowsOf(db, sql<{ row: number | null }>`select (${first}) as "row"`);
  return found?.row == null ? 0 : (await versionsIn(db)) - Number(found.row) + 1;
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
const COLUMNS = sql`f.row, f.type, f.id, f.version, f.label, f.reported_on, f.retracted, f.body, f.rev_from as revision,
  (select recorded_at from revision where n = f.rev_from) as recorded_at`;

/** The versions that the rest of a query, from `from` on, asks for. */
export const factRows = <T = unknown>(
  db: Reader,
  rest: RawBuilder<unknown>,
  further?: RawBuilder<T>,
): Promise<(FactRow & T)[]> =>
  rowsOf(db, further ? sql`select ${COLUMNS}, ${further} ${rest}` : sql`select ${COLUMNS} ${rest}`);

/** Whether the version that a query calls `f`, or by another name, is current at `revision`. */
export const currentAt = (revision: number, version = F): RawBuilder<boolean> =>
  sql`${version}.rev_from <= ${revision} and ${version}.rev_to > ${revision}`;

const F = sql.raw('f');

export async function findFact(
  db: Reader,
  revision: number,
  { type, id }: Reference,
): Promise<FactRow | undefined> {
  const [row] = await factRows(
    db,
    sql`from fact as f where f.type = ${type} and f.id = ${id} and ${currentAt(revision)}`,
  );
  return row;
}

/** The facts of a type with these ids, in no order. */
export const factsNamed = (db: Reader, revision: number, type: string, ids: string[]): Promise<FactRow[]> =>
  factRows(
    db,
    sql`from fact as f where f.type = ${type} and f.id in (${sql.join(ids)}) and ${currentAt(revision)}`,
  );

/** The versions in these rows, in the order given. */
export async function factsIn(db: Reader, rows: number[]): Promise<FactRow[]> {
  if (rows.length === 0) return [];
  const found = await factRows(db, sql`from fact as f where f.row in (${sql.join(rows)})`);
  const byRow = new Map(found.map((fact) => [fact.row, fact]));
  return rows.map((row) => byRow.get(row) as FactRow);
}

/** The text of a document as it was received by `revision`; the fact of the document must be there. */
export async function sourceAt(db: Reader, revision: number, document: string): Promise<string> {
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
export async function labelsOf(
  db: Reader,
  revision: number,
  references: Reference[],
): Promise<Map<string, Label>> {
  const distinct = [...new Map(references.map((reference) => [keyOf(reference), reference])).values()];
  if (distinct.length === 0) return new Map();
  const rows = await rowsOf(
    db,
    sql<Reference & Label>`select f.type, f.id, f.label, case when f.type = 'document' then f.body end as body
      from ${tableOf(db, distinct)} as asked cross join fact as f
      where f.type = asked.type and f.id = asked.id and ${currentAt(revision)}`,
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}
