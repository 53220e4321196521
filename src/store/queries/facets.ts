/** Numbers of facts by value of a field. */
import { sql } from 'kysely';
import { toMissingField } from '../../model/index-terms.ts';
import type { Field } from '../../model/schema-fields.ts';
import { query, type Reader } from '../database.ts';
import { deadlineCheck } from '../dialect/sql-fragments.ts';
import { and, isIn } from '../predicates.ts';
import { isCurrentAt } from './facts.ts';
import { type FilterQuery, rowsMatchingQuery } from './list.ts';

export interface ValueCount {
  /** Value as stored in the table `term`. */
  value: string;
  /** Type of the referenced fact; null if the value is not a reference. */
  refType: string | null;
  /** True for the count of facts without a value. */
  absent: boolean;
  count: number;
  /** Total number of distinct values. */
  distinct: number;
  /** Row of one fact with the value. */
  row: number;
}

/**
 * Counts the values of `field` in the matching facts, the most frequent first, then by value. A `limit` of
 * null returns all values.
 */
export async function countValues(
  db: Reader,
  filterQuery: FilterQuery,
  { path, kind, isNullable, allowedTypes }: Field,
  limit: number | null,
): Promise<ValueCount[]> {
  const { type, revision } = filterQuery;
  // A nullable reference can be filtered by `none`, so that is a value too.
  const fields = kind === 'reference' && isNullable ? [path, toMissingField(path)] : [path];
  const isAbsent = sql<number>`case when t.field = ${toMissingField(path)} then 1 else 0 end`;
  // Value as in the response, for sorting: only the id if all references are of one type.
  const value =
    allowedTypes.length === 1 || kind !== 'reference' ? sql`t.value` : sql`t.ref_type || '/' || t.value`;
  const displayValue = sql<string>`case when t.field = ${toMissingField(path)} then 'none' else ${value} end`;
  const predicate = and(
    sql`t.type = ${type}`,
    isIn(sql`t.field`, fields),
    isCurrentAt(revision, sql.raw('t')),
    sql`t.row in (${await rowsMatchingQuery(db, filterQuery)})`,
    deadlineCheck(db, sql`t.row`),
  );
  const rows = await query(
    db,
    sql<Omit<ValueCount, 'absent'> & { absent: number }>`
      with counted as (
        select t.value, t.ref_type, ${isAbsent} as absent, ${displayValue} as written,
          count(*) as count, min(t.row) as "row"
        from term as t where ${predicate} group by t.field, t.value, t.ref_type
      )
      select c.value, c.ref_type as "refType", c.absent, cast(c.count as integer) as count,
        cast(count(*) over () as integer) as "distinct", c.row
      from counted as c order by c.count desc, c.written ${limit === null ? sql`` : sql`limit ${limit}`}`,
  );
  return rows.map((row) => ({ ...row, absent: row.absent === 1 }));
}

/** Loads the bodies of these versions, by row. */
export async function loadBodies(db: Reader, rows: number[]): Promise<Map<number, string>> {
  const versions = await query(
    db,
    sql<{ row: number; body: string }>`select "row", body from fact where ${isIn(sql`"row"`, rows)}`,
  );
  return new Map(versions.map(({ row, body }) => [row, body]));
}
