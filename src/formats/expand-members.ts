/** What is said of a group of countries, as rows for its members: a map or a matrix knows countries only. */
import { keyOf } from '../model/fact-body.ts';
import type { Reference } from '../model/fields.ts';
import type { Fact, Labelled } from '../model/response-schemas.ts';
import type { Reader } from '../store/database.ts';
import { type FactRow, factsNamed, labelsOf } from '../store/queries/facts.ts';
import { findFacts } from '../store/queries/list.ts';
import type { Column } from './table-columns.ts';

/** A fact that stands for one member of the group that it is about. */
type ByMember = Fact & { via?: { group: Labelled; membership: string } };

/** The only kind of organization whose members are meant one by one: an alliance or a union speaks for itself. */
const GROUP_OF_COUNTRIES = 'country-group';

/** Memberships that are read at a time. */
const PAGE_ROWS = 500;

/** The columns that say by which group a row came about; empty where the fact is about the actor itself. */
export const viaColumns: Column[] = (
  [
    ['via_id', (via) => via.group.id],
    ['via', (via) => via.group.label],
    ['via_membership_id', (via) => via.membership],
  ] satisfies [string, (via: NonNullable<ByMember['via']>) => string][]
).map(([name, cell]) => ({
  name,
  list: false,
  kind: 'text',
  cell: ({ via }: ByMember) => (via ? cell(via) : null),
}));

/**
 * The same facts, but those whose field `path` names a group of countries: of these one for each member country, under the
 * id of the fact. A group without known members stays as it is.
 */
export async function byMember(
  db: Reader,
  revision: number,
  facts: Fact[],
  path: string,
): Promise<ByMember[]> {
  const named = facts.map((fact) => fact[path] as Labelled).filter(({ type }) => type === 'organization');
  const groups = await groupsAmong(db, revision, [...new Set(named.map(({ id }) => id))]);
  const members = await membersOf(db, revision, groups);
  return facts.flatMap((fact): ByMember[] => {
    const group = fact[path] as Labelled;
    const found = (group.type === 'organization' && members.get(group.id)) || [];
    if (found.length === 0) return [fact];
    return found.map(({ member, membership }) => ({ ...fact, [path]: member, via: { group, membership } }));
  });
}

async function groupsAmong(db: Reader, revision: number, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await factsNamed(db, revision, 'organization', ids);
  return rows.flatMap(({ id, body }) => (JSON.parse(body).kind === GROUP_OF_COUNTRIES ? [id] : []));
}

interface Member {
  member: Labelled;
  /** The id of the membership. */
  membership: string;
}

/** The countries that belong to each of these groups, by the group's id; in the order of their ids. */
async function membersOf(db: Reader, revision: number, groups: string[]): Promise<Map<string, Member[]>> {
  const found = (await membershipsOf(db, revision, groups)).flatMap(({ id, body }) => {
    const { member, organization } = JSON.parse(body) as { member: Reference; organization: Reference };
    return member.type === 'country' ? [{ member, organization, membership: id }] : [];
  });
  const labels = await labelsOf(
    db,
    revision,
    found.map(({ member }) => member),
  );
  const members = found.map(({ member, organization, membership }) => ({
    group: organization.id,
    member: { ...member, label: labels.get(keyOf(member))?.label ?? member.id },
    membership,
  }));
  members.sort((a, b) => (a.member.id < b.member.id ? -1 : 1));
  return Map.groupBy(members, ({ group }) => group);
}

async function membershipsOf(db: Reader, revision: number, groups: string[]): Promise<FactRow[]> {
  const rows: FactRow[] = [];
  if (groups.length === 0) return rows;
  const anyOf = groups.map((value) => ({ field: 'organization', value, refType: 'organization' }));
  const question = {
    type: 'membership',
    revision,
    conditions: [{ kind: 'terms' as const, anyOf }],
    retracted: false,
    sort: { field: 'id', descending: false },
    limit: PAGE_ROWS,
  };
  let after: { value: string | null; id: string } | null = null;
  do {
    const page: Awaited<ReturnType<typeof findFacts>> = await findFacts(db, { ...question, after });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}
