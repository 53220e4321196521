/** Facts that get another id, in one step or in several since the store last heard of them. */
import type { Renaming } from '../../../dossier/validate.ts';
import { keyOf } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import { elsewhere, type Held, type Plan, type Planning } from './context.ts';

/** The renames that are still to be done; it notes which facts they move. */
export function planRenames(planning: Planning): Plan['renames'] {
  const { dossier, held, renamed, moved, report } = planning;
  const { next, before } = stepsOf(dossier.renames);
  return dossier.renames.flatMap(({ from, to }, index) => {
    const later = [to, ...followed(next, to)];
    const end = later.at(-1) ?? to;
    // What was withdrawn since, the check lets stay listed.
    if (isDone(held, from, later) || !planning.given.has(keyOf(end))) return [];
    const refusal = refusalOf(held, { from, to }, followed(before, from));
    if (refusal) {
      report(refusal.code, ['renames', index, refusal.at], refusal.message);
      return [];
    }
    const fact = held.home.get(keyOf(from));
    if (fact) moved.set(keyOf(end), fact);
    renamed.set(keyOf(from), end);
    for (const [old, target] of renamed) if (keyOf(target) === keyOf(from)) renamed.set(old, end);
    return [{ from, to }];
  });
}

/** Whether the store has the fact under a later id already. */
function isDone({ renamed }: Held, from: Reference, later: Reference[]): boolean {
  const known = renamed.get(keyOf(from));
  return known !== undefined && later.some((to) => keyOf(renamed.get(keyOf(to)) ?? to) === keyOf(known));
}

/** Why a rename cannot be done, if so. */
function refusalOf({ home, identities, renamed }: Held, { from, to }: Renaming, earlier: Reference[]) {
  const [before, after] = [keyOf(from), keyOf(to)];
  const isNew = !home.has(before) && !identities.has(before);
  // A store that sees the dossier for the first time learns what its facts were called elsewhere; another one, by
  // which names a fact went since it last heard of it.
  const isNews =
    isNew && (home.size === 0 || earlier.map(keyOf).some((key) => home.has(key) || renamed.has(key)));
  if (!isNews && home.get(before)?.retracted !== null) {
    const message = `${before} is no fact of this dossier${elsewhere({ home, identities }, from)}`;
    return { code: 'unknown-reference', at: 'from', message } as const;
  }
  if (home.has(after) || (identities.has(after) && home.size > 0)) {
    const message = `there is or was a fact ${after} already${elsewhere({ home, identities }, to)}`;
    return { code: 'renamed-fact', at: 'to', message } as const;
  }
  return null;
}

/** The steps of a list of renames, forwards and backwards. The check sees to it that no two lead to one id. */
function stepsOf(renames: Renaming[]) {
  return {
    next: new Map(renames.map(({ from, to }) => [keyOf(from), to])),
    before: new Map(renames.map(({ from, to }) => [keyOf(to), from])),
  };
}

/** Where the steps lead to, one after the other. None go round: what is renamed is not given, and the last id is. */
function followed(steps: ReadonlyMap<string, Reference>, first: Reference): Reference[] {
  const found: Reference[] = [];
  for (let at = steps.get(keyOf(first)); at; at = steps.get(keyOf(at))) found.push(at);
  return found;
}
