/** Every type of fact, in the order of the documentation. A new type is one more line here. */
import type { Resource } from '../facts/resource.ts';
import { countries } from './countries.ts';
import { documents } from './documents.ts';
import { events } from './events.ts';
import { organizations } from './organizations.ts';
import { people } from './people.ts';

export const resources: Resource[] = [documents, events, people, organizations, countries] as Resource[];

export const resourceByType = new Map(resources.map((resource) => [resource.type, resource]));

/** The resource of a stored fact, which always has one. */
export function resourceOf(type: string): Resource {
  const resource = resourceByType.get(type);
  if (!resource) throw new Error(`no resource of type ${type}`);
  return resource;
}
