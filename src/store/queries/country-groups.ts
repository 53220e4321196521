/** Groups of countries with their members. */
import type { GroupMember } from '../../model/expansion.ts';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../database.ts';
import { type FactRow, findLabels } from './facts.ts';
import { findFacts, type ListQuery, type SortPosition } from './list.ts';

/** Members by the id of the group, sorted by id. */
export type CountryGroups = ReadonlyMap<string, GroupMember[]>;

/** Only kind of organization whose members share its facts: an alliance or a union speaks for itself. */
const COUNTRY_GROUP_KIND = 'country-group';

/** Facts read per query. */
const PAGE_ROWS = 500;

/** Loads all groups of countries that have members at `revision`. */
export async function loadCountryGroups(db: Reader, revision: number): Promise<CountryGroups> {
  const groups = await findAllFacts(db, {
    type: 'organization',
    revision,
    filters: [{ kind: 'terms', anyOf: [{ field: 'kind', value: COUNTRY_GROUP_KIND, refType: null }] }],
    includeRetracted: true,
  });
  if (groups.length === 0) return new Map();
  const anyOf = groups.map(({ id: value }) => ({ field: 'organization', value, refType: 'organization' }));
  const memberships = await findAllFacts(db, {
    type: 'membership',
    revision,
    filters: [{ kind: 'terms', anyOf }],
    includeRetracted: false,
  });
  return indexMembers(db, revision, memberships);
}

async function indexMembers(db: Reader, revision: number, memberships: FactRow[]): Promise<CountryGroups> {
  const countries = memberships.flatMap(({ type, id, label, body }) => {
    const { member, organization } = JSON.parse(body) as { member: Reference; organization: Reference };
    return member.type === 'country'
      ? [{ group: organization.id, member, membership: { type, id, label } }]
      : [];
  });
  const labels = await findLabels(
    db,
    revision,
    countries.map(({ member }) => member),
  );
  const members = countries.map(({ group, member, membership }) => ({
    group,
    member: { ...member, label: labels.get(refKey(member))?.label ?? member.id },
    membership,
  }));
  members.sort((a, b) => (a.member.id < b.member.id ? -1 : 1));
  return new Map(
    [...Map.groupBy(members, ({ group }) => group)].map(([group, each]) => [group, removeRepeated(each)]),
  );
}

/** Keeps one membership of each country: two sources may each have one. */
const removeRepeated = (members: GroupMember[]): GroupMember[] =>
  members.filter(({ member }, index) => members[index - 1]?.member.id !== member.id);

/** Finds all facts that match, by id. */
async function findAllFacts(
  db: Reader,
  filterQuery: Pick<ListQuery, 'type' | 'revision' | 'filters' | 'includeRetracted'>,
): Promise<FactRow[]> {
  const rows: FactRow[] = [];
  let after: SortPosition | null = null;
  do {
    const sort = { field: 'id', descending: false };
    const page: Awaited<ReturnType<typeof findFacts>> = await findFacts(db, {
      ...filterQuery,
      sort,
      limit: PAGE_ROWS,
      after,
    });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}
