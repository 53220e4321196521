/** Filters of lists, as SQL. */
import { type RawBuilder, sql } from 'kysely';
import { PERIOD_FROM, PERIOD_TO, type Term } from '../../model/index-terms.ts';
import { query, type Reader } from '../database.ts';
import { rowHasWords, rowsWithWords } from '../dialect/full-text-index.ts';
import { and, isIn, or } from '../predicates.ts';

/** Filter that facts match by what they have. */
export type PositiveFilter =
  | { kind: 'ids'; ids: string[] }
  /** Facts with at least one of these terms. */
  | { kind: 'terms'; anyOf: Term[] }
  /** Facts with a term from `min` to `max`, both inclusive. */
  | { kind: 'range'; field: string; min: string | null; max: string | null }
  /** Facts whose period overlaps the days from `from` to `to`, both inclusive. */
  | { kind: 'period'; from: string | null; to: string | null }
  | { kind: 'words'; words: string[] };

/** Filter of a list; a fact must match all filters. */
export type Filter = PositiveFilter | { kind: 'not'; filter: PositiveFilter };

/** Maximum number of rows that match a filter for a query to start from it. */
export const MAX_SELECTIVE_ROWS = 1_000;

/** Counts the rows of a query, up to `max` + 1. */
export async function countUpTo(db: Reader, rows: RawBuilder<unknown>, max: number): Promise<number> {
  const statement = sql<{ count: number }>`
    select cast(count(*) as integer) as count from (${rows} limit ${sql.lit(max + 1)}) as capped`;
  const [row] = await query(db, statement);
  return row?.count ?? 0;
}

/** Returns a query for the rows that match a filter, which a list can start from. */
export function rowsMatchingFilter(
  db: Reader,
  type: string,
  revision: number,
  filter: PositiveFilter,
): RawBuilder<{ row: number }> {
  const selectRows = (predicate: RawBuilder<unknown>) => sql<{ row: number }>`
    select "row" from term where type = ${type} and ${predicate} and rev_from <= ${revision} and rev_to > ${revision}`;
  switch (filter.kind) {
    case 'ids':
      return sql`select "row" from fact where type = ${type} and ${isIn(sql`id`, filter.ids)}`;
    case 'terms':
      // A union searches the index once per predicate, which an OR of the predicates would not do.
      return sql.join(termPredicates(filter.anyOf).map(selectRows), sql` union all `) as RawBuilder<{
        row: number;
      }>;
    case 'range':
      return selectRows(rangePredicate(filter));
    case 'period': {
      const { from, to } = filter;
      // A match must end on or after `from` and start on or before `to`. Which of the two is rarer is
      // unknown, so `from` is used if given.
      return selectRows(from !== null ? endsOnOrAfter(from) : startsOnOrBefore(to));
    }
    case 'words':
      return rowsWithWords(db, filter.words);
  }
}

/** Returns a predicate for versions `f` that match a filter. */
export function filterPredicate(db: Reader, filter: Filter): RawBuilder<boolean> {
  const hasTerm = (predicate: RawBuilder<unknown>) =>
    sql<boolean>`exists (select 1 from term where term.row = f.row and ${predicate})`;
  switch (filter.kind) {
    case 'ids':
      return isIn(sql`f.id`, filter.ids);
    case 'terms':
      return hasTerm(or(termPredicates(filter.anyOf)));
    case 'range':
      return hasTerm(rangePredicate(filter));
    case 'not':
      return sql`not (${filterPredicate(db, filter.filter)})`;
    case 'period': {
      const { from, to } = filter;
      return and(from !== null && hasTerm(endsOnOrAfter(from)), to !== null && hasTerm(startsOnOrBefore(to)));
    }
    case 'words':
      return rowHasWords(db, sql`f.row`, filter.words);
  }
}

/** Builds one predicate per field and type, not per value: SQLite limits the depth of an expression tree. */
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
        : isIn(sql`ref_type`, refTypes);
  const [value] = values;
  const valuePredicate = values.length === 1 ? sql`value = ${value}` : isIn(sql`value`, values);
  return sql`field = ${field} and ${valuePredicate} and ${typePredicate}`;
}

const rangePredicate = ({ field, min, max }: Extract<Filter, { kind: 'range' }>): RawBuilder<boolean> =>
  and(sql`field = ${field}`, min !== null && sql`value >= ${min}`, max !== null && sql`value <= ${max}`);

const endsOnOrAfter = (day: string) => sql`field = ${PERIOD_TO} and value >= ${day}`;
const startsOnOrBefore = (day: string | null) => sql`field = ${PERIOD_FROM} and value <= ${day}`;
