/** What lists ask of facts, as SQL. */
import { type RawBuilder, sql } from 'kysely';
import { PERIOD_FROM, PERIOD_TO, type Term } from '../../model/index-terms.ts';
import { query, type Reader } from '../database.ts';
import { rowHasWords, rowsWithWords } from '../dialect/full-text-index.ts';

/** What a list asks of its facts; all must hold. */
export type Filter =
  | { kind: 'ids'; ids: string[] }
  /** The fact has one of these terms. */
  | { kind: 'terms'; anyOf: Term[] }
  /** The period touches the days from `from` to `to`, both inclusive. */
  | { kind: 'period'; from: string | null; to: string | null }
  | { kind: 'words'; words: string[] };

/** A condition that more facts than this meet is no place to start from. */
export const MAX_SELECTIVE_ROWS = 1_000;

/** How many rows a query finds, or one more than `most`. */
export async function countUpTo(db: Reader, rows: RawBuilder<unknown>, max: number): Promise<number> {
  const statement = sql<{ count: number }>`
    select count(*) as count from (${rows} limit ${sql.lit(max + 1)}) as capped`;
  const [row] = await query(db, statement);
  return Number(row?.count ?? 0);
}

/** The rows that meet a condition, as a query of their own: what a list can start from. */
export function rowsMatchingFilter(
  db: Reader,
  type: string,
  revision: number,
  filter: Filter,
): RawBuilder<{ row: number }> {
  const selectRows = (predicate: RawBuilder<unknown>) => sql<{ row: number }>`
    select "row" from term where type = ${type} and ${predicate} and rev_from <= ${revision} and rev_to > ${revision}`;
  switch (filter.kind) {
    case 'ids':
      return sql`select "row" from fact where type = ${type} and id in (${sql.join(filter.ids)})`;
    case 'terms':
      // One search of the index for each, which an "or" of them would not be.
      return sql.join(termPredicates(filter.anyOf).map(selectRows), sql` union all `) as RawBuilder<{
        row: number;
      }>;
    case 'period': {
      const { from, to } = filter;
      // An end before `from` or a start after `to` misses; the rarer half is not known, so take the later bound.
      return selectRows(from !== null ? endsOnOrAfter(from) : startsOnOrBefore(to));
    }
    case 'words':
      return rowsWithWords(db, filter.words);
  }
}

/** Whether the row at hand meets a condition. */
export function filterPredicate(db: Reader, filter: Filter): RawBuilder<boolean> {
  const hasTerm = (predicate: RawBuilder<unknown>) =>
    sql<boolean>`exists (select 1 from term where term.row = f.row and ${predicate})`;
  switch (filter.kind) {
    case 'ids':
      return sql`f.id in (${sql.join(filter.ids)})`;
    case 'terms':
      return hasTerm(sql`(${sql.join(termPredicates(filter.anyOf), sql` or `)})`);
    case 'period': {
      const { from, to } = filter;
      const predicates = [
        from === null ? [] : [hasTerm(endsOnOrAfter(from))],
        to === null ? [] : [hasTerm(startsOnOrBefore(to))],
      ].flat();
      return sql`(${sql.join(predicates, sql` and `)})`;
    }
    case 'words':
      return rowHasWords(db, sql.ref('f.row'), filter.words);
  }
}

/** One test for each field and type, however many values: an expression tree has a bound on its depth. */
function termPredicates(terms: Term[]): RawBuilder<unknown>[] {
  const groups = Map.groupBy(terms, ({ field, refType }) => JSON.stringify([field, refType])).values();
  return [...groups].map((group) => {
    const { field, refType } = group[0] as Term;
    return sql`(${termPredicate({ field, values: group.map(({ value }) => value), refTypes: [refType] })})`;
  });
}

export function termPredicate({
  field,
  values,
  refTypes,
}: {
  field: string;
  values: string[];
  refTypes: (string | null)[];
}): RawBuilder<unknown> {
  const [refType = null] = refTypes;
  const typePredicate =
    refType === null
      ? sql`ref_type is null`
      : refTypes.length === 1
        ? sql`ref_type = ${refType}`
        : sql`ref_type in (${sql.join(refTypes)})`;
  const [value] = values;
  const valuePredicate = values.length === 1 ? sql`value = ${value}` : sql`value in (${sql.join(values)})`;
  return sql`field = ${field} and ${valuePredicate} and ${typePredicate}`;
}

const endsOnOrAfter = (day: string) => sql`field = ${PERIOD_TO} and value >= ${day}`;
const startsOnOrBefore = (day: string | null) => sql`field = ${PERIOD_FROM} and value <= ${day}`;
