/** Detection of dossiers that refer to each other's facts, so that none can be imported before the others. */
import { refKey } from '../model/fact-body.ts';
import { parseYaml } from './parse-yaml.ts';
import type { DossierFiles } from './validate.ts';

/** Returns the ids of dossiers that are part of a cycle, or on a path from one cycle to another. */
export function findCyclicDossierIds(dossiers: DossierFiles[]): string[] {
  const parsedDossiers = dossiers.map(({ id, facts }) => ({ id, value: parseYaml(facts).value }));
  const dossierIdByFactKey = new Map(
    parsedDossiers.flatMap(({ id, value }) => listFactKeys(value).map((key) => [key, id] as const)),
  );
  const edges = parsedDossiers.flatMap(({ id, value }) =>
    collectStrings(value).flatMap((text) => {
      const targetId = dossierIdByFactKey.get(text);
      return targetId === undefined || targetId === id ? [] : [{ from: id, to: targetId }];
    }),
  );
  // A dossier that refers to no other candidate, or that no other candidate refers to, is in no cycle.
  let candidates = new Set(parsedDossiers.map(({ id }) => id));
  for (;;) {
    const innerEdges = edges.filter(({ from, to }) => candidates.has(from) && candidates.has(to));
    const [sources, targets] = [
      new Set(innerEdges.map(({ from }) => from)),
      new Set(innerEdges.map(({ to }) => to)),
    ];
    const next = new Set([...candidates].filter((id) => sources.has(id) && targets.has(id)));
    if (next.size === candidates.size) return [...candidates];
    candidates = next;
  }
}

/** Keys (`type/id`) of all facts that a dossier defines, valid or not. */
function listFactKeys(dossier: unknown): string[] {
  const { facts } = (dossier ?? {}) as { facts?: unknown };
  return (Array.isArray(facts) ? facts : []).flatMap((fact) =>
    typeof fact?.type === 'string' && typeof fact.id === 'string' ? [refKey(fact)] : [],
  );
}

function collectStrings(value: unknown, strings: string[] = []): string[] {
  if (typeof value === 'string') strings.push(value);
  else if (value !== null && typeof value === 'object') {
    for (const each of Object.values(value)) collectStrings(each, strings);
  }
  return strings;
}
