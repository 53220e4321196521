import type { Reference } from '../../model/fields.ts';
import { factTypesByName } from '../../model/types/index.ts';

/** Returns the facts that a filter value may refer to: an id alone may be of any of `types`, or of any type if there are none. */
export function listCandidateRefs(types: readonly string[], value: string): Reference[] {
  const [first = '', second] = value.split('/');
  if (second !== undefined) return [{ type: first, id: second }];
  const candidateTypes = types.length > 0 ? types : [...factTypesByName.keys()];
  return candidateTypes.map((type) => ({ type, id: first }));
}
