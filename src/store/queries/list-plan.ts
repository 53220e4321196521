/** Query plan of a list: the filter or the index that it starts from. */
import type { Reader } from '../database.ts';
import { countUpTo, type Filter, MAX_SELECTIVE_ROWS, rowsMatchingFilter } from './filters.ts';

/** How a list is found. */
export interface ListPlan {
  /** The condition that it starts from, if one is rare enough. */
  selectiveFilter: Filter | null;
  /** The term along whose index it goes. */
  indexTerm: IndexTerm | null;
  /** What is asked of each row besides. */
  remainingFilters: Filter[];
  /** Whether many rows may be passed over for each that is found. */
  isFullScan: boolean;
}

/** A value of one field: facts that have it stand in the index by their ids. */
export interface IndexTerm {
  field: string;
  value: string;
  refTypes: (string | null)[];
}

/** What the plan of a list depends on. */
interface PlanQuery {
  type: string;
  revision: number;
  filters: Filter[];
  /** Absent where the rows are wanted in no order. */
  sort?: { field: string };
}

export async function planList(db: Reader, { type, revision, filters, sort }: PlanQuery): Promise<ListPlan> {
  const termFilter = sort?.field === 'id' ? filters.find(toIndexTerm) : undefined;
  // However many facts have it, as many are looked at as are shown.
  if (termFilter && filters.length === 1) {
    return {
      selectiveFilter: null,
      indexTerm: toIndexTerm(termFilter),
      remainingFilters: [],
      isFullScan: false,
    };
  }
  const selectiveFilter = await findMostSelectiveFilter(db, type, revision, filters);
  if (selectiveFilter)
    return {
      selectiveFilter,
      indexTerm: null,
      remainingFilters: filters.filter((each) => each !== selectiveFilter),
      isFullScan: false,
    };
  return {
    selectiveFilter,
    indexTerm: termFilter ? toIndexTerm(termFilter) : null,
    remainingFilters: filters.filter((each) => each !== termFilter),
    isFullScan: filters.length > 0,
  };
}

async function findMostSelectiveFilter(
  db: Reader,
  type: string,
  revision: number,
  filters: Filter[],
): Promise<Filter | null> {
  let [mostSelective, minCount]: [Filter | null, number] = [null, MAX_SELECTIVE_ROWS];
  for (const filter of filters) {
    const count =
      filter.kind === 'ids'
        ? filter.ids.length
        : await countUpTo(db, rowsMatchingFilter(db, type, revision, filter), MAX_SELECTIVE_ROWS);
    if (count <= minCount) [mostSelective, minCount] = [filter, count];
  }
  return mostSelective;
}

/** The one value that a condition asks for, if it does. */
function toIndexTerm(filter: Filter): IndexTerm | null {
  if (filter.kind !== 'terms') return null;
  const [first] = filter.anyOf;
  if (!first || filter.anyOf.some(({ field, value }) => field !== first.field || value !== first.value)) {
    return null;
  }
  const { field, value } = first;
  return { field, value, refTypes: filter.anyOf.map(({ refType }) => refType) };
}
