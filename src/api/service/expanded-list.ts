/** Lists in which a fact about a group of countries is one row for each member. */
import {
  type ExpandedFact,
  expandFact,
  getActors,
  getExpandableGroup,
  getMemberId,
} from '../../model/expansion.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Term } from '../../model/index-terms.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import { type CountryGroups, loadCountryGroups } from '../../store/queries/country-groups.ts';
import { findFactsByRows } from '../../store/queries/facts.ts';
import { addLaterIds } from '../../store/queries/filter-renames.ts';
import type { Filter } from '../../store/queries/filters.ts';
import {
  countFacts,
  type FilterQuery,
  findFacts,
  findListPage,
  type ListPage,
  type ListQuery,
} from '../../store/queries/list.ts';
import { planList } from '../../store/queries/list-plan.ts';
import type { LabelCache } from '../serialize/label-cache.ts';
import { toFacts } from '../serialize/serialize-facts.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/**
 * Position in an expanded list: sort value and id of the last fact whose rows are complete, and the last member of
 * the fact that follows it. The id is empty before the first fact.
 */
export type ExpandedPosition = [value: string | null, id: string, member: string | null];

/** Expansion of the rows of one list. */
export interface Expansion {
  factType: FactType;
  groups: CountryGroups;
  /** Filters of the facts, from which some of the rows match `filters`. */
  factFilters: Filter[];
  /** Returns the rows of a fact that match the filters of the list. */
  expand(fact: Fact): ExpandedFact[];
}

export async function loadExpansion(
  { db, snapshot: { revision } }: Pick<SnapshotReader, 'db' | 'snapshot'>,
  { type, filters: givenFilters }: Pick<ListQuery, 'type' | 'filters'>,
): Promise<Expansion> {
  const factType = getFactType(type);
  const filters = await addLaterIds(db, type, givenFilters);
  const groups = await loadCountryGroups(db, revision);
  return {
    factType,
    groups,
    factFilters: filters.map((filter) => addGroups(factType, filter, groups)),
    expand: (fact) =>
      expandFact(factType, fact, groups.get(getExpandableGroup(factType, fact) ?? '') ?? []).filter((row) =>
        filters.every((filter) => matchesRow(factType, filter, row)),
      ),
  };
}

type TermsFilter = Extract<Filter, { kind: 'terms' }>;

/** True if a filter is by the field whose groups become rows of members. */
const isMemberFilter = ({ expandableField }: FactType, filter: Filter): filter is TermsFilter =>
  filter.kind === 'terms' && filter.anyOf.some(({ field }) => field === expandableField);

/** Adds the groups to a filter by members; only some rows of their facts may match. */
function addGroups(factType: FactType, filter: Filter, groups: CountryGroups): Filter {
  if (!isMemberFilter(factType, filter)) return filter;
  const { expandableField: field = '' } = factType;
  const countries = new Set(
    filter.anyOf.flatMap(({ refType, value }) => (refType === 'country' ? [value] : [])),
  );
  const groupTerms = [...groups].flatMap(([value, members]): Term[] =>
    members.some(({ member }) => countries.has(member.id)) ? [{ field, value, refType: 'organization' }] : [],
  );
  return { ...filter, anyOf: [...filter.anyOf, ...groupTerms] };
}

/** True unless a filter by members selects other rows of the fact; its facts match all other filters. */
function matchesRow(factType: FactType, filter: Filter, row: ExpandedFact): boolean {
  if (filter.kind === 'not')
    return !isMemberFilter(factType, filter.filter) || !matchesRow(factType, filter.filter, row);
  if (!isMemberFilter(factType, filter)) return true;
  const actors = getActors(factType, row);
  return filter.anyOf.some(({ refType, value }) =>
    actors.some(({ type, id }) => type === refType && id === value),
  );
}

export interface ExpandedPage {
  rows: ExpandedFact[];
  next: ExpandedPosition | null;
}

/** Finds one page of rows. */
export async function findExpandedPage(
  { db }: Pick<SnapshotReader, 'db'>,
  { factType, factFilters, expand }: Expansion,
  { after, limit, ...rest }: Omit<ListQuery, 'after'> & { after: ExpandedPosition | null },
  labelCache?: LabelCache,
): Promise<ExpandedPage> {
  const rows: ExpandedFact[] = [];
  const [value, id, member] = after ?? [null, '', null];
  let lastFact = id === '' ? null : { value, id };
  let lastMember = member;
  const listQuery = { ...rest, filters: factFilters, limit: limit + 1 };
  const plan = await planList(db, listQuery);
  for (;;) {
    const page: ListPage = await findListPage(db, { ...listQuery, after: lastFact }, plan);
    const versions = await findFactsByRows(
      db,
      page.keys.map(({ row }) => row),
    );
    const facts = await toFacts(db, rest.revision, versions, labelCache);
    for (const [index, fact] of facts.entries()) {
      for (const row of expand(fact)) {
        const rowMember = getMemberId(factType, row);
        if (lastMember !== null && rowMember !== null && rowMember <= lastMember) continue;
        if (rows.length === limit)
          return { rows, next: [lastFact?.value ?? null, lastFact?.id ?? '', lastMember] };
        rows.push(row);
        lastMember = rowMember;
      }
      lastFact = { value: page.keys[index]?.sort_value ?? null, id: fact.id };
      lastMember = null;
    }
    if (page.next === null) return { rows, next: null };
  }
}

/** Facts read per query to count their rows. */
const COUNTED_FACTS = 500;

/** Counts the rows of an expanded list: one for each fact, except for facts about groups. */
export async function countExpandedRows(
  { db }: Pick<SnapshotReader, 'db'>,
  { factType, factFilters, groups, expand }: Expansion,
  filterQuery: FilterQuery,
): Promise<number> {
  const { expandableField: field = '' } = factType;
  let total = await countFacts(db, { ...filterQuery, filters: factFilters });
  if (groups.size === 0) return total;
  const anyOf = [...groups.keys()].map((value) => ({ field, value, refType: 'organization' }));
  const listQuery = {
    ...filterQuery,
    filters: [...factFilters, { kind: 'terms' as const, anyOf }],
    sort: { field: 'id', descending: false },
    limit: COUNTED_FACTS,
  };
  let after: ListQuery['after'] = null;
  do {
    const page: Awaited<ReturnType<typeof findFacts>> = await findFacts(db, { ...listQuery, after });
    const facts = await toFacts(db, filterQuery.revision, page.rows);
    for (const fact of facts) total += expand(fact).length - 1;
    after = page.next;
  } while (after !== null);
  return total;
}
