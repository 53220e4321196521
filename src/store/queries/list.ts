/** Pages of facts: filters, order and pagination. */
import { type RawBuilder, sql } from 'kysely';
import { toMissingField } from '../../model/index-terms.ts';
import { query, type Reader } from '../database.ts';
import { deadlineCheck, noIndexHint } from '../dialect/sql-fragments.ts';
import { and } from '../predicates.ts';
import { type FactRow, findFactsByRows, isCurrentAt } from './facts.ts';
import { type Filter, filterPredicate, rowsMatchingFilter, termPredicate } from './filters.ts';
import { type IndexTerm, type ListPlan, planList } from './list-plan.ts';

export interface ListQuery {
  type: string;
  revision: number;
  filters: Filter[];
  includeRetracted: boolean;
  sort: Sort;
  /** End of the previous page. */
  after: SortPosition | null;
  limit: number;
}

/** List query without order and pagination. */
export type FilterQuery = Pick<ListQuery, 'type' | 'revision' | 'filters' | 'includeRetracted'>;

export interface Sort {
  /** Field in the table `term`, or `id`. */
  field: string;
  descending: boolean;
}

/** Position of a fact in a sorted list. */
export interface SortPosition {
  /** Sort value; null for facts without one, which come last. */
  value: string | null;
  id: string;
}

/** Fact on a page: the row of its version and its position. */
export interface ListKey {
  row: number;
  id: string;
  /** Sort value; null if the list is sorted by id, or the fact has none. */
  sort_value: string | null;
}

export interface ListPage {
  keys: ListKey[];
  /** End of this page; null if it is the last. */
  next: SortPosition | null;
}

/** Finds one page of a list, including the facts. */
export async function findFacts(
  db: Reader,
  listQuery: ListQuery,
): Promise<{ rows: FactRow[]; next: SortPosition | null }> {
  const { keys, next } = await findListPage(db, listQuery, await planList(db, listQuery));
  const rows = await findFactsByRows(
    db,
    keys.map(({ row }) => row),
  );
  return { rows, next };
}

/** Finds the keys of one page of a list. */
export async function findListPage(db: Reader, listQuery: ListQuery, plan: ListPlan): Promise<ListPage> {
  const candidates = await selectSortedKeys(db, listQuery, plan);
  const keys = candidates.slice(0, listQuery.limit);
  const last = keys.at(-1);
  const next = candidates.length > listQuery.limit && last ? { value: last.sort_value, id: last.id } : null;
  return { keys, next };
}

/** Selects up to one key more than the limit, so that the caller can tell whether there is a next page. */
async function selectSortedKeys(db: Reader, listQuery: ListQuery, plan: ListPlan): Promise<ListKey[]> {
  const { sort, after, limit } = listQuery;
  if (sort.field === 'id')
    return plan.indexTerm ? selectKeysByTerm(db, listQuery, plan) : selectKeysById(db, listQuery, plan);
  // Nulls come last in both directions: first the facts with a value, then those without.
  const selectOrdered = sort.descending ? selectKeysDescending : selectKeysAscending;
  const keysWithValue = after?.value === null ? [] : await selectOrdered(db, listQuery, plan, limit + 1);
  if (keysWithValue.length > limit) return keysWithValue;
  return [
    ...keysWithValue,
    ...(await selectKeysWithoutValue(db, listQuery, plan, limit + 1 - keysWithValue.length)),
  ];
}

function selectKeysById(db: Reader, listQuery: ListQuery, plan: ListPlan): Promise<ListKey[]> {
  const { sort, after, limit } = listQuery;
  const predicate = and(listPredicate(db, listQuery, plan), afterCursor(sql`f.id`, sort, after));
  return query(
    db,
    sql<ListKey>`select f.row, f.id, null as sort_value from fact as f where ${predicate}
      order by f.id ${sortDirection(sort)} limit ${limit + 1}`,
  );
}

/** Selects the facts with a term, which the index lists by id. */
function selectKeysByTerm(
  db: Reader,
  listQuery: ListQuery,
  { indexTerm, remainingFilters, cost }: ListPlan,
): Promise<ListKey[]> {
  const { sort, after, limit, type, revision, includeRetracted } = listQuery;
  const { field, value, refTypes } = indexTerm as IndexTerm;
  const predicate = and(
    sql`t.type = ${type} and ${termPredicate({ field, values: [value], refTypes })}`,
    isCurrentAt(revision, sql.raw('t')),
    ...remainingFilters.map((filter) => filterPredicate(db, filter)),
    !includeRetracted && sql`f.retracted is null`,
    cost === 'scan' && deadlineCheck(db, sql`f.row`),
    afterCursor(sql`t.id`, sort, after),
  );
  // If there are several reference types, a fact may refer to two facts with this id.
  return query(
    db,
    sql<ListKey>`select min(t.row) as "row", t.id, null as sort_value from term as t join fact as f on f.row = t.row
      where ${predicate} group by t.id order by t.id ${sortDirection(sort)} limit ${limit + 1}`,
  );
}

const sortDirection = ({ descending }: Sort) => (descending ? sql`desc` : sql`asc`);

/** Returns a predicate for ids after the end of the previous page; null for the first page. */
function afterCursor(
  column: RawBuilder<unknown>,
  { descending }: Sort,
  after: SortPosition | null,
): RawBuilder<boolean> | null {
  if (!after) return null;
  return descending ? sql`${column} < ${after.id}` : sql`${column} > ${after.id}`;
}

/** Selects facts without a value in the sort field, by id. */
async function selectKeysWithoutValue(
  db: Reader,
  listQuery: ListQuery,
  plan: ListPlan,
  limit: number,
): Promise<ListKey[]> {
  const { sort, after } = listQuery;
  const rows = await selectKeysInRange(db, listQuery, plan, {
    field: toMissingField(sort.field),
    predicate: and(sql`s.value = ''`, after?.value === null && sql`s.id > ${after.id}`),
    order: sql`s.id`,
    limit,
  });
  return rows.map((row) => ({ ...row, sort_value: null }));
}

/** Selects facts by ascending value; ids break ties. */
function selectKeysAscending(
  db: Reader,
  listQuery: ListQuery,
  plan: ListPlan,
  limit: number,
): Promise<ListKey[]> {
  const { sort, after } = listQuery;
  const predicate = after ? sql`(s.value, s.id) > (${after.value}, ${after.id})` : sql`true`;
  return selectKeysInRange(db, listQuery, plan, {
    field: sort.field,
    predicate,
    order: sql`s.value, s.id`,
    limit,
  });
}

/**
 * Selects facts by descending value; ids break ties in ascending order, which no direction of the index
 * provides. The values are therefore read first, and then the lowest ids of the last value, which many facts
 * may share.
 */
async function selectKeysDescending(
  db: Reader,
  listQuery: ListQuery,
  plan: ListPlan,
  limit: number,
): Promise<ListKey[]> {
  const { sort, after } = listQuery;
  const selectWhere = (predicate: RawBuilder<unknown>, order: RawBuilder<unknown>, limit: number) =>
    selectKeysInRange(db, listQuery, plan, { field: sort.field, predicate, order, limit });
  const sameValueKeys = after
    ? await selectWhere(sql`s.value = ${after.value} and s.id > ${after.id}`, sql`s.id`, limit)
    : [];
  const remaining = limit - sameValueKeys.length;
  if (remaining === 0) return sameValueKeys;
  const lowerKeys = await selectWhere(
    after ? sql`s.value < ${after.value}` : sql`true`,
    sql`s.value desc`,
    remaining,
  );
  const last = lowerKeys.at(-1);
  if (!last) return sameValueKeys;
  const byValue = Map.groupBy(lowerKeys, ({ sort_value }) => sort_value);
  byValue.delete(last.sort_value);
  const completeGroups = [...byValue.values()].flatMap((group) =>
    group.sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  const lastGroup = await selectWhere(
    sql`s.value = ${last.sort_value}`,
    sql`s.id`,
    remaining - completeGroups.length,
  );
  return [...sameValueKeys, ...completeGroups, ...lastGroup];
}

interface TermRange {
  field: string;
  /** Predicate for index entries `s`. */
  predicate: RawBuilder<unknown>;
  order: RawBuilder<unknown>;
  limit: number;
}

function selectKeysInRange(
  db: Reader,
  listQuery: ListQuery,
  plan: ListPlan,
  { field, predicate, order, limit }: TermRange,
): Promise<ListKey[]> {
  const { type, revision } = listQuery;
  const typeColumn = plan.selectiveFilter ? noIndexHint(db, sql`s.type`) : sql`s.type`;
  return query(
    db,
    sql<ListKey>`select f.row, f.id, s.value as sort_value from fact as f join term as s on s.row = f.row
      where ${listPredicate(db, listQuery, plan)} and ${typeColumn} = ${type} and s.field = ${field}
        and ${isCurrentAt(revision, sql.raw('s'))} and ${predicate}
      order by ${order} limit ${limit}`,
  );
}

/** Returns a query for the rows of the matching facts, in no particular order. */
export async function rowsMatchingQuery(
  db: Reader,
  { type, revision, filters, includeRetracted }: FilterQuery,
): Promise<RawBuilder<{ row: number }>> {
  const listPlan = await planList(db, { type, revision, filters });
  const plan: ListPlan = { ...listPlan, cost: listPlan.selectiveFilter ? 'lookup' : 'scan' };
  return sql`select f.row from fact as f where ${listPredicate(db, { type, revision, includeRetracted }, plan)}`;
}

/** Counts the facts on all pages of a list. */
export async function countFacts(db: Reader, filterQuery: FilterQuery): Promise<number> {
  const rows = await rowsMatchingQuery(db, filterQuery);
  const [result] = await query(
    db,
    sql<{ total: number }>`select cast(count(*) as integer) as total from (${rows}) as met`,
  );
  return result?.total ?? 0;
}

/** Returns a predicate for versions `f` of a list. */
function listPredicate(
  db: Reader,
  { type, revision, includeRetracted }: Pick<ListQuery, 'type' | 'revision' | 'includeRetracted'>,
  { selectiveFilter, remainingFilters, cost }: ListPlan,
): RawBuilder<boolean> {
  const typeColumn = selectiveFilter ? noIndexHint(db, sql`f.type`) : sql`f.type`;
  // Starting from a period checks only one of its bounds.
  const filters =
    selectiveFilter?.kind === 'period' ? [...remainingFilters, selectiveFilter] : remainingFilters;
  return and(
    sql`${typeColumn} = ${type}`,
    isCurrentAt(revision),
    !includeRetracted && sql`f.retracted is null`,
    selectiveFilter && sql`f.row in (${rowsMatchingFilter(db, type, revision, selectiveFilter)})`,
    ...filters.map((filter) => filterPredicate(db, filter)),
    cost === 'scan' && deadlineCheck(db, sql`f.row`),
  );
}
