/** Every type of fact, in the order of the documentation. A new type is one more line here. */
import type { FactType } from '../fact-type.ts';
import { battleGroupDeployments } from './battle-group-deployments.ts';
import { countries } from './countries.ts';
import { documents } from './documents.ts';
import { events } from './events.ts';
import { figures } from './figures.ts';
import { memberships } from './memberships.ts';
import { organizations } from './organizations.ts';
import { people } from './people.ts';
import { proposals } from './proposals.ts';
import { sanctionsRounds } from './sanctions-rounds.ts';
import { stances } from './stances.ts';
import { statements } from './statements.ts';

export const factTypes = [
  documents,
  events,
  people,
  organizations,
  countries,
  memberships,
  statements,
  proposals,
  stances,
  sanctionsRounds,
  battleGroupDeployments,
  figures,
] as unknown as FactType[];

export const factTypesByName = new Map(factTypes.map((factType) => [factType.type, factType]));

/** The resource of a stored fact, which always has one. */
export function getFactType(type: string): FactType {
  const factType = factTypesByName.get(type);
  if (!factType) throw new Error(`no resource of type ${type}`);
  return factType;
}
