/** All fact types, in the order of the documentation. Add a new type here. */
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

/** Returns the fact type of a stored fact. Throws for an unknown name, which the store cannot hold. */
export function getFactType(type: string): FactType {
  const factType = factTypesByName.get(type);
  if (!factType) throw new Error(`Unknown fact type: ${type}`);
  return factType;
}

/** Returns the fact type of a collection. Throws for an unknown name, which no route has. */
export function getFactTypeByCollection(collection: string): FactType {
  const factType = factTypes.find((each) => each.collection === collection);
  if (!factType) throw new Error(`Unknown collection: ${collection}`);
  return factType;
}
