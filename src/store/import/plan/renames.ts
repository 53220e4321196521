/** Facts that get another id, in one step or in several since the store last heard of them. */
import type { Rename } from '../../../dossier/validate.ts';
import { refKey } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import { formatHomeNote, type ImportPlan, type PlanContext, type StoredState } from './context.ts';

/** The renames that are still to be done; it notes which facts they move. */
export function planRenames(context: PlanContext): ImportPlan['renames'] {
  const { dossier, stored, renamed, renamedFrom, report } = context;
  const { next, before } = indexRenames(dossier.renames);
  return dossier.renames.flatMap(({ from, to }, index) => {
    const laterNames = [to, ...followRenames(next, to)];
    const finalName = laterNames.at(-1) ?? to;
    // What was withdrawn since, the check lets stay listed.
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

/** Whether the store has the fact under a later id already. */
function isAlreadyRenamed({ renamed }: StoredState, from: Reference, laterNames: Reference[]): boolean {
  const currentName = renamed.get(refKey(from));
  return (
    currentName !== undefined &&
    laterNames.some((to) => refKey(renamed.get(refKey(to)) ?? to) === refKey(currentName))
  );
}

/** Why a rename cannot be done, if so. */
function findConflict(
  { home, identities, renamed }: StoredState,
  { from, to }: Rename,
  earlier: Reference[],
) {
  const [fromKey, toKey] = [refKey(from), refKey(to)];
  const isNew = !home.has(fromKey) && !identities.has(fromKey);
  // A store that sees the dossier for the first time learns what its facts were called elsewhere; another one, by
  // which names a fact went since it last heard of it.
  const isNewToStore =
    isNew && (home.size === 0 || earlier.map(refKey).some((key) => home.has(key) || renamed.has(key)));
  if (!isNewToStore && home.get(fromKey)?.retracted !== null) {
    const message = `${fromKey} is no fact of this dossier${formatHomeNote({ home, identities }, from)}`;
    return { code: 'unknown-reference', at: 'from', message } as const;
  }
  if (home.has(toKey) || (identities.has(toKey) && home.size > 0)) {
    const message = `there is or was a fact ${toKey} already${formatHomeNote({ home, identities }, to)}`;
    return { code: 'renamed-fact', at: 'to', message } as const;
  }
  return null;
}

/** The steps of a list of renames, forwards and backwards. The check sees to it that no two lead to one id. */
function indexRenames(renames: Rename[]) {
  return {
    next: new Map(renames.map(({ from, to }) => [refKey(from), to])),
    before: new Map(renames.map(({ from, to }) => [refKey(to), from])),
  };
}

/** Where the steps lead to, one after the other. None go round: what is renamed is not given, and the last id is. */
function followRenames(steps: ReadonlyMap<string, Reference>, first: Reference): Reference[] {
  const chain: Reference[] = [];
  for (let current = steps.get(refKey(first)); current; current = steps.get(refKey(current)))
    chain.push(current);
  return chain;
}
