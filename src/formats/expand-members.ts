/**
 * Expansion of facts about a group of countries into one row for each member, for maps and matrices of
 * countries.
 */
import { refKey } from '../model/fact-body.ts';
import type { Reference } from '../model/fields.ts';
import type { Fact, LabeledReference } from '../model/response-schemas.ts';
import type { Reader } from '../store/database.ts';
import { type FactRow, findFactsByIds, findLabels } from '../store/queries/facts.ts';
import { findFacts } from '../store/queries/list.ts';
import type { Column } from './table-columns.ts';

/** Fact as a row for one member of the group that it is about. */
type ExpandedFact = Fact & { via?: { group: LabeledReference; membership: string } };

/** Only kind of organization that is expanded: an alliance or a union speaks for itself. */
const COUNTRY_GROUP_KIND = 'country-group';

/** Memberships read per query. */
const PAGE_ROWS = 500;

/** Columns that name the group of an expanded row; empty if the fact is about the actor itself. */
export const viaColumns: Column[] = (
  [
    ['via_id', (via) => via.group.id],
    ['via', (via) => via.group.label],
    ['via_membership_id', (via) => via.membership],
  ] satisfies [string, (via: NonNullable<ExpandedFact['via']>) => string][]
).map(([name, getViaValue]) => ({
  name,
  isList: false,
  kind: 'text',
  getCell: ({ via }: ExpandedFact) => (via ? getViaValue(via) : null),
}));

/**
 * Replaces each fact whose field `path` names a group of countries by one fact for each member country, all
 * with the id of the original. Facts about other actors, or about groups without known members, stay
 * unchanged.
 */
export async function expandMembers(
  db: Reader,
  revision: number,
  facts: Fact[],
  path: string,
): Promise<ExpandedFact[]> {
  const organizations = facts
    .map((fact) => fact[path] as LabeledReference)
    .filter(({ type }) => type === 'organization');
  const groups = await findCountryGroups(db, revision, [...new Set(organizations.map(({ id }) => id))]);
  const membersByGroup = await findMembersByGroup(db, revision, groups);
  return facts.flatMap((fact): ExpandedFact[] => {
    const group = fact[path] as LabeledReference;
    const groupMembers = (group.type === 'organization' && membersByGroup.get(group.id)) || [];
    if (groupMembers.length === 0) return [fact];
    return groupMembers.map(({ member, membership }) => ({
      ...fact,
      [path]: member,
      via: { group, membership },
    }));
  });
}

async function findCountryGroups(db: Reader, revision: number, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await findFactsByIds(db, revision, 'organization', ids);
  return rows.flatMap(({ id, body }) => (JSON.parse(body).kind === COUNTRY_GROUP_KIND ? [id] : []));
}

interface Member {
  member: LabeledReference;
  /** Id of the membership. */
  membership: string;
}

/** Finds the member countries of each group, by the id of the group. Members are sorted by id. */
async function findMembersByGroup(
  db: Reader,
  revision: number,
  groups: string[],
): Promise<Map<string, Member[]>> {
  const memberships = (await findMemberships(db, revision, groups)).flatMap(({ id, body }) => {
    const { member, organization } = JSON.parse(body) as { member: Reference; organization: Reference };
    return member.type === 'country' ? [{ member, organization, membership: id }] : [];
  });
  const labels = await findLabels(
    db,
    revision,
    memberships.map(({ member }) => member),
  );
  const members = memberships.map(({ member, organization, membership }) => ({
    group: organization.id,
    member: { ...member, label: labels.get(refKey(member))?.label ?? member.id },
    membership,
  }));
  members.sort((a, b) => (a.member.id < b.member.id ? -1 : 1));
  return Map.groupBy(members, ({ group }) => group);
}

async function findMemberships(db: Reader, revision: number, groups: string[]): Promise<FactRow[]> {
  const rows: FactRow[] = [];
  if (groups.length === 0) return rows;
  const anyOf = groups.map((value) => ({ field: 'organization', value, refType: 'organization' }));
  const query = {
    type: 'membership',
    revision,
    filters: [{ kind: 'terms' as const, anyOf }],
    includeRetracted: false,
    sort: { field: 'id', descending: false },
    limit: PAGE_ROWS,
  };
  let after: { value: string | null; id: string } | null = null;
  do {
    const page: Awaited<ReturnType<typeof findFacts>> = await findFacts(db, { ...query, after });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}
