/** Numbers of facts by value of a field. */
import { sql } from 'kysely';
import { toMissingField } from '../../model/index-terms.ts';
import type { Field } from '../../model/schema-fields.ts';
import type { Reader } from '../database.ts';
import { deadlineCheck } from '../dialect/sql-fragments.ts';
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
  const matchingRows = await rowsMatchingQuery(db, filterQuery);
  let query = db
    .with('counted', (query) =>
      query
        .selectFrom('term as t')
        .select((eb) => [
          't.value',
          't.ref_type',
          isAbsent.as('absent'),
          displayValue.as('written'),
          eb.fn.countAll<number>().as('count'),
          eb.fn.min('t.row').as('row'),
        ])
        .where('t.type', '=', type)
        .where('t.field', 'in', fields)
        .where('t.rev_from', '<=', revision)
        .where('t.rev_to', '>', revision)
        .where(sql<boolean>`t.row in (${matchingRows}) and ${deadlineCheck(db, sql.ref('t.row'))}`)
        .groupBy(['t.field', 't.value', 't.ref_type']),
    )
    .selectFrom('counted as c')
    .select(['c.value', 'c.ref_type', 'c.absent', 'c.count', 'c.row'])
    .select(sql<number>`count(*) over ()`.as('distinct'))
    .orderBy('c.count', 'desc')
    .orderBy('c.written');
  if (limit !== null) query = query.limit(limit);
  const valueRows = await query.execute();
  return valueRows.map(({ value, ref_type, absent, count, distinct, row }) => ({
    value,
    refType: ref_type,
    absent: Number(absent) === 1,
    count: Number(count),
    distinct: Number(distinct),
    row: Number(row),
  }));
}

/** Loads the bodies of these versions, by row. */
export async function loadBodies(db: Reader, rows: number[]): Promise<Map<number, string>> {
  const versions = await db.selectFrom('fact').select(['row', 'body']).where('row', 'in', rows).execute();
  return new Map(versions.map(({ row, body }) => [row, body]));
}
