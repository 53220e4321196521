/** Pages of facts: which conditions they meet, in what order, and where to start looking. */
import { type RawBuilder, sql } from 'kysely';
import { toMissingField } from '../../model/index-terms.ts';
import { query, type Reader } from '../database.ts';
import { deadlineCheck, noIndexHint } from '../dialect/sql-fragments.ts';
import { type FactRow, findFactsByRows, isCurrentAt } from './facts.ts';
import { type Filter, filterPredicate, rowsMatchingFilter, termPredicate } from './filters.ts';
import { type IndexTerm, type ListPlan, planList } from './list-plan.ts';

export interface ListQuery {
  type: string;
  revision: number;
  filters: Filter[];
  /** Whether facts that were withdrawn are asked for too. */
  includeRetracted: boolean;
  sort: Sort;
  /** Where the page before this one ended. */
  after: SortPosition | null;
  limit: number;
}

/** What a list asks, its order and pages aside. */
export type FilterQuery = Pick<ListQuery, 'type' | 'revision' | 'filters' | 'includeRetracted'>;

export interface Sort {
  /** A field that terms hold, or `id`. */
  field: string;
  descending: boolean;
}

/** A fact's place in a sorted list. */
export interface SortPosition {
  /** What the list is sorted by; null of a fact without it, which comes last. */
  value: string | null;
  id: string;
}

/** Where a page has a fact: the row of its version, and its place. */
export interface ListKey {
  row: number;
  id: string;
  /** What the list is sorted by; null if that is the id. */
  sort_value: string | null;
}

export interface ListPage {
  keys: ListKey[];
  /** Where this page ends, or null if there is no more. */
  next: SortPosition | null;
}

/** One page of a list, the facts and all. */
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

/** One page of a list: which facts are on it. */
export async function findListPage(db: Reader, listQuery: ListQuery, plan: ListPlan): Promise<ListPage> {
  const candidates = await selectSortedKeys(db, listQuery, plan);
  const keys = candidates.slice(0, listQuery.limit);
  const last = keys.at(-1);
  const next = candidates.length > listQuery.limit && last ? { value: last.sort_value, id: last.id } : null;
  return { keys, next };
}

/** Up to one more than the limit, so that the caller sees whether there is a next page. */
async function selectSortedKeys(db: Reader, listQuery: ListQuery, plan: ListPlan): Promise<ListKey[]> {
  const { sort, after, limit } = listQuery;
  if (sort.field === 'id')
    return plan.indexTerm ? selectKeysByTerm(db, listQuery, plan) : selectKeysById(db, listQuery, plan);
  // Nulls last both ways: first the facts that have a value, then those that have none.
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
  return query(
    db,
    sql<ListKey>`select f.row, f.id, null as sort_value from fact as f where ${whereClause(db, listQuery, plan)}
      ${afterCursor(sql`f.id`, sort, after)} order by f.id ${sortDirection(sort)} limit ${limit + 1}`,
  );
}

/** Facts with one of the values of a term, which the index has in the order of their ids. */
function selectKeysByTerm(
  db: Reader,
  listQuery: ListQuery,
  { indexTerm, remainingFilters, isFullScan }: ListPlan,
): Promise<ListKey[]> {
  const { sort, after, limit, type, revision, includeRetracted } = listQuery;
  const { field, value, refTypes } = indexTerm as IndexTerm;
  const predicates = [
    sql`t.type = ${type} and ${termPredicate({ field, values: [value], refTypes })}`,
    isCurrentAt(revision, sql.raw('t')),
    ...remainingFilters.map((filter) => filterPredicate(db, filter)),
  ];
  if (!includeRetracted) predicates.push(sql`f.retracted is null`);
  if (isFullScan) predicates.push(deadlineCheck(db, sql.ref('f.row')));
  // Of several types, one fact may refer to two things with this id.
  return query(
    db,
    sql<ListKey>`select min(t.row) as "row", t.id, null as sort_value from term as t join fact as f on f.row = t.row
      where ${sql.join(predicates, sql` and `)} ${afterCursor(sql`t.id`, sort, after)}
      group by t.id order by t.id ${sortDirection(sort)} limit ${limit + 1}`,
  );
}

const sortDirection = ({ descending }: Sort) => (descending ? sql`desc` : sql`asc`);

/** What comes after the end of the page before, by id. */
function afterCursor(
  column: RawBuilder<unknown>,
  { descending }: Sort,
  after: SortPosition | null,
): RawBuilder<unknown> {
  if (!after) return sql``;
  return descending ? sql`and ${column} < ${after.id}` : sql`and ${column} > ${after.id}`;
}

/** Facts that have no value in the field of the sort, by their ids. */
async function selectKeysWithoutValue(
  db: Reader,
  listQuery: ListQuery,
  plan: ListPlan,
  limit: number,
): Promise<ListKey[]> {
  const { sort, after } = listQuery;
  const afterPosition = after?.value === null ? sql`and s.id > ${after.id}` : sql``;
  const rows = await selectKeysInRange(db, listQuery, plan, {
    field: toMissingField(sort.field),
    predicate: sql`s.value = '' ${afterPosition}`,
    order: sql`s.id`,
    limit,
  });
  return rows.map((row) => ({ ...row, sort_value: null }));
}

/** Facts by their values, upwards; ids break ties. */
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
 * Facts by their values, downwards; ids break ties upwards, which is no order of the index either way. So the values come
 * first, and then, of the last of them, which may be that of many facts, the first ids.
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
  /** Which entries `s` of the index are meant. */
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
  const typeColumn = plan.selectiveFilter ? noIndexHint(db, sql.ref('s.type')) : sql.ref('s.type');
  return query(
    db,
    sql<ListKey>`select f.row, f.id, s.value as sort_value from fact as f join term as s on s.row = f.row
      where ${whereClause(db, listQuery, plan)} and ${typeColumn} = ${type} and s.field = ${field}
        and ${isCurrentAt(revision, sql.raw('s'))} and ${predicate}
      order by ${order} limit ${limit}`,
  );
}

/** The rows of the facts that meet the conditions of a question, in no order. */
export async function rowsMatchingQuery(
  db: Reader,
  { type, revision, filters, includeRetracted }: FilterQuery,
): Promise<RawBuilder<{ row: number }>> {
  const listPlan = await planList(db, { type, revision, filters });
  const plan = { ...listPlan, isFullScan: listPlan.selectiveFilter === null };
  return sql`select f.row from fact as f where ${whereClause(db, { type, revision, includeRetracted }, plan)}`;
}

/** How many facts the whole list has. */
export async function countFacts(db: Reader, filterQuery: FilterQuery): Promise<number> {
  const rows = await rowsMatchingQuery(db, filterQuery);
  const [result] = await query(db, sql<{ total: number }>`select count(*) as total from (${rows}) as met`);
  return Number(result?.total);
}

/** Whether the version `f` is of a question's list: after `where`. */
function whereClause(
  db: Reader,
  { type, revision, includeRetracted }: Pick<ListQuery, 'type' | 'revision' | 'includeRetracted'>,
  { selectiveFilter, remainingFilters, isFullScan }: ListPlan,
): RawBuilder<boolean> {
  const typeColumn = selectiveFilter ? noIndexHint(db, sql.ref('f.type')) : sql.ref('f.type');
  const predicates = [sql`${typeColumn} = ${type}`, isCurrentAt(revision)];
  if (!includeRetracted) predicates.push(sql`f.retracted is null`);
  if (selectiveFilter)
    predicates.push(sql`f.row in (${rowsMatchingFilter(db, type, revision, selectiveFilter)})`);
  // Starting from a period answers only one of its two ends.
  const filters =
    selectiveFilter?.kind === 'period' ? [...remainingFilters, selectiveFilter] : remainingFilters;
  predicates.push(...filters.map((filter) => filterPredicate(db, filter)));
  if (isFullScan) predicates.push(deadlineCheck(db, sql.ref('f.row')));
  return sql`${sql.join(predicates, sql` and `)}`;
}
