/** What lists ask of facts, as SQL. */
import { type RawBuilder, sql } from 'kysely';
import { PERIOD_FROM, PERIOD_TO, type Term } from '../../model/index-terms.ts';
import { type Reader, rowsOf } from '../database.ts';
import { rowHasWords, rowsWithWords } from '../dialect/full-text-index.ts';

/** What a list asks of its facts; all must hold. */
export type Condition =
  | { kind: 'ids'; ids: string[] }
  /** The fact has one of these terms. */
  | { kind: 'terms'; anyOf: Term[] }
  /** The period touches the days from `from` to `to`, both inclusive. */
  | { kind: 'period'; from: string | null; to: string | null }
  | { kind: 'words'; words: string[] };

/** A condition that more facts than this meet is no place to start from. */
export const RARE = 1_000;

/** How many rows a query finds, or one more than `most`. */
export async function countUpTo(db: Reader, rows: RawBuilder<unknown>, most: number): Promise<number> {
  const counted = sql<{ count: number }>`
    select count(*) as count from (${rows} limit ${sql.lit(most + 1)}) as capped`;
  const [row] = await rowsOf(db, counted);
  return Number(row?.count ?? 0);
}

/** The rows that meet a condition, as a query of their own: what a list can start from. */
export function rowsMeeting(
  db: Reader,
  type: string,
  revision: number,
  condition: Condition,
): RawBuilder<{ row: number }> {
  const rows = (test: RawBuilder<unknown>) => sql<{ row: number }>`
    select "row" from term where type = ${type} and ${test} and rev_from <= ${revision} and rev_to > ${revision}`;
  switch (condition.kind) {
    case 'ids':
      return sql`select "row" from fact where type = ${type} and id in (${sql.join(condition.ids)})`;
    case 'terms':
      // One search of the index for each, which an "or" of them would not be.
      return sql.join(testsOf(condition.anyOf).map(rows), sql` union all `) as RawBuilder<{ row: number }>;
    case 'period': {
      const { from, to } = condition;
      // An end before `from` or a start after `to` misses; the rarer half is not known, so take the later bound.
      return rows(from !== null ? endsFrom(from) : startsTo(to));
    }
    case 'words':
      return rowsWithWords(db, condition.words);
  }
}

/** Whether the row at hand meets a condition. */
export function meets(db: Reader, condition: Condition): RawBuilder<boolean> {
  const has = (test: RawBuilder<unknown>) =>
    sql<boolean>`exists (select 1 from term where term.row = f.row and ${test})`;
  switch (condition.kind) {
    case 'ids':
      return sql`f.id in (${sql.join(condition.ids)})`;
    case 'terms':
      return has(sql`(${sql.join(testsOf(condition.anyOf), sql` or `)})`);
    case 'period': {
      const { from, to } = condition;
      const tests = [
        from === null ? [] : [has(endsFrom(from))],
        to === null ? [] : [has(startsTo(to))],
      ].flat();
      return sql`(${sql.join(tests, sql` and `)})`;
    }
    case 'words':
      return rowHasWords(db, sql.ref('f.row'), condition.words);
  }
}

/** One test for each field and type, however many values: an expression tree has a bound on its depth. */
function testsOf(terms: Term[]): RawBuilder<unknown>[] {
  const groups = Map.groupBy(terms, ({ field, refType }) => JSON.stringify([field, refType])).values();
  return [...groups].map((group) => {
    const { field, refType } = group[0] as Term;
    return sql`(${termTest({ field, values: group.map(({ value }) => value), refTypes: [refType] })})`;
  });
}

export function termTest({
  field,
  values,
  refTypes,
}: {
  field: string;
  values: string[];
  refTypes: (string | null)[];
}): RawBuilder<unknown> {
  const [only = null] = refTypes;
  const ofType =
    only === null
      ? sql`ref_type is null`
      : refTypes.length === 1
        ? sql`ref_type = ${only}`
        : sql`ref_type in (${sql.join(refTypes)})`;
  const [value] = values;
  const valued = values.length === 1 ? sql`value = ${value}` : sql`value in (${sql.join(values)})`;
  return sql`field = ${field} and ${valued} and ${ofType}`;
}

const endsFrom = (day: string) => sql`field = ${PERIOD_TO} and value >= ${day}`;
const startsTo = (day: string | null) => sql`field = ${PERIOD_FROM} and value <= ${day}`;
