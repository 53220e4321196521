/** Planning of renames, which may take several steps since the last import of the dossier. */
import type { Rename } from '../../../dossier/validate.ts';
import { refKey } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import { formatHomeNote, type ImportPlan, type PlanContext, type StoredState } from './context.ts';

/** Returns the renames that the store has not applied yet, and records in `context` which facts they move. */
export function planRenames(context: PlanContext): ImportPlan['renames'] {
  const { dossier, stored, renamed, renamedFrom, report } = context;
  const { next, before } = indexRenames(dossier.renames);
  return dossier.renames.flatMap(({ from, to }, index) => {
    const laterNames = [to, ...followRenames(next, to)];
    const finalName = laterNames.at(-1) ?? to;
    // A fact that was retracted after its rename is missing under facts; validation accepts that.
    if (isAlreadyRenamed(stored, from, laterNames) || !context.factPositions.has(refKey(finalName)))
      return [];
    const conflict = findConflict(stored, { from, to }, followRenames(before, from));
    if (conflict) {
      report(conflict.code, ['renames', index, conflict.at], conflict.message);
      return [];
    }
    const fact = stored.home.get(refKey(from));
    if (fact) renamedFrom.set(refKey(finalName), fact);
    renamed.set(refKey(from), finalName);
    for (const [old, target] of renamed) if (refKey(target) === refKey(from)) renamed.set(old, finalName);
    return [{ from, to }];
  });
}

/** True if the store already has the fact under a later id. */
function isAlreadyRenamed({ renamed }: StoredState, from: Reference, laterNames: Reference[]): boolean {
  const currentName = renamed.get(refKey(from));
  return (
    currentName !== undefined &&
    laterNames.some((to) => refKey(renamed.get(refKey(to)) ?? to) === refKey(currentName))
  );
}

/** Finds the problem that prevents a rename, or returns null. */
function findConflict(
  { home, identities, renamed }: StoredState,
  { from, to }: Rename,
  earlier: Reference[],
) {
  const [fromKey, toKey] = [refKey(from), refKey(to)];
  const isNew = !home.has(fromKey) && !identities.has(fromKey);
  // A store that sees the dossier for the first time learns the ids that its facts had elsewhere; any other
  // store, the ids that a fact has had since the last import.
  const isNewToStore =
    isNew && (home.size === 0 || earlier.map(refKey).some((key) => home.has(key) || renamed.has(key)));
  if (!isNewToStore && home.get(fromKey)?.retracted !== null) {
    const message = `${fromKey} is not a fact of this dossier${formatHomeNote({ home, identities }, from)}`;
    return { code: 'unknown-reference', at: 'from', message } as const;
  }
  if (home.has(toKey) || (identities.has(toKey) && home.size > 0)) {
    const message = `the id ${toKey} is or was already in use${formatHomeNote({ home, identities }, to)}`;
    return { code: 'renamed-fact', at: 'to', message } as const;
  }
  return null;
}

/** Indexes renames in both directions. Validation ensures that no two of them lead to the same id. */
function indexRenames(renames: Rename[]) {
  return {
    next: new Map(renames.map(({ from, to }) => [refKey(from), to])),
    before: new Map(renames.map(({ from, to }) => [refKey(to), from])),
  };
}

/** Lists the ids that the steps lead to. They form no cycle: only the last id is defined by the dossier. */
function followRenames(steps: ReadonlyMap<string, Reference>, first: Reference): Reference[] {
  const chain: Reference[] = [];
  for (let current = steps.get(refKey(first)); current; current = steps.get(refKey(current)))
    chain.push(current);
  return chain;
}
