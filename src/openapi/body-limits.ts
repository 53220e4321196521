/** Limits of the lists in request bodies. */
import { MAX_DOSSIER_BYTES } from '../http/limits.ts';
import { getComponentName, type JsonSchema } from './schemas.ts';

/** An entry takes at least two bytes with its comma, so that no body within the size limit has more. */
const MAX_ENTRIES = MAX_DOSSIER_BYTES / 2;

/** Sets `maxItems` of every list in the components that `bodies` refer to, at any depth. */
export function limitLists(bodies: JsonSchema[], components: Record<string, JsonSchema>): void {
  const visited = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object' || visited.has(node)) return;
    visited.add(node);
    const { type, $ref } = node as JsonSchema;
    if (type === 'array') Object.assign(node, { maxItems: MAX_ENTRIES });
    if (typeof $ref === 'string') visit(components[getComponentName($ref)]);
    for (const inner of Object.values(node)) visit(inner);
  };
  for (const body of bodies) visit(body);
}
