/** Which dossiers refer to facts of each other, so that none of them can be imported before the others. */
import { keyOf } from '../model/fact-body.ts';
import { parseYaml } from './parse-yaml.ts';
import type { DossierFiles } from './validate.ts';

/** The ids of those that stand in a circle, or in the way from one circle to another. */
export function circleOf(dossiers: DossierFiles[]): string[] {
  const parsed = dossiers.map(({ id, facts }) => ({ id, value: parseYaml(facts).value }));
  const homes = new Map(parsed.flatMap(({ id, value }) => factsIn(value).map((key) => [key, id] as const)));
  const edges = parsed.flatMap(({ id, value }) =>
    stringsIn(value).flatMap((text) => {
      const to = homes.get(text);
      return to === undefined || to === id ? [] : [{ from: id, to }];
    }),
  );
  // Whoever refers to none of the others, or is referred to by none, stands in no circle.
  let left = new Set(parsed.map(({ id }) => id));
  for (;;) {
    const inside = edges.filter(({ from, to }) => left.has(from) && left.has(to));
    const [froms, tos] = [new Set(inside.map(({ from }) => from)), new Set(inside.map(({ to }) => to))];
    const next = new Set([...left].filter((id) => froms.has(id) && tos.has(id)));
    if (next.size === left.size) return [...left];
    left = next;
  }
}

/** The facts that a dossier gives, sound or not, as `type/id`. */
function factsIn(dossier: unknown): string[] {
  const { facts } = (dossier ?? {}) as { facts?: unknown };
  return (Array.isArray(facts) ? facts : []).flatMap((fact) =>
    typeof fact?.type === 'string' && typeof fact.id === 'string' ? [keyOf(fact)] : [],
  );
}

function stringsIn(value: unknown, found: string[] = []): string[] {
  if (typeof value === 'string') found.push(value);
  else if (value !== null && typeof value === 'object') {
    for (const each of Object.values(value)) stringsIn(each, found);
  }
  return found;
}
