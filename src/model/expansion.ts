/** Facts about a group of countries as rows for its members, for maps and matrices of countries. */
import type { FactType } from './fact-type.ts';
import type { Reference } from './fields.ts';
import type { Fact, LabeledReference, Via } from './response-schemas.ts';

/** Fact, or a row for one member of the group that it is about. */
export type ExpandedFact = Fact & { via?: Via };

/** Country with the membership that makes it a member of a group. */
export interface GroupMember {
  member: LabeledReference;
  membership: LabeledReference;
}

/** Separates the id of the fact from that of the member; no id of a fact contains it. */
const ROW_ID_SEPARATOR = '~';

/** Returns the reference that `path` of a fact has. */
const getReference = (fact: Fact, path: string): LabeledReference => fact[path] as LabeledReference;

/** Returns the organization that the expandable field of a fact names; null if it names another actor. */
export function getExpandableGroup({ expandableField = '' }: FactType, fact: Fact): string | null {
  const { type, id } = getReference(fact, expandableField);
  return type === 'organization' ? id : null;
}

/**
 * Returns one row for each member of the group that a fact is about, with a label that names the member. Each row
 * has an id of its own; its links lead to the fact. A fact that cannot be true of a member, such as a group that
 * is divided, stays one row.
 */
export function expandFact(factType: FactType, fact: Fact, members: readonly GroupMember[]): ExpandedFact[] {
  const { expandableField: path = '', getLabel, checkRules } = factType;
  const rows = members.map(({ member, membership }): ExpandedFact => {
    const { type, id, label } = fact;
    const row = { ...fact, id: `${id}${ROW_ID_SEPARATOR}${member.id}`, [path]: member };
    return {
      ...row,
      label: getLabel(row, (reference) => (reference as LabeledReference).label),
      via: { fact: { type, id, label }, group: getReference(fact, path), membership },
    };
  });
  const quotations = fact.evidence?.map(({ exact }) => exact) ?? [];
  const isValid = rows.every((row) => (checkRules?.(row, quotations) ?? []).length === 0);
  return rows.length > 0 && isValid ? rows : [fact];
}

/** Returns the actors that a row is about: a filter matches the member and the group. */
export const getActors = ({ expandableField = '' }: FactType, row: ExpandedFact): Reference[] => [
  getReference(row, expandableField),
  ...(row.via ? [row.via.group] : []),
];

/** Returns the id of the fact that a row is from. */
export const getFactId = ({ id, via }: ExpandedFact): string => via?.fact.id ?? id;

/** Returns the id of the member in a row; null for a fact that is not expanded. */
export const getMemberId = ({ expandableField = '' }: FactType, row: ExpandedFact): string | null =>
  row.via ? getReference(row, expandableField).id : null;
