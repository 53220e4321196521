/** Query plan of a list: the filter or the index that it starts from. */
import type { Reader } from '../database.ts';
import { addLaterIds } from './filter-renames.ts';
import {
  countUpTo,
  type Filter,
  MAX_SELECTIVE_ROWS,
  type PositiveFilter,
  rowsMatchingFilter,
} from './filters.ts';

export interface ListPlan {
  /** Filter that the query starts from, if one is selective enough. */
  selectiveFilter: PositiveFilter | null;
  /** Term whose index entries the query reads in the order of ids. */
  indexTerm: IndexTerm | null;
  /** Filters that are checked for each row. */
  remainingFilters: Filter[];
  cost: QueryCost;
}

/** Cost of a query: a scan may read many rows for each match. */
export type QueryCost = 'lookup' | 'scan';

/** Value of one field: the index lists the facts that have it by id. */
export interface IndexTerm {
  field: string;
  value: string;
  refTypes: (string | null)[];
}

/** Parts of a list query that determine its plan. */
interface PlanQuery {
  type: string;
  revision: number;
  filters: Filter[];
  /** Absent if the order of the rows does not matter. */
  sort?: { field: string };
}

export async function planList(db: Reader, planQuery: PlanQuery): Promise<ListPlan> {
  const { type, revision, sort } = planQuery;
  const filters = await addLaterIds(db, type, planQuery.filters);
  const termFilter = sort?.field === 'id' ? filters.find(toIndexTerm) : undefined;
  // The query reads only as many facts as the page shows, however many have the term.
  if (termFilter && filters.length === 1) {
    return {
      selectiveFilter: null,
      indexTerm: toIndexTerm(termFilter),
      remainingFilters: [],
      cost: 'lookup',
    };
  }
  const selectiveFilter = await findMostSelectiveFilter(db, type, revision, filters);
  if (selectiveFilter)
    return {
      selectiveFilter,
      indexTerm: null,
      remainingFilters: filters.filter((each) => each !== selectiveFilter),
      cost: 'lookup',
    };
  return {
    selectiveFilter,
    indexTerm: termFilter ? toIndexTerm(termFilter) : null,
    remainingFilters: filters.filter((each) => each !== termFilter),
    cost: filters.length > 0 ? 'scan' : 'lookup',
  };
}

async function findMostSelectiveFilter(
  db: Reader,
  type: string,
  revision: number,
  filters: Filter[],
): Promise<PositiveFilter | null> {
  let [mostSelective, minCount]: [PositiveFilter | null, number] = [null, MAX_SELECTIVE_ROWS];
  for (const filter of filters) {
    // Most facts lack any one value.
    if (filter.kind === 'not') continue;
    const count =
      filter.kind === 'ids'
        ? filter.ids.length
        : await countUpTo(db, rowsMatchingFilter(db, type, revision, filter), MAX_SELECTIVE_ROWS);
    if (count <= minCount) [mostSelective, minCount] = [filter, count];
  }
  return mostSelective;
}

/** Returns the term of a filter for exactly one value, otherwise null. */
function toIndexTerm(filter: Filter): IndexTerm | null {
  if (filter.kind !== 'terms') return null;
  const [first] = filter.anyOf;
  if (!first || filter.anyOf.some(({ field, value }) => field !== first.field || value !== first.value)) {
    return null;
  }
  const { field, value } = first;
  return { field, value, refTypes: filter.anyOf.map(({ refType }) => refType) };
}
